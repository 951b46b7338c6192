"""A zone pair as policies: one rule for each class, and called lists for what a class matches.

Each criterion of a class is compiled with a target, which is what happens to packets that it matches: the
action of the class, or the next criterion of a ``match-all`` class (a GOTO). An access list becomes a list of
its entries where permit means the target and deny leaves the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsers.cisco.acl.services import single
from parsers.cisco.vocabulary import inspected_services
from parsers.ledger import Ledger
from rulecheck.model.device import Policy, Severity
from rulecheck.model.match import Condition, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, RETURN, Logging, Outcome, Rule, Verb

_FAMILIES = (4, 6)
_KIND = "zone-pair"
_PROTOCOL_AND_ONE = 2
_MAX_DEPTH = 50
_MAX_LISTS = 2_000
"""Bounds for class maps inside class maps; past them a class is not exact."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One ``match`` line of a class map: ``kind`` is its first two words, ``name`` what it names."""

    kind: str
    name: str
    origin: Origin


@dataclass(slots=True)
class ClassMap:
    """A ``class-map type inspect``; without ``any_of`` all criteria must hold."""

    name: str
    any_of: bool
    criteria: list[Criterion] = field(default_factory=list)


@dataclass(slots=True)
class ClassAction:
    """A class of a policy map with its action; without one IOS drops."""

    name: str
    origin: Origin
    outcome: Outcome = DENY
    details: list[str] = field(default_factory=list)
    log: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """What happens to a packet that a criterion matches: an outcome, with the list of a GOTO or CALL."""

    outcome: Outcome
    calls: str | None = None


