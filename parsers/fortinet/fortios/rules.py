"""Entries of policy tables as rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.fortinet.fortios.interfaces import InterfaceBook
from parsers.fortinet.fortios.operands import Names, OperandBook
from parsers.fortinet.fortios.outcomes import logging_of, outcome_of
from parsers.fortinet.fortios.restrictions import restrictions
from parsers.fortinet.fortios.schedules import ALWAYS, ScheduleBook, Timing, combined, expiry
from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.services import ServiceBook, complement
from parsers.fortinet.fortios.settings import INTERNET_SERVICES, INTERNET_SERVICES_SRC, KNOWN
from parsers.fortinet.fortios.specs import Spec
from parsers.fortinet.fortios.tree import Entry
from parsers.fortinet.fortios.values import multiport, number
from parsers.redact import SHOWN_WIDTH, redact_text, show
from rulecheck.model.device import ObjectUse
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Rule

_MATCH_VIP_BY_DEFAULT = (7, 2, 3)
"""First version in which deny policies match what virtual IPs translated unless they say otherwise."""

_BROKEN_MATTERS = KNOWN - {"comments", "comment", "name", "uuid", "label", "global-label"}


@dataclass(slots=True)
class Books:
    """Everything that resolves names in one VDOM."""

    operands: OperandBook
    services: ServiceBook
    schedules: ScheduleBook
    interfaces: InterfaceBook
    central_nat: bool


class RuleReader:
    """Reads the entries of one table."""

    def __init__(self, scope: Scope, books: Books, spec: Spec, policy: str) -> None:
        self._scope = scope
        self._books = books
        self._spec = spec
        self._policy = policy
        self._services: dict[tuple[tuple[str, ...], bool], tuple[Services | None, tuple[Condition, ...]]] = {}

    def rule(self, entry: Entry, index: int) -> Rule:
        """Return the rule of an entry."""
        conditions = self._unknown(entry)
        outcome, unsure = outcome_of(self._scope, entry, self._spec.kind)
        source, needs = self._side(entry, destination=False)
        destination, more = self._side(entry, destination=True)
        services, others = self._service(entry)
        timing, until = self._timing(entry), expiry(self._scope, entry)
        narrowed, tests = restrictions(self._scope, entry)
        conditions += [*unsure, *needs, *more, *others, *tests, *combined(timing, until)]
        self._note_uses(entry, index)
        status = entry.value("status", "enable")
        match = Match(
            source,
            destination,
            services,
            (*self._interfaces(entry, conditions), *narrowed),
            tuple(dict.fromkeys(conditions)),
        )
        enabled, because = status != "disable", "" if status != "disable" else "status disable"
        if enabled and timing.never:
            enabled, because = False, f"schedule {entry.value('schedule')} is never active"
        return Rule(
            index=index,
            origin=self._origin(entry),
            match=match,
            outcome=outcome,
            name=_name(entry),
            enabled=enabled,
            disabled_because=because,
            schedule=timing.schedule or until.schedule,
            logging=logging_of(entry, self._spec.kind),
            description=redact_text(entry.value("comments") or entry.value("comment")),
        )

    def _origin(self, entry: Entry) -> Origin:
        lines = self._scope.config.lines
        parts = [show(lines[entry.line - 1])]
        width = len(parts[0])
        for line in entry.lines:
            text = lines[line - 1].strip()
            if text.startswith("set uuid "):
                continue
            width += len(text) + 2
            if width > SHOWN_WIDTH:
                parts.append("…")
                break
            parts.append(show(text))
        return Origin(self._scope.config.path, entry.line, "; ".join(parts))

    # --- what was not understood ------------------------------------------------------------------------------

    def _unknown(self, entry: Entry) -> list[Condition]:
        """Report settings that are not known or damaged; each makes the rule inexact."""
        found = []
        for key, setting in entry.settings.items():
            if key not in KNOWN:
                message = f"the setting {key[:60]!r} of a {self._spec.kind} is not known"
            elif setting.broken and key in _BROKEN_MATTERS:
                message = f"the quotes of {key} do not match"
            else:
                continue
            self._scope.report("RC602", setting.line, message)
            found.append(self._unclear(setting.line, message))
        for name, table in entry.nested.items():
            message = f"the table {name[:60]!r} of a {self._spec.kind} is not known"
            self._scope.report("RC602", table.line, message)
            found.append(self._unclear(table.line, message))
        return found

    def _unclear(self, line: int, message: str) -> Condition:
        return self._scope.condition(f"line {line}: {message}", message, line)

    def _missing(self, entry: Entry, what: str) -> Condition:
        message = f"the policy has no {what}"
        self._scope.report("RC602", entry.line, message)
        return self._unclear(entry.line, message)

    # --- addresses --------------------------------------------------------------------------------------------

    def _side(self, entry: Entry, *, destination: bool) -> tuple[Addresses, tuple[Condition, ...]]:
        sides = self._names(entry, destination=destination)
        what = "destination" if destination else "source"
        if not sides:
            if self._spec.kind == "central-snat-map" and destination:
                return ANY_ADDRESS, ()
            return ANY_ADDRESS, (self._missing(entry, f"{what} address"),)
        match_vip = self._match_vip(entry) if destination and self._spec.sees_vips else True
        operand = self._books.operands.operand(
            sides, _line(entry, destination=destination), destination=destination, match_vip=match_vip
        )
        if destination and entry.is_on("match-vip-only"):
            only = self._books.operands.translated(entry.settings["match-vip-only"].line, holds=True)
            return operand.addresses, (*operand.conditions, only)
        return operand.addresses, operand.conditions

    def _names(self, entry: Entry, *, destination: bool) -> dict[int, Names]:
        found: dict[int, Names] = {}
        keys = self._spec.destination if destination else self._spec.source
        for family, candidates in keys.items():
            services = self._internet_services(entry, family, destination=destination)
            if services is not None:
                found[family] = services
                continue
            for key in candidates:
                if entry.words(key):
                    found[family] = Names(tuple(entry.words(key)), entry.is_on(f"{key}-negate"))
                    break
        return found

    def _internet_services(self, entry: Entry, family: int, *, destination: bool) -> Names | None:
        side = "" if destination else "-src"
        stem = f"internet-service{'6' if family == 6 and self._spec.unified else ''}{side}"
        if not entry.is_on(stem):
            return None
        keys = INTERNET_SERVICES if destination else INTERNET_SERVICES_SRC
        prefix = f"{stem}-"
        names = [
            f"custom {word}" if "custom" in key else word
            for key in keys
            if key.startswith(prefix)
            for word in entry.words(key)
        ]
        return Names(tuple(names), entry.is_on(f"{stem}-negate"), "internet-service")

    def _match_vip(self, entry: Entry) -> bool | None:
        """Return whether an ordinary destination also takes what virtual IPs translated; only deny policies can."""
        if self._books.central_nat:
            return True
        if entry.is_on("match-vip-only"):
            return True
        if entry.value("action", "deny") != "deny" and not entry.is_on("match-vip"):
            return False
        if "match-vip" in entry.settings:
            return entry.is_on("match-vip")
        if not self._scope.version:
            return None
        return self._scope.version >= _MATCH_VIP_BY_DEFAULT

    # --- services, interfaces, time -------------------------------------------------------------------------------

    def _service(self, entry: Entry) -> tuple[Services | None, tuple[Condition, ...]]:
        if self._spec.kind == "central-snat-map":
            return self._nat_service(entry)
        if entry.is_on("internet-service") or entry.is_on("internet-service6"):
            return None, ()
        names = tuple(entry.words("service"))
        if not names:
            if self._spec.kind == "security-policy":
                reason = "it takes the default ports of its applications"
                key = "default ports: " + " ".join(sorted(entry.words("application")))
                return None, (self._scope.condition(key, reason, entry.line),)
            return None, (self._missing(entry, "service"),)
        wanted = (names, entry.is_on("service-negate"))
        if wanted not in self._services:
            self._services[wanted] = self._resolved(names, entry, negated=wanted[1])
        return self._services[wanted]

    def _resolved(
        self, names: tuple[str, ...], entry: Entry, *, negated: bool
    ) -> tuple[Services | None, tuple[Condition, ...]]:
        line = entry.settings["service"].line
        listed = [one for name in names for one in self._books.services.services(name, line)]
        label = ", ".join(names)
        if not negated:
            return (None if any(_is_everything(one) for one in listed) else Services(label, tuple(listed))), ()
        rest = complement(listed, self._scope.origin(line))
        if rest is None:
            key = f"negated services:{self._scope.own_key(label)}"
            return None, (self._scope.condition(key, "a negated list of services that is not known", line),)
        return Services(f"not {label}", rest), ()

    def _nat_service(self, entry: Entry) -> tuple[Services | None, tuple[Condition, ...]]:
        """Return protocol and ports of a rule of the central source NAT table."""
        try:
            which = number(entry.value("protocol", "0") or "0", 255, "protocol")
            source, destination = (self._nat_ports(entry, key) for key in ("orig-port", "dst-port"))
        except ValueError as error:
            self._scope.report("RC606", entry.line, str(error))
            return None, (self._unclear(entry.line, str(error)),)
        if not which:
            return None, ()
        ports = which in (6, 17, 132)
        service = Service(
            f"protocol {which}",
            self._scope.origin(entry.line),
            IntervalSet.points([which]),
            source if ports else None,
            destination if ports else None,
        )
        return Services(service.text, (service,)), ()

    def _nat_ports(self, entry: Entry, key: str) -> IntervalSet | None:
        text = entry.value(key)
        return None if text in ("", "0", "0-0") else multiport(text)

    def _interfaces(self, entry: Entry, conditions: list[Condition]) -> tuple[Constraint, ...]:
        found = []
        for field, key in self._spec.interfaces.items():
            names = tuple(entry.words(key))
            if not names:
                conditions.append(self._missing(entry, key))
                continue
            line = entry.settings[key].line
            values = self._books.interfaces.values(names, line)
            if values is not None:
                found.append(Constraint(field, values, f"{key} {' '.join(names)}", self._scope.origin(line)))
        return tuple(found)

    def _timing(self, entry: Entry) -> Timing:
        name = entry.value("schedule")
        return self._books.schedules.timing(name, entry.settings["schedule"].line) if name else ALWAYS

    # --- objects ----------------------------------------------------------------------------------------------------

    def _note_uses(self, entry: Entry, index: int) -> None:
        for kind, name in dict.fromkeys(self._used(entry)):
            known = self._scope.find(name, entry.line, kind)
            current = known[1].name if known else name
            short = kind.removeprefix("firewall ")
            self._scope.uses.append(ObjectUse(self._policy, index, short, f"{self._scope.prefix}{current}"))

    def _used(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield the section and name of every object that an entry names."""
        books, line = self._books, entry.line
        for family, keys in (*self._spec.source.items(), *self._spec.destination.items()):
            addresses, vips = books.operands.books[family], books.operands.vips[family]
            for name in _all_words(entry, keys):
                yield addresses.kind(name, line) or vips.kind(name, line) or addresses.address_path, name
        for name in entry.words("service"):
            yield books.services.kind(name, line) or "firewall service custom", name
        for name in entry.words("schedule"):
            yield books.schedules.kind(name, line) or "firewall schedule recurring", name
        for key, path in _POOLS.items():
            for name in entry.words(key):
                yield path, name
        for name in _all_words(entry, self._spec.interfaces.values()):
            if books.interfaces.zone(name, line):
                yield "system zone", name


def _all_words(entry: Entry, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        yield from entry.words(key)


_POOLS = {
    "poolname": "firewall ippool",
    "poolname6": "firewall ippool6",
    "nat-ippool": "firewall ippool",
    "nat-ippool6": "firewall ippool6",
}


def _line(entry: Entry, *, destination: bool) -> int:
    for key in ("dstaddr", "dstaddr6", "dst-addr") if destination else ("srcaddr", "srcaddr6", "orig-addr"):
        if key in entry.settings:
            return entry.settings[key].line
    return entry.line


def _name(entry: Entry) -> str:
    given = entry.value("name")
    return show(f"{given} (id {entry.name})" if given else f"id {entry.name}")


def _is_everything(service: Service) -> bool:
    return service.condition is None and not service.sets()
