"""Schedules: what they say, and when they end for good."""

from __future__ import annotations

from datetime import datetime

from parsers.paloalto.panos.tree import Node
from rulecheck.model.rule import Schedule

_FORMAT = "%Y/%m/%d@%H:%M"


def read_schedule(name: str, node: Node | None) -> Schedule:
    """Return a schedule; ``node`` is its definition, None where there is none."""
    if node is None:
        return Schedule(name)
    kind = node.at("schedule-type")
    kind = kind if kind is not None else node
    once = kind.at("non-recurring")
    if once is not None:
        spans = [word.text for word in once.words()]
        return Schedule(name, f"once {', '.join(spans)}", _last_end(spans))
    return Schedule(name, " ".join(_recurring(kind.at("recurring"))))


def _recurring(node: Node | None) -> list[str]:
    if node is None:
        return []
    daily = node.at("daily")
    if daily is not None:
        return ["daily", ", ".join(word.text for word in daily.words())]
    weekly = node.at("weekly")
    days = [f"{day.key} {', '.join(word.text for word in day.words())}" for day in weekly or ()]
    return ["weekly", "; ".join(days)]


def _last_end(spans: list[str]) -> datetime | None:
    """Return the end of the last span, None where any of them cannot be read."""
    ends: list[datetime] = []
    for span in spans:
        try:
            ends.append(datetime.strptime(span.partition("-")[2].strip(), _FORMAT))  # noqa: DTZ007
        except ValueError:
            return None
    return max(ends, default=None)
