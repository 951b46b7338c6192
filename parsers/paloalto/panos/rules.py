"""One entry of a security rulebase as a rule of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.ledger import Ledger
from parsers.paloalto.panos.addresses import AddressResolver
from parsers.paloalto.panos.applications import ApplicationResolver
from parsers.paloalto.panos.catalogue import Catalogue
from parsers.paloalto.panos.layout import Scope
from parsers.paloalto.panos.outcomes import logging_of, outcome_of
from parsers.paloalto.panos.schedules import read_schedule
from parsers.paloalto.panos.services import APPLICATION_DEFAULT, ServiceResolver
from parsers.paloalto.panos.tree import Clauses, Node
from parsers.paloalto.panos.usage import Uses
from parsers.paloalto.panos.zones import Zones
from parsers.redact import redact_text
from rulecheck.model.device import Severity
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.match import Alternative, Condition, Constraint, Match
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Outcome, Rule, Schedule, Verb

_NEEDED = ("from", "source", "destination", "application", "service", "action")
_SHOWN = (
    *("rule-type", "from", "to", "negate-source", "source", "source-user", "negate-destination", "destination"),
    *("application", "service", "category", "source-hip", "destination-hip", "hip-profiles", "schedule", "target"),
    *("disabled", "action"),
)
_READ = frozenset({*_SHOWN, "icmp-unreachable", "profile-setting", "option", "disable-inspect", "qos", "description"})
_HARMLESS = frozenset(
    {"tag", "group-tag", "log-start", "log-end", "log-setting", "uuid", "audit-comment", "panorama-uuid"}
)
_KNOWN = _READ | _HARMLESS
_HIP = ("hip-profiles", "source-hip", "destination-hip")
_OUTSIDE = {
    "source-imsi": "the subscriber identity",
    "source-imei": "the equipment identity",
    "source-nw-slice": "the network slice",
    "source-device": "the source device",
    "destination-device": "the destination device",
    "saas-user-list": "the SaaS user list",
    "saas-tenant-list": "the SaaS tenant list",
}
_TYPES = ("universal", "intrazone", "interzone")
_YES = "yes"

_NO_USER = ("unknown", "pre-logon")
_SOME_USER = DOMAIN[Field.USER] - name_set(*_NO_USER)
_SOME_URL = DOMAIN[Field.URL_CATEGORY] - name_set("none")


@dataclass
class Tools:
    """What every rule of a configuration is read with."""

    file: str
    ledger: Ledger
    catalogue: Catalogue
    addresses: AddressResolver
    services: ServiceResolver
    applications: ApplicationResolver
    zones: Zones
    uses: Uses
    schedules: dict[tuple[Scope, str], Schedule] = field(default_factory=dict)


class RuleReader:
    """Reads one entry. Names are looked up in ``scope``."""

    def __init__(self, tools: Tools, scope: Scope, node: Node, policy: str, index: int) -> None:
        self._tools = tools
        self._scope = scope
        self._node = node
        self._place = (policy, index)
        self._clauses = Clauses(node)
        self._parts = self._clauses.parts
        self._conditions: list[Condition] = []
        self._constraints: list[Constraint] = []
        self._choices: list[tuple[Alternative, ...]] = []

    def read(self) -> Rule:
        """Return the rule; what is not understood makes it inexact and is reported."""
        node = self._node
        self._check_clauses()
        self._zones()
        self._users()
        self._categories()
        self._hip()
        self._target()
        schedule = self._schedule()
        match = self._match()
        return Rule(
            index=self._place[1],
            origin=Origin(self._tools.file, node.line, self._text()),
            match=match,
            outcome=self._outcome(),
            name=node.key or None,
            enabled=not self._flag("disabled"),
            disabled_because="disabled" if self._flag("disabled") else "",
            schedule=schedule,
            logging=logging_of(self._clauses),
            description=redact_text(self._clauses.word("description")),
        )

    def _flag(self, key: str) -> bool:
        return self._clauses.word(key) == _YES

    def _inexact(self, line: int, message: str, reason: str, *, code: str = "RC602") -> None:
        """Report a clause and make the rule inexact in a way that no other rule shares."""
        self._tools.ledger.report(code, Severity.MEDIUM, line, message, affects_verdicts=True)
        origin = Origin(self._tools.file, line, reason)
        self._conditions.append(Condition(f"clause:{line}:{reason}", reason, origin))

    def _check_clauses(self) -> None:
        for key, part in self._parts.items():
            if key in _OUTSIDE:
                self._outside(key)
            elif key not in _KNOWN:
                message = f"the clause {key[:60]!r} of the rule is not understood"
                for line in part.lines():
                    self._tools.ledger.unknown(line, message, affects_verdicts=True)
                self._inexact(part.line, message, f"the clause {key[:60]!r} is not understood")
        needed = _NEEDED if self._clauses.word("rule-type") == "intrazone" else (*_NEEDED, "to")
        missing = ", ".join(key for key in needed if not self._clauses.words(key))
        if missing:
            message = f"the rule says nothing about {missing}; it may be cut off"
            self._inexact(self._node.line, message, f"it says nothing about {missing}")

    def _outside(self, key: str) -> None:
        """A test of something that neither packet nor configuration shows, known by name."""
        names = [name for name in self._clauses.names(key) if name != "any"]
        if names:
            self._either(tuple(Alternative((), (self._test(f"{key}:{n}", f"{_OUTSIDE[key]} {n}"),)) for n in names))

    def _either(self, choice: tuple[Alternative, ...]) -> None:
        """Add a choice; one without constraints that has a single way is a plain condition."""
        if len(choice) == 1:
            self._constraints.extend(choice[0].constraints)
            self._conditions.extend(choice[0].conditions)
        else:
            self._choices.append(choice)

    def _test(self, key: str, subject: str, *, fresh: bool | None = None) -> Condition:
        """Return a test of something that no packet field shows, so that it can come out either way."""
        origin = Origin(self._tools.file, self._node.line, key)
        return Condition(key, f"it tests {subject}", origin, fresh=fresh, independent=True)

    # --- zones, users, URL categories, host information ---

    def _zones(self) -> None:
        kind = self._clauses.word("rule-type") or "universal"
        sources, destinations = self._clauses.names("from"), self._clauses.names("to")
        zones, line = self._tools.zones, self._node.line
        if kind not in _TYPES:
            self._inexact(line, f"the rule type {kind[:40]!r} is not known", "its type is not known")
        if kind == "intrazone":
            if destinations and "any" not in destinations and set(destinations) != set(sources):
                message = "an intrazone rule has other destination zones than source zones"
                self._inexact(line, message, "its destination zones contradict its type")
            destinations = sources
        self._constraints.extend(zones.constraint(Field.SOURCE_ZONE, sources, line))
        self._constraints.extend(zones.constraint(Field.DESTINATION_ZONE, destinations, line))
        if kind == "intrazone" and (len(sources) != 1 or "any" in sources):
            self._choices.append(zones.intrazone(sources, line))
        if kind == "interzone":
            self._choices.append(zones.interzone(sources, destinations, line))

    def _users(self) -> None:
        names = self._clauses.names("source-user")
        if names and "any" not in names:
            self._either(tuple(self._user(name) for name in names))

    def _user(self, name: str) -> Alternative:
        """Return one user or group. Which users a group has is not known; nobody is in one without being known."""
        origin = Origin(self._tools.file, self._node.line, name)
        if name in _NO_USER:
            return Alternative((Constraint(Field.USER, name_set(name), name, origin),))
        known = Constraint(Field.USER, _SOME_USER, name, origin)
        return Alternative((known,), () if name == "known-user" else (self._test(f"user:{name}", f"user {name}"),))

    def _categories(self) -> None:
        names = self._clauses.names("category")
        if names and "any" not in names:
            self._either(tuple(self._category(name) for name in names))

    def _category(self, name: str) -> Alternative:
        origin = Origin(self._tools.file, self._node.line, name)
        some = Constraint(Field.URL_CATEGORY, _SOME_URL, name, origin)
        return Alternative((some,), (self._test(f"url-category:{name}", f"URL category {name}"),))

    def _hip(self) -> None:
        for key in _HIP:
            side = "destination " if key == "destination-hip" else ""
            names = self._clauses.names(key)
            if names and "any" not in names:
                ways = (self._test(f"{side}hip:{name}", f"{side}host profile {name}", fresh=False) for name in names)
                self._either(tuple(Alternative((), (way,)) for way in ways))

    def _target(self) -> None:
        """Panorama installs the rule on some firewalls only."""
        target = self._parts.get("target")
        devices = target.at("devices") if target is not None else None
        if target is None or devices is None:
            return
        negate = target.word("negate") == _YES
        tests = [
            Condition(
                f"firewall:{name}",
                f"it is installed on firewall {name} only" if not negate else f"it is not installed on firewall {name}",
                Origin(self._tools.file, target.line, name),
                holds=not negate,
                independent=True,
            )
            for name in _devices(devices)
        ]
        if negate:
            self._conditions.extend(tests)
        elif tests:
            self._either(tuple(Alternative((), (test,)) for test in tests))

    def _schedule(self) -> Schedule | None:
        name = self._clauses.word("schedule")
        if not name:
            return None
        tools = self._tools
        definition = tools.catalogue.find(self._scope, ("schedule",), name)
        line = self._parts["schedule"].line
        if definition is None:
            message = f"the schedule {name[:60]!r} is not defined"
            tools.ledger.report("RC603", Severity.MEDIUM, line, message, affects_verdicts=True)
        else:
            tools.uses.add(self._place, definition)
        scope = definition.scope.name if definition is not None else ""
        origin = Origin(tools.file, line, name)
        reason = f"it is only active in schedule {name}"
        self._conditions.append(Condition(f"time-range:{scope}/{name}", reason, origin, independent=True))
        return read_schedule(name, definition.node if definition is not None else None)

    # --- addresses, services, applications ---

    def _match(self) -> Match:
        tools, scope = self._tools, self._scope
        tools.uses.note(self._place, scope, self._clauses)
        services = self._clauses.words("service")
        on_default_ports = any(word.text == APPLICATION_DEFAULT for word in services)
        apps = tools.applications.operand(scope, self._clauses.words("application"), on_default_ports=on_default_ports)
        if apps.constraint is not None:
            self._constraints.append(apps.constraint)
        if apps.choice is not None:
            self._choices.append(apps.choice)
        return Match(
            source=tools.addresses.operand(scope, self._clauses.words("source"), negated=self._flag("negate-source")),
            destination=tools.addresses.operand(
                scope, self._clauses.words("destination"), negated=self._flag("negate-destination")
            ),
            services=tools.services.operand(scope, services),
            constraints=tuple(self._constraints),
            conditions=tuple(self._conditions),
            choices=tuple(self._choices),
        )

    def _outcome(self) -> Outcome:
        found = outcome_of(self._clauses)
        if found is not None:
            return found
        action = self._clauses.word("action")
        if action:
            message = f"the action {action[:40]!r} is not known"
            self._tools.ledger.report(
                "RC602", Severity.MEDIUM, self._parts["action"].line, message, affects_verdicts=True
            )
        return Outcome(Verb.OTHER, (f"action {action[:40]}" if action else "no action",))

    # --- the rule as text ---

    def _text(self) -> str:
        return redact_text(f"{_quoted(self._node.key)}: {' '.join(self._shown())}")

    def _shown(self) -> Iterator[str]:
        for key in _SHOWN:
            words = self._clauses.names(key)
            if key == "target":
                words = (
                    tuple(_devices(devices)) if (devices := self._clauses.at("target", "devices")) is not None else ()
                )
            if not words or (key in ("negate-source", "negate-destination", "disabled") and words == ("no",)):
                continue
            if key in (*_HIP, "source-user", "category") and "any" in words:
                continue
            shown = " ".join(_quoted(word) for word in words)
            yield f"{key} {shown}" if len(words) == 1 else f"{key} [ {shown} ]"


def _devices(node: Node) -> Iterator[str]:
    """Yield the firewalls of a target: serial numbers, with a vsys where it names one."""
    for device in node:
        vsys = device.at("vsys")
        names = [one.text for one in vsys.words()] if vsys is not None else []
        yield from (f"{device.key}/{name}" for name in names) if names else (device.key,)


def _quoted(text: str) -> str:
    return f'"{text}"' if any(one.isspace() for one in text) or not text else text
