"""From text to verdict: random policies written as ASA, IOS and iptables, parsed, and analysed.

The parsed rules must match exactly the packets of the sketch, and the verdicts must be those of brute force
on the sketch, on every platform. The platform is not named: it must be recognised as well.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from parsers import registry
from parsers.base import ConfigText
from rulecheck.engine import analyze_policies
from rulecheck.model.device import Policy
from tests.differential.brute import Device
from tests.differential.universe import Universe
from tests.render.abstract import Sketch, model_of
from tests.render.cisco import asa, ios
from tests.render.netfilter import iptables
from tests.strategies import sketches, thorough


def parsed(text: str, name: str) -> tuple[Policy, ...]:
    """Return the policies of a text with the one named ``name`` first. Nothing in it may be in doubt."""
    config = ConfigText("random.cfg", sha256(text.encode()).hexdigest(), tuple(text.splitlines()))
    (device,) = registry.parse(config)
    assert not [one for one in device.diagnostics if one.affects_verdicts]
    assert device.source.lines.unknown == 0
    assert device.source.lines.total == len(config.lines)
    return tuple(sorted(device.policies, key=lambda policy: policy.name != name))


def check_platform(sketch: Sketch, policies: tuple[Policy, ...]) -> None:
    model, policy = model_of(sketch), policies[0]
    assert policy.default == model.default
    assert [rule.index for rule in policy.rules] == [rule.index for rule in model.rules]
    universe = Universe((model, policy))
    four, six = universe.packets_of([4]), universe.packets_of([6])
    for mine, theirs in zip(model.rules, policy.rules, strict=True):
        assert theirs.outcome == mine.outcome
        assert theirs.enabled
        match = universe.matched(theirs.match)
        assert np.array_equal(match[four], universe.matched(mine.match)[four]), theirs.origin.text
        assert 6 not in policy.families or not match[six].any(), theirs.origin.text
    truth = Device((model,))
    verdicts = analyze_policies(policies)[0].verdicts
    expected = {rule.index: truth.kind((0, rule.index)) for rule in model.rules}
    assert {index: verdict.kind for index, verdict in verdicts.items()} == expected


@given(sketch=sketches())
@thorough(300)
def test_the_same_list_on_three_platforms(sketch: Sketch) -> None:
    check_platform(sketch, parsed(asa(sketch), "RANDOM"))
    check_platform(sketch, parsed(ios(sketch), "RANDOM"))
    check_platform(sketch, parsed(iptables(sketch), "FORWARD"))


@given(sketch=sketches(either_default=True))
@thorough(200)
def test_iptables_with_either_default(sketch: Sketch) -> None:
    check_platform(sketch, parsed(iptables(sketch), "FORWARD"))


@given(sketch=sketches(groups=True), numbered=st.booleans())
@thorough(200)
def test_object_groups_and_numbered_lists(sketch: Sketch, numbered: bool) -> None:
    check_platform(sketch, parsed(asa(sketch), "RANDOM"))
    check_platform(sketch, parsed(ios(sketch, numbered=numbered), "101" if numbered else "RANDOM"))
