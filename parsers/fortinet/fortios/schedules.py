"""Schedules: always, never, at times, or until a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.tree import Entry
from rulecheck.model.match import Condition
from rulecheck.model.rule import Schedule

PATHS = ("firewall schedule recurring", "firewall schedule onetime", "firewall schedule group")
RECURRING, ONETIME, GROUP = PATHS

_DAYS = frozenset({"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"})
_MOMENT = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))? (\d{4})/(\d{1,2})/(\d{1,2})\Z")
_EXPIRY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2})\Z")


@dataclass(frozen=True, slots=True)
class Timing:
    """When a rule is active. Without condition it is always; ``never`` it is not at all."""

    schedule: Schedule | None = None
    condition: Condition | None = None
    never: bool = False


ALWAYS = Timing()


class ScheduleBook:
    """Resolves names of schedules."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._found: dict[tuple[str, str], Timing] = {}

    def kind(self, name: str, line: int) -> str | None:
        """Return the section that defines a name, None where none does."""
        found = self._scope.find(name, line, *PATHS)
        return found[0] if found else None

    def timing(self, name: str, line: int) -> Timing:
        """Return when a schedule that is used on a line is active."""
        found = self._scope.find(name, line, *PATHS)
        if found is None:
            return self._built_in(name, line)
        path, entry = found
        key = (path, entry.name)
        if key not in self._found:
            self._found[key] = self._group(entry) if path == GROUP else self._single(path, entry)
        return self._found[key]

    def _built_in(self, name: str, line: int) -> Timing:
        if name == "always":
            return ALWAYS
        if name == "none":
            return Timing(Schedule(name, "never"), never=True)
        self._scope.report("RC603", line, f"the schedule {name[:80]} is not defined in this file")
        return Timing(Schedule(name), self._condition(name, line))

    def _condition(self, name: str, line: int) -> Condition:
        key = self._scope.own_key(f"time-range:{name}")
        return self._scope.condition(key, f"it is only active in schedule {name}", line, independent=True)

    def _single(self, path: str, entry: Entry) -> Timing:
        text = "; ".join(f"{key} {entry.value(key)}" for key in ("start", "end", "day") if key in entry.settings)
        if path == RECURRING:
            return self._recurring(entry, text)
        ends = self._end(entry)
        return Timing(Schedule(entry.name, text, ends), self._condition(entry.name, entry.line))

    def _recurring(self, entry: Entry, text: str) -> Timing:
        days = set(entry.words("day")) - {"none"}
        start, end = entry.value("start", "00:00"), entry.value("end", "00:00")
        if not days:
            return Timing(Schedule(entry.name, "on no day"), never=True)
        if days - _DAYS:
            self._scope.report("RC606", entry.line, f"schedule {entry.name[:80]} has days that are not known")
        elif days == _DAYS and start == end:
            return ALWAYS
        return Timing(Schedule(entry.name, text), self._condition(entry.name, entry.line))

    def _end(self, entry: Entry) -> datetime | None:
        text = entry.value("end")
        found = _MOMENT.match(text)
        try:
            if found:
                hour, minute, second, year, month, day = (int(part or 0) for part in found.groups())
                return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            found = None
        if text:
            self._scope.report(
                "RC606", entry.line, f"the end of schedule {entry.name[:80]} is not a date", decides=False
            )
        return None

    def _group(self, group: Entry) -> Timing:
        line = group.settings["member"].line if "member" in group.settings else group.line
        members = [self._member(name, line) for name in group.words("member")]
        active = [one for one in members if not one.never]
        if any(one.condition is None for one in active):
            return ALWAYS
        if not active:
            return Timing(Schedule(group.name, "none of its members is ever active"), never=True)
        ends = [one.schedule.ends for one in active if one.schedule]
        known = [moment for moment in ends if moment is not None]
        last = max(known) if len(known) == len(active) else None
        return Timing(Schedule(group.name, " ".join(group.words("member")), last), self._condition(group.name, line))

    def _member(self, name: str, line: int) -> Timing:
        if self.kind(name, line) == GROUP:
            self._scope.report("RC606", line, f"schedule group {name[:80]} cannot be a member of a group")
            return Timing(Schedule(name), self._condition(name, line))
        return self.timing(name, line)


def expiry(scope: Scope, entry: Entry) -> Timing:
    """Return the end of a policy that has an expiry date of its own."""
    if not entry.is_on("policy-expiry"):
        return ALWAYS
    line = entry.settings["policy-expiry"].line
    found = _EXPIRY.match(entry.value("policy-expiry-date"))
    ends = None
    if found:
        try:
            year, month, day, hour, minute, second = (int(part) for part in found.groups())
            ends = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            scope.report("RC606", line, "the expiry date of this policy is not a date", decides=False)
    condition = scope.condition(f"policy-expiry, line {entry.line}", "it expires", line, independent=True)
    return Timing(Schedule("policy-expiry", entry.value("policy-expiry-date"), ends), condition)


def combined(one: Timing, two: Timing) -> Iterator[Condition]:
    """Yield the conditions of both."""
    for timing in (one, two):
        if timing.condition is not None:
            yield timing.condition