class PairBuilder:
    """Builds the policies of one zone pair."""

    def __init__(self, pair: str, classes: Mapping[str, ClassMap], lists: Mapping[str, Policy], ledger: Ledger) -> None:
        self._pair = pair
        self._classes = classes
        self._lists = lists
        self._ledger = ledger
        self._called: dict[str, Policy] = {}
        self._built: dict[tuple[str, str, _Target], str] = {}

    def build(self, origin: Origin, where: str, actions: Sequence[ClassAction]) -> list[Policy]:
        """Return the policy of the pair, then the lists that it calls. ``where`` is "SOURCE -> DESTINATION"."""
        rules = [self._class_rule(index, action) for index, action in enumerate(actions)]
        pair = Policy(self._pair, _KIND, tuple(rules), DENY, _FAMILIES, (where,), origin=origin, applied=True)
        return [pair, *self._called.values()]

    def _class_rule(self, index: int, action: ClassAction) -> Rule:
        outcome = action.outcome
        if action.details:
            outcome = Outcome(outcome.verb, (*outcome.details, *action.details))
        rule = self._class(action.name, _Target(outcome), f"{self._pair}/{action.name}", (), action.origin)
        logging = Logging("log") if action.log else None
        return replace(rule, index=index, origin=action.origin, name=action.name, logging=logging)

    def _class(self, name: str, target: _Target, path: str, inside: tuple[str, ...], use: Origin) -> Rule:
        """Return a rule that sends what a class matches to the target."""
        if name == "class-default":
            return _rule(use, Match(), target)
        found = self._classes.get(name)
        if found is None:
            return self._no_class(name, target, use, "RC603", "is not defined")
        if name in inside:
            return self._no_class(name, target, use, "RC604", "contains itself")
        if len(inside) >= _MAX_DEPTH or len(self._built) >= _MAX_LISTS:
            return self._no_class(name, target, use, "RC602", "is nested too deeply")
        if not found.criteria:
            return _rule(use, Match(services=Services("nothing", ())), target)
        if len(found.criteria) == 1:
            return self._criterion(found.criteria[0], target, path, (*inside, name))
        return self._combined(found, target, path, inside, use)

    def _combined(self, found: ClassMap, target: _Target, path: str, inside: tuple[str, ...], use: Origin) -> Rule:
        """Return a rule for a class of several criteria: without lists of its own where one match says it all."""
        services = {one: _services(one) for one in found.criteria}
        tests = [part for part in services.values() if part is not None]
        if found.any_of and len(tests) == len(found.criteria):
            elements = tuple(part for one in tests for part in one)
            label = "protocol " + ", ".join(one.name for one in found.criteria)
            return _rule(use, Match(services=Services(label, elements)), target)
        if not found.any_of and len(tests) == 1 and len(found.criteria) == _PROTOCOL_AND_ONE:
            other, protocol = sorted(found.criteria, key=lambda one: services[one] is not None)
            rule = self._criterion(other, target, path, (*inside, found.name))
            if rule.match == Match():
                return replace(rule, match=Match(services=Services(f"protocol {protocol.name}", tests[0])))
        return self._structured(found, target, path, inside, use)

    def _structured(self, found: ClassMap, target: _Target, path: str, inside: tuple[str, ...], use: Origin) -> Rule:
        """Return a rule for a class that needs lists of its own; equal needs share one list."""
        key = ("class", found.name, target)
        if key not in self._built:
            self._built[key] = self._free_name(path)
            deeper = (*inside, found.name)
            if found.any_of:
                parts = [self._criterion(one, target, path, deeper) for one in found.criteria]
                self._list(self._built[key], parts, use)
            else:
                self._chain(found, target, self._built[key], deeper, use)
        return _rule(use, Match(), _Target(Outcome(Verb.CALL), self._built[key]))

    def _chain(self, found: ClassMap, target: _Target, name: str, inside: tuple[str, ...], use: Origin) -> None:
        """Build a list for each criterion of a match-all class; each one goes to the next."""
        criteria = sorted(found.criteria, key=lambda one: one.kind != "match protocol")
        for number in range(len(criteria) - 1, -1, -1):
            own = name if number == 0 else self._free_name(f"{name}+{number}")
            self._list(own, [self._criterion(criteria[number], target, name, inside)], use)
            target = _Target(Outcome(Verb.GOTO), own)

    def _criterion(self, one: Criterion, target: _Target, path: str, inside: tuple[str, ...]) -> Rule:
        services = _services(one)
        if services is not None:
            return _rule(one.origin, Match(services=Services(f"protocol {one.name}", services)), target)
        if one.kind == "match access-group" and one.name in self._lists and self._lists[one.name].rules:
            return _rule(one.origin, Match(), _Target(Outcome(Verb.CALL), self._access_list(one, target, path)))
        if one.kind == "match class-map":
            return self._class(one.name, target, f"{path}/{one.name}", inside, one.origin)
        reason = f'what "{one.origin.text}" matches is not known'
        if one.kind == "match protocol":
            text = f"the ports of protocol {one.name} are not fixed: the class is not exact"
            self._ledger.report("RC602", Severity.MEDIUM, one.origin.line, text, affects_verdicts=True)
        condition = Condition(f"{one.kind}:{one.name}", reason, one.origin)
        return _rule(one.origin, Match(conditions=(condition,)), target)

    def _access_list(self, one: Criterion, target: _Target, path: str) -> str:
        """Return the name of a list with the access list's entries: permit is the target, deny leaves."""
        key = ("list", one.name, target)
        if key not in self._built:
            written = self._lists[one.name]
            name = self._built[key] = self._free_name(f"{path}/{one.name}")
            rules = tuple(_redirected(rule, target) for rule in written.rules)
            implicit = tuple(_redirected(rule, target) for rule in written.implicit)
            self._called[name] = replace(
                written,
                name=name,
                kind=_KIND,
                rules=rules,
                implicit=implicit,
                default=RETURN,
                families=_FAMILIES,
                applied_to=(),
                scope="",
                entry=False,
                applied=True,
            )
        return self._built[key]

    def _no_class(self, name: str, target: _Target, use: Origin, code: str, why: str) -> Rule:
        text = f"class-map type inspect {name} {why}: the class is not exact"
        self._ledger.report(code, Severity.MEDIUM, use.line, text, affects_verdicts=True)
        condition = Condition(f"class-map:{name}", f"class-map {name} {why}", use)
        return _rule(use, Match(conditions=(condition,)), target)

    def _list(self, name: str, rules: Sequence[Rule], use: Origin) -> None:
        numbered = tuple(replace(rule, index=index) for index, rule in enumerate(rules))
        self._called[name] = Policy(name, _KIND, numbered, RETURN, _FAMILIES, entry=False, origin=use, applied=True)

    def _free_name(self, wanted: str) -> str:
        name, number = wanted, 2
        taken = {*self._called, *self._built.values(), *self._lists}
        while name in taken:
            name, number = f"{wanted}#{number}", number + 1
        return name


def _rule(origin: Origin, match: Match, target: _Target) -> Rule:
    return Rule(0, origin, match, target.outcome, calls=target.calls)


def _redirected(rule: Rule, target: _Target) -> Rule:
    """Return an entry of an access list as a test: permit leads to the target, deny out of the list."""
    if rule.outcome.verb is not Verb.PERMIT:
        return replace(rule, outcome=RETURN)
    return replace(rule, outcome=target.outcome, calls=target.calls)


def _services(one: Criterion) -> tuple[Service, ...] | None:
    """Return the services of a ``match protocol`` whose ports are fixed."""
    pairs = inspected_services(one.name) if one.kind == "match protocol" else None
    if pairs is None:
        return None
    return tuple(
        Service(one.name, one.origin, single(protocol), destination_ports=None if port is None else single(port))
        for protocol, port in pairs
    )
