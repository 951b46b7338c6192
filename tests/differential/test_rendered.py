"""From text to verdict: random policies written in every form, parsed, and analysed.

The parsed rules must match exactly the packets of the sketch, and the verdicts must be those of brute force
on the sketch, on every platform. The platform is not named: it must be recognised as well.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given

from parsers import registry
from parsers.base import ConfigText
from rulecheck.engine import analyze_policies
from rulecheck.model.device import Device as ParsedDevice
from rulecheck.model.device import Policy
from tests.differential.brute import Device
from tests.differential.universe import Universe
from tests.render.abstract import Sketch, model_of
from tests.render.cisco import ios
from tests.render.platforms import FORMS, Form, fitted
from tests.strategies import rich_sketches, sketches, thorough


def device_of(text: str) -> ParsedDevice:
    """Return the device of a text. Nothing in it may be in doubt."""
    config = ConfigText("random.cfg", sha256(text.encode()).hexdigest(), tuple(text.splitlines()))
    (device,) = registry.parse(config)
    assert not [one for one in device.diagnostics if one.affects_verdicts]
    assert device.source.lines.unknown == 0
    assert device.source.lines.total == len(config.lines)
    return device


def parsed(text: str, name: str) -> tuple[Policy, ...]:
    """Return the policies of a text with the one named ``name`` first. Nothing in it may be in doubt."""
    return tuple(sorted(device_of(text).policies, key=lambda policy: policy.name != name))


def check_matches(sketch: Sketch, policy: Policy) -> None:
    """Check that rules and default of a policy mean what they were written from."""
    model = model_of(sketch)
    assert policy.default == model.default
    assert set(model.families) <= set(policy.families)
    assert [rule.index for rule in policy.rules] == [rule.index for rule in model.rules]
    universe = Universe((model, policy))
    mine_only = universe.packets_of(model.families)
    others = universe.packets_of(set(policy.families) - set(model.families))
    for mine, theirs in zip(model.rules, policy.rules, strict=True):
        assert theirs.outcome == mine.outcome, theirs.origin.text
        assert theirs.enabled == mine.enabled, theirs.origin.text
        match = universe.matched(theirs.match)
        assert np.array_equal(match[mine_only], universe.matched(mine.match)[mine_only]), theirs.origin.text
        assert not match[others].any(), theirs.origin.text


def check_platform(sketch: Sketch, policies: tuple[Policy, ...]) -> None:
    """Check the first of some policies against the sketch: its rules, its default, and the verdicts.

    The rules that the device evaluates behind the written ones (neighbour discovery of IPv6) are taken from it.
    """
    check_matches(sketch, policies[0])
    model = replace(model_of(sketch), implicit=policies[0].implicit)
    truth = Device((model,))
    verdicts = analyze_policies(policies)[0].verdicts
    expected = {rule.index: truth.kind((0, rule.index)) for rule in model.rules if rule.enabled}
    assert {index: verdict.kind for index, verdict in verdicts.items()} == expected


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(sketch=rich_sketches())
@thorough(20)
def test_every_form_of_a_list(form: Form, sketch: Sketch) -> None:
    for part in fitted(form, sketch):
        device = device_of(form.render(part))
        assert device.platform == form.platform
        (policy,) = [form.plain(policy) for policy in device.policies if form.is_written(policy)]
        others = (one for one in device.policies if not form.is_written(one) and not form.alone)
        check_platform(part, (policy, *others))


@given(sketch=sketches(groups=True))
@thorough(50)
def test_numbered_lists(sketch: Sketch) -> None:
    check_platform(sketch, parsed(ios(sketch, numbered=True), "101"))


def test_every_platform_has_a_form() -> None:
    without_actions = {"classbench"}
    assert set(registry.PARSERS) - {form.platform for form in FORMS} == without_actions
