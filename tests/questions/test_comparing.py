"""Two lists side by side: the differences are exactly the packets whose outcome differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.engine.questions.comparing import Comparison, Difference, Equivalence, blamed, compare
from rulecheck.engine.questions.decisions import Decision, Side
from rulecheck.engine.questions.limits import QuestionLimits
from rulecheck.model.device import Policy
from rulecheck.model.match import Match
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule
from tests.differential.bounds import independent_keys
from tests.differential.brute import BY_DEFAULT, Device, Run
from tests.differential.universe import Mask, all_rules, conditions_of
from tests.engine.notation import chain, policy
from tests.questions.worlds import (
    ANY_POLICIES,
    asked_mask,
    cases_of,
    edited_pairs,
    inside,
    outcomes,
    questions,
    terms_of,
    universe_of,
)
from tests.strategies import thorough

Pair = tuple[tuple[Policy, ...], tuple[Policy, ...]]


class Both:
    """Two devices in one universe, their outcomes in one numbering."""

    def __init__(self, pair: Pair, asked: Match | None) -> None:
        universe = universe_of((*pair[0], *pair[1]), asked)
        self.devices = [Device(policies, universe) for policies in pair]
        self.runs = [device.run(0) for device in self.devices]
        self.universe = universe
        self.numbers: dict[Outcome, int] = {}
        self.outcomes = [outcomes(d, r, self.numbers) for d, r in zip(self.devices, self.runs, strict=True)]
        self.packets = self.runs[0].packets & self.runs[1].packets & asked_mask(universe, asked)

    @property
    def differing(self) -> Mask:
        differing: Mask = (self.outcomes[0] != self.outcomes[1]) & self.packets
        return differing


def _sides(pair: Pair) -> tuple[Side, Side]:
    return Side(pair[0], 0), Side(pair[1], 0)


def _check_difference(both: Both, one: Difference, seen: Mask) -> None:
    packets = inside(both.universe, one.term.sets)
    for case, here in zip(one.cases, cases_of(both.universe, packets, [c.needs for c in one.cases]), strict=True):
        if case.differs:
            assert case.before is not None
            assert case.after is not None
            assert (both.outcomes[0][here] == both.numbers[case.before]).all()
            assert (both.outcomes[1][here] == both.numbers[case.after]).all()
            assert not seen[here].any()
            seen |= here
        else:
            assert not both.differing[here].any()
    place = both.universe.locate(dict(one.witness.values), dict(one.witness.conditions))
    assert both.differing[place].all() or one.certain


def _fixed(both: Both, assumed: Mapping[str, bool], pair: Pair) -> tuple[int | slice, ...]:
    """Return the answers of all tests that are known, given what is assumed of independent ones."""
    found = {c.key: c for p in pair for rule in all_rules(p) for c in conditions_of(rule.match)}
    history = any(found[key].fresh is (not holds) for key, holds in assumed.items())
    places: list[int | slice] = []
    for key in both.universe.keys:
        if key in assumed:
            places.append(int(assumed[key]))
        elif history or found[key].fresh is None:
            places.append(slice(None))
        else:
            places.append(int(bool(found[key].fresh)))
    return tuple(places)


def _check_certain(both: Both, one: Difference, pair: Pair) -> None:
    free = independent_keys(both.devices[0]) | independent_keys(both.devices[1])
    assumed = dict(one.witness.conditions)
    assert set(assumed) <= free
    fields = both.universe.locate(dict(one.witness.values), {})[: len(both.universe.pieces)]
    assert both.differing[(*fields, *_fixed(both, assumed, pair))].all()


@given(pair=edited_pairs(), asked=questions())
@thorough(600)
def test_differences_are_exactly_the_packets_whose_outcome_differs(pair: Pair, asked: Match | None) -> None:
    both = Both(pair, asked)
    found = compare(*_sides(pair), terms_of(asked))
    assert not found.limit
    seen = np.zeros(both.universe.shape, dtype=bool)
    for one in found.differences:
        _check_difference(both, one, seen)
        if one.certain:
            _check_certain(both, one, pair)
    assert np.array_equal(seen, both.differing)
    assert (found.answer is Equivalence.EQUIVALENT) == (not both.differing.any())
    assert (found.answer is Equivalence.DIFFERENT) == any(one.certain for one in found.differences)
    if found.answer is Equivalence.UNDECIDED:
        assert found.reason
        assert found.because


@given(before=ANY_POLICIES, after=ANY_POLICIES)
@thorough(150)
def test_lists_that_have_nothing_to_do_with_each_other(before: tuple[Policy, ...], after: tuple[Policy, ...]) -> None:
    both = Both((before, after), None)
    found = compare(Side(before, 0), Side(after, 0))
    seen = np.zeros(both.universe.shape, dtype=bool)
    for one in found.differences:
        _check_difference(both, one, seen)
    assert np.array_equal(seen, both.differing)
    families = (set(before[0].families), set(after[0].families))
    assert set(found.unseen) == families[0] ^ families[1]


def _deciders(run: Run, where: Mask) -> set[int]:
    return {int(number) for number in np.unique(run.deciders[where])}


def _number(device: Device, decision: Decision) -> int:
    return BY_DEFAULT if decision.rule is None else device.decider(decision.owner)


@given(pair=edited_pairs())
@thorough(100)
def test_the_rules_to_blame_are_those_that_decide_the_packets(pair: Pair) -> None:
    both = Both(pair, None)
    found = compare(*_sides(pair))
    for one in found.differences:
        where = inside(both.universe, one.term.sets)
        for device, run, decisions in zip(both.devices, both.runs, blamed(found, one), strict=True):
            assert _deciders(run, where) == {_number(device, decision) for decision in decisions}
            assert len(set(decisions)) == len(decisions)


@given(pair=edited_pairs(), nodes=st.integers(0, 5), regions=st.integers(0, 1))
@thorough(150)
def test_past_a_limit_nothing_is_claimed_that_is_not_so(pair: Pair, nodes: int, regions: int) -> None:
    both = Both(pair, None)
    limits = QuestionLimits(nodes=nodes, regions=regions, steps=40 * (nodes + 1), cases=3)
    found = compare(*_sides(pair), None, limits)
    if found.answer is Equivalence.EQUIVALENT:
        assert not both.differing.any()
    elif found.answer is Equivalence.DIFFERENT:
        for one in found.differences:
            if one.certain:
                _check_certain(both, one, pair)
        assert any(one.certain for one in found.differences)
    else:
        assert found.reason
    assert found.limit or found.answer is not Equivalence.UNDECIDED or found.because


def _compare(before: Policy, after: Policy) -> Comparison:
    return compare(Side((before,), 0), Side((after,), 0))


def test_one_port_more_is_one_difference() -> None:
    old = policy(["permit 1-3 > 7 tcp 80,443", "deny any > any"])
    new = policy(["permit 1-3 > 7 tcp 80,443,8443", "deny any > any"])
    found = _compare(old, new)
    (one,) = found.differences
    assert found.answer is Equivalence.DIFFERENT
    assert (one.cases[0].before, one.cases[0].after) == (DENY, PERMIT)
    before, after = blamed(found, one)
    assert ([d.owner for d in before], [d.owner for d in after]) == ([(0, 1)], [(0, 0)])


def test_an_order_without_effect_is_equivalent() -> None:
    old = policy(["permit 1 > 2 tcp 80", "deny 5 > 2 tcp 80", "permit any > 2 tcp"])
    new = policy(["deny 5 > 2 tcp 80", "permit any > 2 tcp", "permit 1 > 2 tcp 80"])
    assert _compare(old, new).answer is Equivalence.EQUIVALENT


def test_a_called_list_is_the_same_as_its_rules_inline() -> None:
    old = (policy(["call WEB any > 9 tcp", "permit 4 > any"]), chain("WEB", ["return 3 > any", "permit any > any"]))
    new = policy(["permit !3 > 9 tcp", "permit 4 > any"])
    assert compare(Side(old, 0), Side((new,), 0)).answer is Equivalence.EQUIVALENT


def test_what_depends_on_an_unknown_condition_is_undecided() -> None:
    old = policy(["permit 1 > 2 if fqdn:a", "deny any > any"])
    new = policy(["deny any > any"])
    found = _compare(old, new)
    assert found.answer is Equivalence.UNDECIDED
    assert "fqdn:a" in found.reason
    (one,) = found.differences
    assert [dict(case.needs) for case in one.cases] == [{"fqdn:a": True}, {}]
    assert not one.certain


def _assumable(one: Policy, key: str) -> Policy:
    """Return the policy with one of its tests independent of the packet's fields."""

    def changed(rule: Rule) -> Rule:
        tests = tuple(replace(test, independent=test.key == key) for test in rule.match.conditions)
        return replace(rule, match=replace(rule.match, conditions=tests))

    return replace(one, rules=tuple(map(changed, one.rules)))


def test_where_history_is_assumed_nothing_is_known_of_other_tests() -> None:
    old = _assumable(policy(["deny 1 > 2 if seen=no", "permit 1 > 2 if limit=yes", "deny any > any"]), "seen")
    new = policy(["permit 1 > 2 if limit=yes", "deny any > any"])
    assert _compare(old, new).answer is Equivalence.UNDECIDED
    plain = _assumable(policy(["deny 1 > 2 if seen=no", "permit 1 > 2", "deny any > any"]), "seen")
    found = _compare(plain, policy(["permit 1 > 2", "deny any > any"]))
    assert found.answer is Equivalence.DIFFERENT
    assert dict(found.differences[0].witness.conditions) == {"seen": True}
