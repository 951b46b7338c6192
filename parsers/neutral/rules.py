"""One row of the rule table as a rule of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from parsers.ledger import Ledger
from parsers.neutral.objects import Objects
from parsers.neutral.table import Row
from parsers.neutral.tree import Definition
from parsers.neutral.values import ANY, ANY_PROTOCOL, WITH_PORTS, icmp_type, port, protocol
from parsers.redact import redact_text
from rulecheck.model.device import Severity
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Match, Service, Services
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Hits, Logging, Outcome, Rule, Schedule, Verb

_ACTIONS = {
    **dict.fromkeys(("permit", "allow", "accept", "pass", "allowed", "permitted"), PERMIT),
    **dict.fromkeys(("deny", "drop", "block", "discard", "denied", "blocked"), DENY),
    "reject": Outcome(Verb.REJECT),
}
_YES = frozenset({"yes", "y", "true", "1", "on", "enabled", "enable", "active", "x"})
_NO = frozenset({"no", "n", "false", "0", "off", "disabled", "disable", "inactive"})
_NAMED = {
    "source_zone": Field.SOURCE_ZONE,
    "destination_zone": Field.DESTINATION_ZONE,
    "in_interface": Field.IN_INTERFACE,
    "out_interface": Field.OUT_INTERFACE,
    "application": Field.APPLICATION,
    "user": Field.USER,
}
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d).*)?", re.ASCII)
_ICMP = IntervalSet.points((1, 58))

Reader = Callable[[str], "IntervalSet | None"]
"""Reads one value of a cell."""


def outcome_of(text: str) -> Outcome | None:
    """Return what an action does, None for an unknown one."""
    return _ACTIONS.get(text.strip().lower())


def moment(text: str) -> datetime | None:
    """Return a date, or a date and time, of the device's own clock; a date alone ends with its day."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = (int(found[4]), int(found[5])) if found[4] else (23, 59)
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute)  # noqa: DTZ001 - zone not known
    except ValueError:
        return None


