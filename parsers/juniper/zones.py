"""Security policies of one system: zone pairs, then global policies, then the default.

A packet between two zones meets the policies of its zone pair, then the global ones, then the default policy. Without
global policies every zone pair is a plain list. With them each pair's list goes on to the list ``global``; packets of
all other pairs come to it through ``other zone pairs``.

Traffic from and to the device itself (zone junos-host) is permitted where no policy says otherwise, and global
policies concern it only where they name the zone.

Source: Juniper "Security Policies User Guide", chapters "Security Policies Overview", "Global Security Policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.juniper.books import Books
from parsers.juniper.facts import Facts
from parsers.juniper.schedules import Schedules
from parsers.juniper.services import Applications
from parsers.juniper.tree import Node
from parsers.juniper.words import words
from parsers.juniper.zone_rules import ZoneRules, Zones
from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.match import Condition, Constraint, Match
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Verb

HOST = "junos-host"
GLOBAL = "global"
OTHERS = "other zone pairs"

_IGNORED = words(
    """policy-rematch policy-stats pre-id-default-policy traceoptions unified-policy
    unified-policy-explicit-match utm-policy-match global-policy-match stateful-firewall-rule
    alarm-without-drop-count"""
)
_DEFAULTS = {"permit-all": PERMIT, "deny-all": DENY}


@dataclass(frozen=True, slots=True)
class Pair:
    """The policies from one zone to another. ``off`` says why the whole list is switched off."""

    source: Node
    destination: Node
    policies: tuple[Node, ...]
    off: str

    @property
    def name(self) -> str:
        """The name of the list."""
        return f"{self.source.word} to {self.destination.word}"

    @property
    def to_device(self) -> bool:
        """Whether it is about traffic to or from the device itself."""
        return HOST in (self.source.word, self.destination.word)


class SecurityPolicies:
    """Reads the policies of one system."""

    def __init__(self, facts: Facts, books: Books, applications: Applications, schedules: Schedules) -> None:
        self._facts = facts
        self._books = books
        self._rules = ZoneRules(facts, books, applications, schedules, self._named_zones)
        self._defined: set[str] | None = None
        self._host_named = False
        self._default = DENY

    def read(self, security: Node) -> tuple[Policy, ...]:
        """Return the policies below ``security`` in the order in which they are looked up."""
        self._defined = self._read_zones(security)
        node = security.get("policies")
        if node is None:
            return ()
        pairs, shared = [], []
        for one in node.children.values():
            if one.word == "from-zone":
                pairs = list(self._pairs(one))
            elif one.word == GLOBAL:
                shared = self._global_nodes(one)
            elif one.word == "default-policy":
                self._default_policy(one)
            elif one.word in _IGNORED or not one.active:
                one.skip()
            else:
                one.reject()
        return tuple(self._policies(pairs, shared))

    def _read_zones(self, security: Node) -> set[str] | None:
        """Return the names of the zones, None where the input does not have them."""
        found = security.find("zones")
        if found is None:
            return None
        names: set[str] = {HOST}
        for one in found.live():
            if one.word not in ("security-zone", "functional-zone"):
                one.skip()
                continue
            one.take()
            for zone in one.values():
                names.add(zone.word)
                self._read_zone(zone)
        return names

    def _read_zone(self, zone: Node) -> None:
        for one in zone.live():
            if one.word == "interfaces":
                one.take(whole=True)
            elif one.word != "address-book":
                one.skip()

    def _pairs(self, node: Node) -> Iterator[Pair]:
        node.take()
        for source in node.children.values():
            source.take()
            for to in source.children.values():
                if to.word != "to-zone":
                    to.reject()
                    continue
                to.take()
                for destination in to.children.values():
                    yield self._pair(source, destination)

    def _pair(self, source: Node, destination: Node) -> Pair:
        """Read one pair. An inactive word anywhere on the way switches the whole list off."""
        destination.take()
        way = [destination]
        while way[-1].parent is not None and way[-1].parent.word != "security":
            way.append(way[-1].parent)
        off = "" if all(one.active for one in way) else "deactivated with its zone pair"
        policies: list[Node] = []
        for one in destination.children.values():
            if one.word == "policy":
                one.take()
                policies.extend(one.children.values())
                off = off if one.active else "deactivated with its zone pair"
            elif one.word not in ("apply-groups", "apply-groups-except"):
                one.reject()
        if off:
            destination.take(whole=True)
        for zone in (source, destination):
            if self._defined is not None and zone.word not in self._defined:
                self._facts.undefined(zone, f"the zone {zone.word} is not defined")
        return Pair(source, destination, tuple(policies), off)

    def _global_nodes(self, node: Node) -> list[tuple[Node, str]]:
        node.take()
        off = "" if node.active else "deactivated with the global policies"
        found: list[tuple[Node, str]] = []
        for one in node.children.values():
            if one.word == "policy":
                one.take()
                found.extend((each, off) for each in one.children.values())
            elif one.word not in ("apply-groups", "apply-groups-except"):
                one.reject()
        return found

    def _default_policy(self, node: Node) -> None:
        value = node.value() if node.active else None
        node.take(whole=not node.active)
        if value is None:
            return
        if value.word in _DEFAULTS:
            self._default = _DEFAULTS[value.word]
        else:
            self._facts.malformed(value, "the default policy is neither permit-all nor deny-all")

    def _policies(self, pairs: list[Pair], shared: list[tuple[Node, str]]) -> Iterator[Policy]:
        self._host_named = any(self._names_host(node) for node, off in shared if not off and node.active)
        has_global = any(not off and node.active for node, off in shared)
        for pair in pairs:
            yield self._zone_pair(pair, calls=has_global and (self._host_named or not pair.to_device))
        if shared:
            yield self._global(shared, called=has_global)
        if has_global:
            yield self._dispatch([pair for pair in pairs if self._has_rules(pair)])

    def _has_rules(self, pair: Pair) -> bool:
        return not pair.off and any(one.active for one in pair.policies)

    def _names_host(self, node: Node) -> bool:
        match = node.children.get("match")
        if match is None:
            return False
        zones = (match.children.get(word) for word in ("from-zone", "to-zone"))
        return any(zone is not None and HOST in zone.children for zone in zones)

    def _default_for(self, pair: Pair) -> Outcome:
        return PERMIT if pair.to_device else self._default

    def _zone_pair(self, pair: Pair, *, calls: bool) -> Policy:
        constraints = self._pair_constraints(pair) if calls else ()
        books = (self._books.for_zone(pair.source.word), self._books.for_zone(pair.destination.word))
        zones = Zones(*books, constraints, self._doubtful_zones(pair))
        rules = tuple(
            self._rules.rule(node, index, pair.name, zones, pair.off) for index, node in enumerate(pair.policies)
        )
        origin = self._facts.origin(pair.destination, f"from-zone {pair.source.word} to-zone {pair.destination.word}")
        implicit = (_passing(len(rules), constraints, origin, "then the global policies"),) if calls else ()
        return Policy(
            pair.name,
            "zone-pair",
            rules,
            self._default_for(pair),
            applied_to=(f"from zone {pair.source.word} to zone {pair.destination.word}",),
            implicit=implicit,
            origin=origin,
            applied=self._applied(pair),
        )

    def _doubtful_zones(self, pair: Pair) -> tuple[Condition, ...]:
        """A pair with the zone ``any`` is no pair of zones: when it is looked up is not documented."""
        doubtful = [zone for zone in (pair.source, pair.destination) if zone.word == "any"]
        message = "when the policies of the zone any are looked up is not known"
        return tuple(self._facts.doubt(zone, message) for zone in doubtful)

    def _applied(self, pair: Pair) -> bool | None:
        if pair.off:
            return False
        return None if self._defined is None else {pair.source.word, pair.destination.word} <= self._defined

    def _pair_constraints(self, pair: Pair) -> tuple[Constraint, ...]:
        return tuple(
            Constraint(field, name_set(zone.word), f"{word} {zone.word}", self._facts.origin(zone))
            for field, word, zone in (
                (Field.SOURCE_ZONE, "from-zone", pair.source),
                (Field.DESTINATION_ZONE, "to-zone", pair.destination),
            )
            if zone.word != "any"
        )

    def _named_zones(self, field: Field, nodes: list[Node]) -> Constraint | None:
        """Return the constraint for the zones that a global policy names; None for all of them."""
        words = [one.word for one in nodes]
        if not words or "any" in words:
            return None
        for one in nodes:
            if self._defined is not None and one.word not in self._defined:
                self._facts.undefined(one, f"the zone {one.word} is not defined")
        return Constraint(field, name_set(*words), " ".join(words), self._facts.origin(nodes[0]))

    def _global(self, shared: list[tuple[Node, str]], *, called: bool) -> Policy:
        books = self._books.shared()
        rules = []
        for index, (node, off) in enumerate(shared):
            rule = self._rules.rule(node, index, GLOBAL, Zones(books, books), off)
            rules.append(self._without_host(rule) if self._host_named else rule)
        origin = self._facts.line_origin(shared[0][0])
        default = RETURN if called else self._default
        return Policy(
            GLOBAL,
            "global policies",
            tuple(rules),
            default,
            applied_to=("all zones",),
            entry=not called,
            origin=origin,
            applied=called,
        )

    def _without_host(self, rule: Rule) -> Rule:
        """A global policy concerns the device itself only where it names the zone junos-host."""
        named = {one.field for one in rule.match.constraints}
        more = tuple(
            Constraint(field, DOMAIN[field] - name_set(HOST), f"not {HOST}", rule.origin)
            for field in (Field.SOURCE_ZONE, Field.DESTINATION_ZONE)
            if field not in named
        )
        return replace(rule, match=replace(rule.match, constraints=(*rule.match.constraints, *more)))

    def _dispatch(self, pairs: list[Pair]) -> Policy:
        """Return the way into the global policies for packets of zone pairs without policies of their own."""
        origin = Origin(self._facts.file, 0, "zone pairs without policies of their own")
        by_source: dict[str, list[str]] = {}
        for pair in pairs:
            by_source.setdefault(pair.source.word, []).append(pair.destination.word)
        implicit = [
            _implicit(number, _zones(source, targets, origin), RETURN, origin)
            for number, (source, targets) in enumerate(by_source.items())
        ]
        if self._host_named:
            implicit.append(_passing(len(implicit), (), origin, "the global policies", Verb.CALL))
        host = [_implicit(len(implicit) + i, one, PERMIT, origin) for i, one in enumerate(_device_itself(origin))]
        implicit.extend(host)
        if not self._host_named:
            implicit.append(_passing(len(implicit), (), origin, "the global policies"))
        return Policy(OTHERS, "dispatch", (), self._default, (4, 6), ("all other zone pairs",), tuple(implicit))


def _zones(source: str, targets: list[str], origin: Origin) -> tuple[Constraint, ...]:
    found = []
    if source != "any":
        found.append(Constraint(Field.SOURCE_ZONE, name_set(source), source, origin))
    if "any" not in targets:
        found.append(Constraint(Field.DESTINATION_ZONE, name_set(*targets), " ".join(targets), origin))
    return tuple(found)


def _device_itself(origin: Origin) -> Iterator[tuple[Constraint, ...]]:
    """Yield the two zone constraints of traffic to and from the device itself."""
    for field in (Field.DESTINATION_ZONE, Field.SOURCE_ZONE):
        yield (Constraint(field, name_set(HOST), HOST, origin),)


def _implicit(index: int, constraints: tuple[Constraint, ...], outcome: Outcome, origin: Origin) -> Rule:
    return Rule(index, origin, Match(constraints=constraints), outcome)


def _passing(
    index: int, constraints: tuple[Constraint, ...], origin: Origin, text: str, verb: Verb = Verb.GOTO
) -> Rule:
    place = Origin(origin.file, origin.line, text)
    return Rule(index, place, Match(constraints=constraints), Outcome(verb, (GLOBAL,)), calls=GLOBAL)
