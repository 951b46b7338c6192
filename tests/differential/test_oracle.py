"""Two independent methods on larger policies: the engine, and Z3 on formulas built from the same model."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from rulecheck.engine import analyze_policies
from rulecheck.model.device import Policy
from tests.differential.brute import Device
from tests.differential.wide import wide_policy
from tests.oracle import Oracle
from tests.strategies import single_policies, thorough, unordered_policies

SIZES = {50: 12, 100: 8, 150: 4, 200: 3, 300: 2}
"""How many policies of each length are compared."""


@pytest.mark.parametrize(("rules", "seed"), [(rules, seed) for rules, n in SIZES.items() for seed in range(n)])
def test_engine_agrees_with_z3(rules: int, seed: int) -> None:
    policy = wide_policy(1000 * rules + seed, rules)
    (result,) = analyze_policies([policy])
    assert {index: verdict.kind for index, verdict in result.verdicts.items()} == Oracle(policy).kinds()


@given(policies=single_policies() | single_policies(conditional=True) | unordered_policies(conditional=True))
@thorough(200)
def test_z3_agrees_with_brute_force(policies: tuple[Policy, ...]) -> None:
    device = Device(policies)
    assume(device.universe.size <= 20_000)
    expected = {rule.index: device.kind((0, rule.index)) for rule in policies[0].rules if rule.enabled}
    assert Oracle(policies[0]).kinds() == expected
