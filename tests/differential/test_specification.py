"""The brute force itself is checked: against the reference, packet by packet, and against lists worked by hand."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from tests import reference
from tests.differential.brute import Device, shortened
from tests.differential.universe import Universe
from tests.strategies import chained_policies, single_policies, thorough

ANY_DEVICE = st.one_of(
    single_policies(),
    single_policies(conditional=True),
    chained_policies(),
    chained_policies(conditional=True),
)


def _by_reference(policies: Sequence[Policy], device: Device) -> None:
    lists = {(policy.scope, policy.name): policy for policy in policies}
    for position, packet, truths in device.universe.listed():
        families = [reference.family(packet[name]) for name in (Field.SOURCE, Field.DESTINATION)]
        for root, run in device.runs.items():
            policy = policies[root]
            if families[0] != families[1] or families[0] not in policy.families:
                assert not run.packets[position]
                continue
            assert run.packets[position]
            expected = reference.decide(policy, packet, truths, lists)
            assert run.outcomes[position] == device.number(expected.outcome)


@given(policies=ANY_DEVICE)
@thorough(120)
def test_brute_force_decides_every_packet_as_the_reference_does(policies: tuple[Policy, ...]) -> None:
    device = Device(policies)
    assume(device.universe.size <= 3000)
    _by_reference(policies, device)


@given(policies=ANY_DEVICE, data=st.data())
@thorough(60)
def test_leaving_rules_out_is_the_same_as_deleting_them(policies: tuple[Policy, ...], data: st.DataObject) -> None:
    owners = [(number, rule.index) for number, policy in enumerate(policies) for rule in policy.rules]
    removed = data.draw(st.sets(st.sampled_from(owners)) if owners else st.just(set()))
    device = Device(policies)
    assume(device.universe.size <= 3000)
    left_out, deleted = device.without(removed), Device(shortened(policies, removed), device.universe)
    for root in device.roots:
        assert (device.number(policies[root].default)) >= 0
        mapping = {number: outcome for outcome, number in deleted._outcomes.items()}
        there = deleted.run(root).outcomes
        here = left_out.run(root).outcomes
        names = {number: outcome for outcome, number in left_out._outcomes.items()}
        packets = device.runs[root].packets
        assert [names[int(n)] for n in here[packets]] == [mapping[int(n)] for n in there[packets]]


@given(policies=ANY_DEVICE)
@thorough(150)
def test_match_sets_are_those_of_the_reference(policies: tuple[Policy, ...]) -> None:
    universe = Universe(policies)
    assume(universe.size <= 4000)
    rules = [rule for policy in policies for rule in policy.rules]
    masks = [universe.matched(rule.match) for rule in rules]
    for position, packet, truths in universe.listed():
        for rule, mask in zip(rules, masks, strict=True):
            assert mask[position] == reference.matches(rule.match, packet, truths)
