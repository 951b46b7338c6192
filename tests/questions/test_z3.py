"""Larger lists: what the engine says about regions and equivalence, against Z3 on formulas of the same model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
import z3

from rulecheck.engine.questions import Equivalence, Remove, Side, by_rule, compare, decision_map, edited
from rulecheck.engine.questions.decisions import Decision
from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV4_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element, Match, Term
from tests.differential.wide import prefix4, wide_policy
from tests.oracle import Formula, Oracle
from tests.strategies import origin

SIZES = {40: 6, 80: 2}
CASES = [(rules, seed) for rules, count in SIZES.items() for seed in range(count)]


def _inside(oracle: Oracle, sets: dict[Field, IntervalSet]) -> Formula:
    """Return "the packet is in this product" for a product within one family."""
    parts = []
    for name, values in sets.items():
        if name in (Field.SOURCE, Field.DESTINATION):
            parts.append(z3.Or([oracle._interval(name, pair) for pair in values]))
        else:
            parts.append(oracle._within(name, values))
    return z3.And(parts)


def _decided_by(oracle: Oracle, decision: Decision) -> Formula:
    """Return "this rule is the first that matches", or "none matches" for the default."""
    if decision.rule is None:
        return oracle._open[len(oracle._rules)]
    place = next(i for i, one in enumerate(oracle._rules) if one is decision.rule)
    return z3.And(oracle._open[place], oracle._match[place])


def _network(random: Random) -> Addresses:
    return Addresses("net", (Element("net", prefix4(random), origin(0)),))


@pytest.mark.parametrize(("rules", "seed"), CASES)
def test_every_region_is_decided_by_its_rule_and_nothing_is_left_out(rules: int, seed: int) -> None:
    policy = wide_policy(7000 + 100 * rules + seed, rules)
    random = Random(seed)
    asked = Match(_network(random), _network(random)).terms((4,))
    found = decision_map(Side((policy,), 0), asked, view=by_rule)
    assert not found.limit
    oracle = Oracle(policy)
    regions = []
    for region in found.regions:
        inside = _inside(oracle, dict(region.term.sets))
        regions.append(inside)
        (case,) = region.cases
        assert oracle._possible(inside)
        assert not oracle._possible(inside, z3.Not(_decided_by(oracle, case.decision)))
    whole = z3.Or([_inside(oracle, dict(term.sets)) for term in asked])
    assert not oracle._possible(whole, z3.Not(z3.Or(regions)))
    assert not oracle._possible(z3.Not(whole), z3.Or(regions))
    for place, one in enumerate(regions[:12]):
        assert not oracle._possible(one, z3.Or(regions[place + 1 :]))


class Pair(Oracle):
    """Two policies over the same packet."""

    def __init__(self, left: Policy, right: Policy) -> None:
        super().__init__(left)
        first = self._result[0]
        self._policy, self._rules = right, [one for one in (*right.rules, *right.implicit) if one.enabled]
        self._renamed = z3.BitVec("other0", 4)
        names = {"match": "otherm", "open": "othero", "result": "otherr"}
        self._solver.add(self._renamed == self._chain(names))
        self.differs = first != self._renamed

    def _chain(self, names: dict[str, str]) -> Formula:
        result: Formula = z3.BitVecVal(self._number(self._policy.default), 4)
        for place in range(len(self._rules) - 1, -1, -1):
            one = self._rules[place]
            if one.outcome.verb.value == "continue":
                continue
            match = z3.Bool(f"{names['match']}{place}")
            self._solver.add(match == self._matches(one.match))
            result = z3.If(match, z3.BitVecVal(self._number(self._effect(one)), 4), result)
        return result


def _edit(policy: Policy, random: Random) -> Policy:
    (after,) = edited((policy,), [Remove(0, random.randrange(len(policy.rules)))])
    return after


def _differences(terms: Iterable[Term], pair: Pair) -> Formula:
    return z3.Or([_inside(pair, dict(term.sets)) for term in terms])


@pytest.mark.parametrize(("rules", "seed"), CASES)
def test_differences_are_exactly_where_z3_finds_them(rules: int, seed: int) -> None:
    before = wide_policy(9000 + 100 * rules + seed, rules)
    before = replace(before, families=(4, 6))
    after = _edit(_edit(before, Random(seed)), Random(seed + 1))
    found = compare(Side((before,), 0), Side((after,), 0))
    assert not found.limit
    pair = Pair(before, after)
    said = _differences((one.term for one in found.differences), pair)
    assert not pair._possible(pair.differs, z3.Not(said))
    assert not pair._possible(said, z3.Not(pair.differs))
    assert (found.answer is Equivalence.EQUIVALENT) == (not pair._possible(pair.differs))


def test_the_helpers_can_fail() -> None:
    policy = wide_policy(1, 10)
    oracle = Oracle(policy)
    six = IntervalSet.of((IPV6_BASE, IPV6_BASE))
    assert not oracle._possible(_inside(oracle, {Field.SOURCE: IPV4_ALL}), _inside(oracle, {Field.SOURCE: six}))
    assert oracle._possible(_inside(oracle, {Field.SOURCE: IPV4_ALL}))