class RuleReader:
    """Turns rows into rules; whatever is not understood makes the rule inexact and is reported with its line."""

    def __init__(self, objects: Objects, ledger: Ledger, schedules: Mapping[str, Definition]) -> None:
        self._objects = objects
        self._ledger = ledger
        self._schedules = schedules

    def rule(self, row: Row, index: int, policy: str) -> Rule:
        """Return the rule of a row: number ``index`` of its policy."""
        origin = self._objects.origin(row.line, row.text)
        for line in range(row.line, row.end + 1):
            self._ledger.understood(line)
        mark = f"{policy}:{index}"
        if row.broken:
            self._ledger.unknown(row.line, f"the rule was not understood: {row.broken}", affects_verdicts=True)
            condition = Condition(f"unclear:{mark}", f"line {row.line} was not understood: {row.broken}", origin)
            outcome = self._outcome(row) if row.cells.get("action") else Outcome(Verb.OTHER, ("not understood",))
            return Rule(index, origin, Match(conditions=(condition,)), outcome)
        conditions: list[Condition] = list(self._unknown(row, mark))
        schedule = self._schedule(row, origin, conditions)
        enabled = self._enabled(row, mark, conditions)
        match = Match(
            self._side(row, "source", mark, conditions),
            self._side(row, "destination", mark, conditions),
            self._services(row, mark, origin, conditions),
            tuple(self._constraints(row, origin)),
            tuple(conditions),
        )
        return Rule(
            index,
            origin,
            match,
            self._outcome(row),
            name=redact_text(_one(row, "name")) or None,
            enabled=enabled,
            disabled_because="" if enabled else "disabled",
            schedule=schedule,
            logging=self._logging(row),
            description=redact_text(" ".join(row.cells.get("description", ()))),
            hits=self._hits(row),
        )

    def _side(self, row: Row, column: str, mark: str, conditions: list[Condition]) -> Addresses:
        values = row.cells.get(column) or []
        if not values:
            conditions.append(self._unclear(row, f"the {column} is empty: write any if it is meant", mark))
            return ANY_ADDRESS
        return (
            ANY_ADDRESS if values[0].lower() == "any" and len(values) == 1 else self._objects.operand(values, row.line)
        )

    def _outcome(self, row: Row) -> Outcome:
        text = _one(row, "action")
        found = outcome_of(text)
        if found is None:
            self._unclear(row, f"the action {redact_text(text) or '(empty)'} is not permit, deny or reject", "")
            return Outcome(Verb.OTHER, (redact_text(text) or "no action",))
        return found

    def _services(self, row: Row, mark: str, origin: Origin, conditions: list[Condition]) -> Services | None:
        named = _restricting(row.cells.get("service", []), ANY)
        by_protocol = self._by_protocol(row, mark, origin, conditions)
        if not named:
            return by_protocol
        if by_protocol is not None:
            conditions.append(
                self._unclear(row, "it has a service as well as a protocol or ports: give one of them", mark)
            )
            return None
        return self._objects.column(named, row.line)

    def _by_protocol(self, row: Row, mark: str, origin: Origin, conditions: list[Condition]) -> Services | None:
        names = _restricting(row.cells.get("protocol", []), ANY_PROTOCOL)
        sides = [_restricting(row.cells.get(column, []), ANY) for column in ("source_port", "destination_port")]
        types = _restricting(row.cells.get("icmp_type", []), ANY)
        if not names and not any(sides) and not types:
            return None
        own = self._union(row, names, protocol, "protocol", mark, conditions)
        ports = [self._union(row, side, port, "port", mark, conditions) for side in sides]
        icmp = self._union(row, types, icmp_type, "ICMP type", mark, conditions)
        label = " ".join(filter(None, ("/".join(names), *(",".join(side) for side in sides), ",".join(types))))
        if own is None:
            if any(sides) or types:
                conditions.append(self._unclear(row, "it has ports or types but no protocol", mark))
                own = WITH_PORTS if any(sides) else _ICMP
            else:
                return None
        if (any(sides) and not own <= WITH_PORTS) or (types and not own <= _ICMP):
            conditions.append(
                self._unclear(row, f"protocol {redact_text('/'.join(names))} has no ports or no types", mark)
            )
            return Services(redact_text(label), (Service(redact_text(label), origin, own),))
        return Services(redact_text(label), (Service(redact_text(label), origin, own, ports[0], ports[1], icmp),))

    def _union(
        self, row: Row, texts: list[str], reader: Reader, what: str, mark: str, conditions: list[Condition]
    ) -> IntervalSet | None:
        """Return the union of what values say; a value that is not understood makes the field unrestricted."""
        found = [reader(text) for text in texts]
        for text, one in zip(texts, found, strict=True):
            if one is None:
                conditions.append(self._unclear(row, f"{redact_text(text)} is no {what}", mark))
        known = [one for one in found if one is not None]
        return IntervalSet.union_of(known) if known and len(known) == len(found) else None

    def _constraints(self, row: Row, origin: Origin) -> Iterator[Constraint]:
        for column, name in _NAMED.items():
            values = _restricting(row.cells.get(column, []), ANY)
            if not values:
                continue
            negated = all(value.startswith("!") for value in values)
            names = name_set(*(value.removeprefix("!").strip() for value in values))
            text = redact_text(", ".join(values))
            yield Constraint(name, DOMAIN[name] - names if negated else names, text, origin)

    def _schedule(self, row: Row, origin: Origin, conditions: list[Condition]) -> Schedule | None:
        name, expires = redact_text(_one(row, "schedule")), _one(row, "expires")
        if name.lower() in ("always", "any"):
            name = ""
        ends = moment(expires) if expires else None
        if expires and ends is None:
            conditions.append(self._unclear(row, f"{redact_text(expires)} is no date like 2027-12-31", expires))
        if not name and ends is None:
            return None
        if name:
            reason = f"it is only active in time range {name}"
            conditions.append(Condition(f"time-range:{name}", reason, origin, independent=True))
        if ends is not None:
            key = f"time-range:until {ends:%Y-%m-%d %H:%M}"
            conditions.append(
                Condition(key, f"it is only active until {ends:%Y-%m-%d %H:%M}", origin, independent=True)
            )
        defined = self._schedules.get(_one(row, "schedule"))
        if defined is None:
            return Schedule(name or "expires", f"until {expires}" if ends else "", ends)
        text, last = described(defined)
        known = [one for one in (ends, last) if one is not None]
        return Schedule(name, text, min(known) if known else None)

    def _enabled(self, row: Row, mark: str, conditions: list[Condition]) -> bool:
        for column, when in (("enabled", True), ("disabled", False)):
            word = _one(row, column).lower()
            if word in _YES | _NO:
                if (word in _YES) is not when:
                    return False
            elif word:
                condition = self._unclear(row, f"{redact_text(word)} in column {column} is neither yes nor no", mark)
                conditions.append(condition)
        return True

    def _logging(self, row: Row) -> Logging | None:
        text = redact_text(_one(row, "log"))
        return (
            Logging(text if text.lower() not in _YES else "log")
            if text and text.lower() not in _NO | {"none"}
            else None
        )

    def _hits(self, row: Row) -> Hits | None:
        text = _one(row, "hits").replace(" ", "").replace("'", "")
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) <= 18:
            return Hits(int(text))
        self._ledger.report("RC606", Severity.LOW, row.line, f"{redact_text(text)} is no number of hits")
        return None

    def _unknown(self, row: Row, mark: str) -> Iterator[Condition]:
        for name, value in row.unknown.items():
            reason = f"what {value} in column {name} means is not known"
            yield Condition(f"column:{mark}:{name}", reason, self._objects.origin(row.line, f"{name} {value}"))

    def _unclear(self, row: Row, problem: str, mark: str) -> Condition:
        return self._objects.unclear("RC606", row.line, problem, f"unclear:{mark}:{problem}")


def described(definition: Definition) -> tuple[str, datetime | None]:
    """Return the text of a schedule's definition, and when it ends for good if it says so."""
    ends = None
    words = []
    for text, _ in definition.values:
        key, _, value = text.partition("=")
        if key in ("ends", "end", "until", "expires"):
            ends = moment(value)
        words.append(value if key in ("text", "description") else text.replace("=", " "))
    return redact_text(", ".join(words)), ends


def _one(row: Row, column: str) -> str:
    return " ".join(row.cells.get(column, ()))


def _restricting(values: list[str], everything: frozenset[str]) -> list[str]:
    """Return the values of a cell, none where one of them is any."""
    return [] if any(value.lower() in everything for value in values) else values
