"""Reasons in words: why a rule matches nothing, and what leaves a verdict open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rulecheck.model.device import Policy
from rulecheck.model.match import Addresses, Condition
from rulecheck.model.rule import Rule

_NAMED = 3
"""How many conditions a reason names before it counts the rest."""

NO_WAY_IN = "no call of this list carries a packet that the rule matches"
NEVER_CALLED = "no rule that can match calls this list"
CYCLE = "the lists call each other in a cycle, and no list that packets enter leads to them"


def why_empty(rule: Rule, policy: Policy) -> str:
    """Return why a rule matches no packet at all, or that its list gets none that it matches."""
    match = rule.match
    if match.terms(policy.families):
        return NO_WAY_IN
    for side, operand in (("source", match.source), ("destination", match.destination)):
        if not operand.parts:
            return f"its {side} {operand.label} holds no address"
        if not _families(operand) & set(policy.families):
            return f"its {side} {operand.label} has no address of the family that this list sees"
    if match.services is not None and not any(all(s.sets().values()) for s in match.services.elements):
        return f"its service {match.services.label} holds no service"
    if not _families(match.source) & _families(match.destination):
        return (
            f"its source {match.source.label} and its destination {match.destination.label} "
            "have no address family in common"
        )
    return "its clauses contradict each other"


def _families(operand: Addresses) -> set[int]:
    return {part.family for part in operand.parts}


def why_open(keys: Iterable[str], conditions: Mapping[str, Condition]) -> tuple[str, tuple[Condition, ...]]:
    """Return the reason for an undecided verdict, and the conditions it names, by line."""
    found = sorted((conditions[key] for key in keys), key=lambda c: (c.origin.line, c.key))
    named = [f"line {c.origin.line}: {c.reason}" for c in found[:_NAMED]]
    if len(found) > _NAMED:
        named.append(f"and {len(found) - _NAMED} more")
    return "; ".join(named), tuple(found)
