"""What the engine claims about merges, against brute force: the list with the merged rule in it, packet by packet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise

import numpy as np

from rulecheck.engine.verdict import Merge
from rulecheck.model.device import Policy
from rulecheck.model.fields import ADDRESS_ALL, DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Constraint, Element, Match, Services
from rulecheck.model.rule import DECIDING, Rule, Verb
from tests.differential.brute import Device
from tests.differential.claims import Case
from tests.differential.universe import Universe


def merged(policy: Policy, merge: Merge) -> Policy:
    """Return a policy as it is after a merge: the other rules disabled, so that indexes stay."""
    rules = [policy.rules[index] for index in merge.rules]
    whole = replace(rules[0], index=merge.at, match=_union([rule.match for rule in rules], merge.operand))
    return replace(
        policy,
        rules=tuple(
            whole if rule.index == merge.at else replace(rule, enabled=rule.enabled and rule.index not in merge.rules)
            for rule in policy.rules
        ),
    )


def _union(matches: Sequence[Match], operand: str) -> Match:
    first = matches[0]
    if operand == "source":
        return replace(first, source=_addresses([one.source for one in matches]))
    if operand == "destination":
        return replace(first, destination=_addresses([one.destination for one in matches]))
    if operand == "service":
        return replace(first, services=_services([one.services for one in matches]))
    field = Field(operand)
    values = IntervalSet.union_of(_constrained(one, field) for one in matches)
    others = tuple(one for one in first.constraints if one.field is not field)
    return replace(first, constraints=(*others, Constraint(field, values, "union", first.source.elements[0].origin)))


def _constrained(match: Match, field: Field) -> IntervalSet:
    found = DOMAIN[field]
    for one in match.constraints:
        found = found & one.values if one.field is field else found
    return found


def _addresses(operands: Sequence[Addresses]) -> Addresses:
    return Addresses("union", tuple(chain.from_iterable(_elements(one) for one in operands)))


def _elements(operand: Addresses) -> tuple[Element, ...]:
    if not operand.negated:
        return operand.elements
    assert all(element.condition is None for element in operand.elements)
    outside = ADDRESS_ALL - IntervalSet.union_of(element.values for element in operand.elements)
    return (Element("outside", outside, operand.elements[0].origin),) if outside else ()


def _services(operands: Sequence[Services | None]) -> Services | None:
    if any(one is None for one in operands):
        return None
    return Services("union", tuple(element for one in operands if one for element in one.elements))


def expressible(policy: Policy, merge: Merge) -> bool:
    """Return whether this file can write the union: a negated operand with unknown members it cannot."""
    sides = [
        side
        for index in merge.rules
        for side in (policy.rules[index].match.source, policy.rules[index].match.destination)
    ]
    return not any(side.negated and any(one.condition for one in side.elements) for side in sides)


def check_merges(case: Case) -> None:
    """No merge changes a packet's outcome or what is logged, and no rule is in two of them."""
    for number, (policy, result) in enumerate(zip(case.policies, case.results, strict=True)):
        members = [index for merge in result.merges for index in merge.rules]
        assert len(members) == len(set(members))
        for merge in result.merges:
            assert len(merge.rules) > 1
            assert merge.at in (merge.rules[0], merge.rules[-1])
            assert list(merge.rules) == sorted(merge.rules)
            for index in merge.rules:
                assert result.verdicts[index].kind is None
                assert policy.rules[index].outcome.verb in DECIDING
            if expressible(policy, merge):
                after = [*case.policies[:number], merged(policy, merge), *case.policies[number + 1 :]]
                assert unchanged(case.device, after), (policy.name, merge)


def unchanged(before: Device, policies: Sequence[Policy]) -> bool:
    """Return whether every packet meets the same outcome, and the same rules that log, in other policies."""
    after = Device(policies, Universe(before.policies))
    for root, run in before.runs.items():
        if not np.array_equal(run.outcomes, after.run(root).outcomes):
            return False
        logged = [
            {v.owner: v.reached for v in one.visits if v.rule.outcome.verb is Verb.CONTINUE}
            for one in (run, after.run(root))
        ]
        if any(not np.array_equal(reached, logged[1][owner]) for owner, reached in logged[0].items()):
            return False
    return True


def check_neighbours(case: Case) -> None:
    """Two rules that follow each other and differ in one operand become one, with each other or with others."""
    for policy, result in zip(case.policies, case.results, strict=True):
        grouped = {index for merge in result.merges for index in merge.rules}
        rules = [rule for rule in policy.rules if rule.enabled]
        for one, two in pairwise(rules):
            needed = all(result.verdicts[rule.index].kind is None for rule in (one, two))
            if needed and one.outcome == two.outcome and one.outcome.verb in DECIDING and differ_in_one(one, two):
                assert {one.index, two.index} & grouped, (one.index, two.index)


def differ_in_one(one: Rule, two: Rule) -> bool:
    """Return whether two rules share all operands but one: the very same objects."""
    mine, theirs = one.match, two.match
    differing = (
        mine.source is not theirs.source,
        mine.destination is not theirs.destination,
        mine.services is not theirs.services,
        *(_constrained(mine, field) != _constrained(theirs, field) for field in Field),
    )
    return sum(differing) == 1 and mine.conditions == theirs.conditions and mine.choices == theirs.choices
