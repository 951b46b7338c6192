"""Time ranges: when one is over for good."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from rulecheck.model.rule import Schedule

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_END = re.compile(r"\bend (\d{1,2}):(\d{2})(?::(\d{2}))? (\d{1,2}) ([a-z]{3})[a-z]* (\d{4})\b", re.IGNORECASE)
_ABSOLUTE = re.compile(r"(?:\d+ )?absolute\b", re.IGNORECASE)


def schedule_of(name: str, lines: Iterable[str]) -> Schedule:
    """Return the schedule that the lines of a ``time-range`` block define.

    A range with absolute times is over when the last of them ends, whatever periods it has besides. One absolute
    time without an end never ends.
    """
    listed = [" ".join(line.split()) for line in lines]
    ends = [_end(line) for line in listed if _ABSOLUTE.match(line)]
    known = [end for end in ends if end is not None]
    return Schedule(name, "; ".join(listed), max(known) if known and len(known) == len(ends) else None)


def _end(line: str) -> datetime | None:
    found = _END.search(line)
    if not found:
        return None
    hour, minute, second, day, month, year = found.groups()
    number = _MONTHS.get(month.lower())
    if number is None:
        return None
    try:
        return datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None
