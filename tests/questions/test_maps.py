"""Who decides which packets: the regions are exactly the packets, and each rule is the one that decides them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.engine.questions.decisions import Decision, Side, allows, by_effect, by_outcome, by_rule, decision_map
from rulecheck.engine.questions.limits import QuestionLimits
from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.match import Match
from rulecheck.model.rule import PERMIT
from tests.differential.brute import BY_DEFAULT, Device
from tests.engine.notation import policy
from tests.questions.worlds import ANY_POLICIES, asked_mask, cases_of, inside, questions, terms_of, universe_of
from tests.strategies import thorough


def _number(device: Device, decision: Decision) -> int:
    return BY_DEFAULT if decision.rule is None else device.decider(decision.owner)


@given(policies=ANY_POLICIES, asked=questions(), data=st.data())
@thorough(600)
def test_every_packet_is_in_one_region_with_the_rule_that_decides_it(
    policies: tuple[Policy, ...], asked: Match | None, data: st.DataObject
) -> None:
    device = Device(policies, universe_of(policies, asked))
    root = data.draw(st.sampled_from(device.roots))
    run, universe = device.run(root), device.universe
    found = decision_map(Side(policies, root), terms_of(asked))
    assert not found.limit
    seen = np.zeros(universe.shape, dtype=np.int64)
    for region in found.regions:
        packets = inside(universe, region.term.sets)
        assert packets.any()
        seen += packets
        for case, here in zip(region.cases, cases_of(universe, packets, [c.needs for c in region.cases]), strict=True):
            assert here.any()
            assert (run.deciders[here] == _number(device, case.decision)).all()
            assert (run.outcomes[here] == device.number(case.decision.outcome)).all()
            assert set(case.needs.items()) <= set(case.truths.items())
    expected = run.packets & asked_mask(universe, asked)
    assert np.array_equal(seen, expected.astype(np.int64))


@given(policies=ANY_POLICIES, asked=questions())
@thorough(150)
def test_what_is_allowed_is_exactly_that(policies: tuple[Policy, ...], asked: Match | None) -> None:
    device = Device(policies, universe_of(policies, asked))
    run, universe = device.run(0), device.universe
    found = decision_map(Side(policies, 0), terms_of(asked), view=by_effect)
    allowed = np.zeros(universe.shape, dtype=bool)
    for region in found.regions:
        packets = inside(universe, region.term.sets)
        for case, here in zip(region.cases, cases_of(universe, packets, [c.needs for c in region.cases]), strict=True):
            if allows(case.decision.outcome):
                allowed |= here
    numbers = [device.number(one) for one in device._outcomes if allows(one)]
    assert np.array_equal(allowed, np.isin(run.outcomes, numbers) & run.packets & asked_mask(universe, asked))


@given(policies=ANY_POLICIES, asked=questions())
@thorough(150)
def test_shares_are_those_of_brute_force(policies: tuple[Policy, ...], asked: Match | None) -> None:
    device = Device(policies, universe_of(policies, asked))
    whole = device.run(0).packets & asked_mask(device.universe, asked)
    found = decision_map(Side(policies, 0), terms_of(asked))
    for region in found.regions:
        share = device.universe.share(inside(device.universe, region.term.sets), whole)
        assert abs(region.share - share) < 2e-6


@given(policies=ANY_POLICIES, nodes=st.integers(0, 6), regions=st.integers(0, 2))
@thorough(100)
def test_past_a_limit_the_regions_are_examples_that_are_true(
    policies: tuple[Policy, ...], nodes: int, regions: int
) -> None:
    device = Device(policies, universe_of(policies, None))
    limits = QuestionLimits(nodes=nodes, regions=regions, steps=40 * (nodes + 1), cases=4)
    found = decision_map(Side(policies, 0), None, limits, by_rule)
    run = device.run(0)
    total = sum(region.share for region in found.regions)
    assert found.limit or abs(total - 1) < 1e-4
    for region in found.regions:
        packets = inside(device.universe, region.term.sets)
        for case, here in zip(
            region.cases, cases_of(device.universe, packets, [c.needs for c in region.cases]), strict=True
        ):
            assert (run.deciders[here] == _number(device, case.decision)).all()


def test_lists_that_call_each_other_in_a_cycle_are_no_answer() -> None:
    lists = (policy(["call B any > any"], name="A"), policy(["call A any > any"], name="B"))
    found = decision_map(Side(lists, 0))
    assert not found.regions
    assert "cycle" in found.limit


def test_a_condition_and_its_opposite_with_the_same_outcome_are_no_condition() -> None:
    lists = (policy(["permit 1 > 2 if fqdn:a", "permit 1 > 2 if !fqdn:a", "deny 1 > 2"]),)
    asked = lists[0].rules[2].match.terms()
    (region,) = decision_map(Side(lists, 0), asked, view=by_outcome).regions
    assert [(dict(case.needs), case.decision.outcome) for case in region.cases] == [({}, PERMIT)]
    (region,) = decision_map(Side(lists, 0), asked).regions
    assert [(dict(case.needs), case.decision.owner) for case in region.cases] == [
        ({"fqdn:a": True}, (0, 0)),
        ({}, (0, 1)),
    ]


def test_parts_of_a_question_that_overlap_are_counted_once() -> None:
    lists = (policy(["permit 1-5 > any"]),)
    asked = [*policy(["permit 1-3 > 7"]).rules[0].match.terms(), *policy(["permit 2-4 > 7"]).rules[0].match.terms()]
    (region,) = decision_map(Side(lists, 0), asked).regions
    assert region.term.sets[Field.SOURCE].intervals == ((1, 4),)
    assert region.share == 1
