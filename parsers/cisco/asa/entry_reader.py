"""Reads access list entries against the definitions of one configuration."""

from __future__ import annotations

from collections.abc import Callable

from parsers.cisco.asa.address_slot import AddressSlot
from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.asa.entry import Clause, Entry
from parsers.cisco.asa.service_groups import ServiceGroups
from parsers.cisco.asa.service_slot import ServiceSlot
from parsers.cisco.asa.services import intersect
from parsers.cisco.asa.values import Unclear
from parsers.cisco.schedules import schedule_of
from parsers.ledger import Ledger
from rulecheck.model.device import Severity
from rulecheck.model.match import ANY_ADDRESS, Condition, Match, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Logging, Schedule

_LEVELS = frozenset(
    (
        *("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"),
        *("disable", "default", "0", "1", "2", "3", "4", "5", "6", "7"),
    )
)


class EntryReader:
    """Reads entries; whatever is not clear makes the entry inexact and is reported."""

    def __init__(self, catalogue: Catalogue, addresses: AddressSlot, services: ServiceGroups, ledger: Ledger) -> None:
        self._catalogue = catalogue
        self._addresses = addresses
        self._slot = ServiceSlot(catalogue, services, addresses)
        self._ledger = ledger
        self._shared: dict[tuple[tuple[str, ...], ...], Services] = {}
        self._schedules: dict[str, Schedule] = {}

    def extended(self, words: tuple[str, ...], line: int, origin: Origin) -> Entry:
        """Read ``protocol source [ports] destination [ports | icmp] [options]``."""
        return self._read(Entry(words, line, origin), self._extended)

    def standard(self, words: tuple[str, ...], line: int, origin: Origin) -> Entry:
        """Read the only address of a standard entry: the ASA compares it with the destination."""
        return self._read(Entry(words, line, origin), self._standard)

    def options_only(self, words: tuple[str, ...], start: int, line: int, origin: Origin) -> Entry:
        """Read what stands behind the operands: logging, inactive, time range."""
        return self._read(Entry(words, line, origin, start), self._options)

    def match(self, entry: Entry) -> Match:
        """Return what the entry matches."""
        conditions = tuple(dict.fromkeys(entry.conditions))
        return Match(entry.source or ANY_ADDRESS, entry.destination, self._services(entry), (), conditions)

    def _services(self, entry: Entry) -> Services | None:
        """Return the service operand; one whose narrowest clause is a definition is shared between entries."""
        if not entry.clauses:
            return None
        if not entry.clauses[-1].shared:
            return _combine(entry.clauses)
        key = tuple(clause.words for clause in entry.clauses)
        if key not in self._shared:
            self._shared[key] = _combine(entry.clauses)
        return self._shared[key]

    def _read(self, entry: Entry, how: Callable[[Entry], None]) -> Entry:
        try:
            how(entry)
        except Unclear as problem:
            self._ledger.report(problem.code, Severity.MEDIUM, entry.line, problem.message, affects_verdicts=True)
            reason = f"a clause was not understood: {problem.message}"
            entry.conditions.append(Condition(f"unclear:{entry.line}", reason, entry.origin))
            entry.inactive = entry.inactive or entry.words[-1:] == ("inactive",)
        return entry

    def _standard(self, entry: Entry) -> None:
        entry.source = ANY_ADDRESS
        entry.destination = self._addresses.read(entry)
        self._options(entry)

    def _extended(self, entry: Entry) -> None:
        self._slot.protocol(entry)
        entry.source = self._addresses.read(entry)
        self._slot.source(entry)
        entry.destination = self._addresses.read(entry)
        self._slot.destination(entry)
        self._options(entry)

    def _options(self, entry: Entry) -> None:
        while word := entry.peek():
            if word == "log":
                self._logging(entry)
            elif word == "inactive":
                entry.position += 1
                entry.inactive = True
            elif word == "time-range":
                entry.position += 1
                self._time_range(entry)
            else:
                raise Unclear("RC602", f"{word} was not expected here")

    def _logging(self, entry: Entry) -> None:
        start = entry.position
        entry.position += 1
        if entry.peek() in _LEVELS:
            entry.position += 1
        if entry.peek() == "interval" and entry.peek(1).isdecimal():
            entry.position += 2
        words = entry.words[start : entry.position]
        entry.logging = None if "disable" in words else Logging(" ".join(words))

    def _time_range(self, entry: Entry) -> None:
        name = entry.take("the name of the time range")
        found = self._catalogue.time_ranges.get(name)
        if found is None:
            message = f"time-range {name} is not defined in this file"
            self._ledger.report("RC603", Severity.LOW, entry.line, message)
        if name not in self._schedules:
            members = found.members if found is not None else []
            self._schedules[name] = schedule_of(name, (member.text for member in members))
        entry.schedule = self._schedules[name]
        entry.uses.append(("time-range", name))
        reason = f"it is only active in time-range {name}"
        entry.conditions.append(Condition(f"time-range:{name}", reason, entry.origin, independent=True))


def _combine(clauses: list[Clause]) -> Services:
    services = clauses[0].services
    for clause in clauses[1:]:
        services = intersect(services, clause.services)
    return Services(" ".join(word for clause in clauses for word in clause.words), services)
