"""Time objects: when a rule is active, and when it is over for good."""

from __future__ import annotations

import re
from datetime import datetime

from parsers.checkpoint.catalogue import Item, cells, shown_name
from parsers.json_text import JsonNode
from rulecheck.model.rule import Schedule

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?")
_DATE = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


def schedule(items: list[Item]) -> Schedule:
    """Return the times of a rule as one schedule; it is over when the last of them is."""
    name = ", ".join(shown_name(one, one.uid) for one in items)
    ends = [_end(one.node) for one in items]
    known = [one for one in ends if one is not None]
    text = "; ".join(filter(None, (_words(one.node) for one in items)))
    return Schedule(name, text, max(known) if known and len(known) == len(ends) else None)


def _end(node: JsonNode | None) -> datetime | None:
    if node is None or node.flag("end-never") or node.get("end") is None:
        return None
    return _moment(node.get("end"))


def _moment(node: JsonNode | None) -> datetime | None:
    """Return a point in time of the gateway's own clock."""
    if node is None:
        return None
    if found := _ISO.match(node.text("iso-8601") or ""):
        return _datetime(*(int(part or 0) for part in found.groups()))
    if found := _DATE.match(node.text("date") or ""):
        month = _MONTHS.get(found[2].lower(), 0)
        clock = _TIME.match(node.text("time") or "")
        hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
        return _datetime(int(found[3]), month, int(found[1]), hour, minute)
    return None


def _datetime(year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the gateway's local time, zone not known
    except ValueError:
        return None


def _words(node: JsonNode | None) -> str:
    if node is None:
        return ""
    parts = []
    for key, flag in (("start", "start-now"), ("end", "end-never")):
        moment = None if node.flag(flag) else _moment(node.get(key))
        if moment is not None:
            parts.append(f"{key} {moment:%Y-%m-%d %H:%M}")
    days = node.at("recurrence", "weekdays")
    parts.extend(str(day.value) for day in cells(days) if isinstance(day.value, str))
    hours = [one for one in cells(node.get("hours-ranges")) if one.flag("enabled") is not False]
    parts.extend(f"{one.text('from')} to {one.text('to')}" for one in hours if one.text("from") and one.text("to"))
    return " ".join(parts)
