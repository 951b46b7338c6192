"""The specification: what a packet meets in a list of rules. First match wins, packet by packet.

Everything the engine claims is tested against this page. It reads the model and shares no code with the
engine: no terms, no set algebra, only "is this number between these two?".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Match, Service
from rulecheck.model.rule import Outcome, Rule, Verb

Packet = Mapping[Field, int]
Truths = Mapping[str, bool]
"""For each condition key, whether the test holds for the packet; tests of an address have the side before the key."""
Lists = Mapping[tuple[str, str], Policy]
"""The policies that rules can call, by scope and name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a packet, and the rule that says so (None: the default of ``policy``)."""

    outcome: Outcome
    policy: Policy
    rule: Rule | None


def contains(values: IntervalSet, number: int) -> bool:
    return any(low <= number <= high for low, high in values.intervals)


def holds(condition: Condition | None, truths: Truths, side: str = "") -> bool:
    return condition is None or truths[side + condition.key] == condition.holds


def in_addresses(operand: Addresses, address: int, truths: Truths, side: str) -> bool:
    inside = any(contains(e.values, address) and holds(e.condition, truths, side) for e in operand.elements)
    return inside != operand.negated


def in_service(service: Service, packet: Packet, truths: Truths) -> bool:
    fields = all(contains(values, packet[field]) for field, values in service.sets().items())
    return fields and holds(service.condition, truths)


def family(address: int) -> int:
    return 6 if address >= IPV6_BASE else 4


def matches(match: Match, packet: Packet, truths: Truths) -> bool:
    return (
        in_addresses(match.source, packet[Field.SOURCE], truths, "source ")
        and in_addresses(match.destination, packet[Field.DESTINATION], truths, "destination ")
        and (match.services is None or any(in_service(s, packet, truths) for s in match.services.elements))
        and all(contains(one.values, packet[one.field]) for one in match.constraints)
        and all(holds(condition, truths) for condition in match.conditions)
        and all(any(satisfied(one, packet, truths) for one in choice) for choice in match.choices)
    )


def satisfied(alternative: Alternative, packet: Packet, truths: Truths) -> bool:
    fields = all(contains(one.values, packet[one.field]) for one in alternative.constraints)
    return fields and all(holds(condition, truths) for condition in alternative.conditions)


def walk(policy: Policy, packet: Packet, truths: Truths, lists: Lists) -> Decision | None:
    """Evaluate one list. None: the packet leaves the list undecided."""
    for rule in (*policy.rules, *policy.implicit):
        if not rule.enabled or not matches(rule.match, packet, truths):
            continue
        verb = rule.outcome.verb
        if verb is Verb.RETURN:
            return None
        if verb in (Verb.CALL, Verb.GOTO):
            assert rule.calls is not None
            inner = walk(lists[policy.scope, rule.calls], packet, truths, lists)
            if inner is not None or verb is Verb.GOTO:
                return inner
        elif verb is not Verb.CONTINUE:
            return Decision(rule.outcome, policy, rule)
    return None if policy.default.verb is Verb.RETURN else Decision(policy.default, policy, None)


def decide(policy: Policy, packet: Packet, truths: Truths, lists: Lists) -> Decision:
    """Return what happens to a packet that enters at ``policy``: a packet that leaves it gets its default."""
    return walk(policy, packet, truths, lists) or Decision(policy.default, policy, None)
