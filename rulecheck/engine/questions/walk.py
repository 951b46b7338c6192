"""One packet's way through the lists: which rules it met, which one decided, and which nearly matched.

Works on the operands as they are written, so that it can say on which of them a rule fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Packet
from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Constraint, Match, Service, on_side
from rulecheck.model.rule import RETURN, Outcome, Rule, Verb

_DEPTH = 200
"""Calls within calls that are followed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One clause that a packet does not satisfy: its field, and the values that the rule asks for there.

    ``field`` None stands for a condition, with its ``reason``.
    """

    field: Field | None
    wanted: IntervalSet
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule that a packet met and that did not match: the fewest clauses that would have to be otherwise."""

    owner: Owner
    rule: Rule
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """A rule that sent the packet on its way: a call, or a rule with a side effect."""

    owner: Owner | None
    rule: Rule


@dataclass(slots=True)
class Way:
    """What a packet met. ``calls`` are the rules that lead to the list of the deciding rule, outermost first.

    ``passed`` are rules with side effects that matched on the way, ``left`` lists that were called and left without a
    decision. ``rule`` None: the default decides. ``ended`` is False where the calls are too deep to follow.
    """

    calls: tuple[Hop, ...] = ()
    passed: list[Hop] = field(default_factory=list)
    left: list[Hop] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    owner: Owner | None = None
    rule: Rule | None = None
    outcome: Outcome | None = None
    ended: bool = True


def walk(policies: Sequence[Policy], root: int, packet: Packet) -> Way:
    """Follow a packet that enters at policy number ``root``. Conditions that it does not mention do not hold."""
    return _Walk(policies, packet).run(root)


class _Walk:
    def __init__(self, policies: Sequence[Policy], packet: Packet) -> None:
        self._policies = policies
        self._packet = packet
        self._index = {(policy.scope, policy.name): number for number, policy in enumerate(policies)}
        self._stack: list[Hop] = []
        self._way = Way()

    def run(self, root: int) -> Way:
        policy = self._policies[root]
        if not self._list(root):
            self._way.outcome = policy.default if policy.entry else RETURN
        return self._way

    def _list(self, number: int) -> bool:
        """Evaluate one list; return whether the packet is decided in it, or leaves the list that packets enter."""
        policy = self._policies[number]
        for place, rule in enumerate((*policy.rules, *policy.implicit)):
            if not rule.enabled:
                continue
            owner = (number, rule.index) if place < len(policy.rules) else None
            failures = failures_of(rule.match, self._packet)
            if failures:
                if owner is not None:
                    self._way.misses.append(Miss(owner, rule, failures))
                continue
            if self._matched(number, Hop(owner, rule)):
                return True
            if rule.outcome.verb in (Verb.RETURN, Verb.GOTO):
                return False
        return False

    def _matched(self, number: int, hop: Hop) -> bool:
        verb = hop.rule.outcome.verb
        if verb is Verb.CONTINUE:
            self._way.passed.append(hop)
            return False
        if verb in (Verb.CALL, Verb.GOTO):
            return self._call(number, hop)
        if verb is Verb.RETURN and self._stack:
            return False
        root_default = self._policies[number].default if verb is Verb.RETURN else hop.rule.outcome
        self._decide(hop, root_default)
        return True

    def _decide(self, hop: Hop, outcome: Outcome) -> None:
        self._way.calls = tuple(self._stack)
        self._way.owner, self._way.rule, self._way.outcome = hop.owner, hop.rule, outcome

    def _call(self, number: int, hop: Hop) -> bool:
        called = self._index.get((self._policies[number].scope, hop.rule.calls or ""))
        if called is None:
            return False
        if len(self._stack) >= _DEPTH:
            self._way.ended = False
            return True
        base = not self._stack
        self._stack.append(hop)
        decided = self._list(called)
        self._stack.pop()
        if not decided:
            self._way.left.append(hop)
        if not decided and base and hop.rule.outcome.verb is Verb.GOTO:
            self._decide(hop, self._policies[number].default)
            return True
        return decided


# --- which clauses of a match a packet does not satisfy ---------------------------------------------------------


def failures_of(match: Match, packet: Packet) -> tuple[Failure, ...]:
    """Return the fewest clauses of a match that would have to be otherwise; nothing where it matches."""
    values, truths = packet.values, packet.conditions
    found = [
        *_address(Field.SOURCE, match.source, values[Field.SOURCE], truths),
        *_address(Field.DESTINATION, match.destination, values[Field.DESTINATION], truths),
        *_clauses(match.constraints, match.conditions, packet),
    ]
    if match.services is not None:
        ways = [_service(one, packet) for one in match.services.elements]
        found = _joined([*found, *_fewest(ways)], ways)
    for choice in match.choices:
        found += _fewest([_alternative(one, packet) for one in choice])
    return tuple(found)


def _fewest(ways: Sequence[list[Failure]]) -> list[Failure]:
    """Return the way with the fewest failures; where there is no way at all, that nothing matches."""
    if not ways:
        return [Failure(None, IntervalSet(), "it matches nothing")]
    fewest = min(map(len, ways))
    return next(way for way in ways if len(way) == fewest)


def _joined(found: list[Failure], ways: Sequence[Sequence[Failure]]) -> list[Failure]:
    """Where several services fail on one and the same field alone, name what any of them asks for there."""
    single: dict[Field, list[IntervalSet]] = {}
    for way in ways:
        if len(way) == 1 and way[0].field is not None:
            single.setdefault(way[0].field, []).append(way[0].wanted)
    return [
        Failure(one.field, IntervalSet.union_of(single[one.field]))
        if one.field in single and one.field in _OF_SERVICES
        else one
        for one in found
    ]


_OF_SERVICES = frozenset(
    {Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP, Field.TCP_FLAGS, Field.FRAGMENT}
)


def _address(side: Field, operand: Addresses, value: int, truths: Mapping[str, bool]) -> list[Failure]:
    family = 6 if value >= IPV6_BASE else 4
    unknown: Condition | None = None
    for part in operand.parts:
        if part.family == family and value in part.values:
            open_ones = [c for c in part.conditions if truths.get(on_side(c, side).key, not c.holds) != c.holds]
            if not open_ones:
                return []
            unknown = unknown or open_ones[0]
    if unknown is not None:
        return [Failure(None, IntervalSet(), unknown.reason)]
    return [Failure(side, IntervalSet.union_of(part.values for part in operand.parts))]


def _service(service: Service, packet: Packet) -> list[Failure]:
    failures = [Failure(name, values) for name, values in service.sets().items() if packet.values[name] not in values]
    if service.condition is not None:
        failures += _conditions((service.condition,), packet)
    return failures


def _alternative(alternative: Alternative, packet: Packet) -> list[Failure]:
    return _clauses(alternative.constraints, alternative.conditions, packet)


def _clauses(constraints: Iterable[Constraint], conditions: Iterable[Condition], packet: Packet) -> list[Failure]:
    failures = [
        Failure(one.field, one.values & DOMAIN[one.field])
        for one in constraints
        if packet.values[one.field] not in one.values
    ]
    return failures + _conditions(conditions, packet)


def _conditions(conditions: Iterable[Condition], packet: Packet) -> list[Failure]:
    truths = packet.conditions
    return [Failure(None, IntervalSet(), c.reason) for c in conditions if truths.get(c.key, not c.holds) != c.holds]
