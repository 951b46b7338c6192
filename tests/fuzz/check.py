"""Everything that the engine says about one device, against brute force and, where asked, against Z3."""

from __future__ import annotations

from collections.abc import Sequence

from rulecheck.engine import analyze_policies
from rulecheck.model.device import Policy
from tests.differential import bounds, claims, depth, merging, unordered
from tests.differential.brute import Device
from tests.differential.claims import Case
from tests.differential.wide import wide_policy

LARGEST = 30_000
"""Universes above this many representatives are left out: few, and slow to enumerate."""


def small_enough(policies: Sequence[Policy]) -> bool:
    """Return whether all representative packets of a device can be decided one by one."""
    return Device(policies).universe.size <= LARGEST


def check(policies: Sequence[Policy], *, second: bool = False) -> None:
    """Check every claim about a device. ``second``: brute force itself is compared with Z3, for a single list.

    Raises:
        AssertionError: two methods disagree.
    """
    device = Device(policies)
    case = Case(policies, analyze_policies(policies), device)
    claims.check_frame(case)
    if device.universe.keys:
        _check_with_conditions(case)
    else:
        _check_exact(case)
    claims.check_plans(case)
    merging.check_merges(case)
    if second and len(policies) == 1:
        _check_oracle(policies[0], device)


def _check_exact(case: Case) -> None:
    claims.check_kinds(case)
    claims.check_witnesses(case)
    if len(case.policies) > 1:
        claims.check_chain_evidence(case)
        depth.check_depth_is_sound(case)
    elif not case.policies[0].ordered:
        unordered.check_unordered_evidence(case)
        claims.check_plans_are_complete(case)
    else:
        claims.check_witnesses_by_reference(case)
        claims.check_evidence(case)
        claims.check_plans_are_complete(case)
        depth.check_depth(case)


def _check_with_conditions(case: Case) -> None:
    bounds.check_conditional_kinds(case)
    if not case.policies[0].ordered:
        unordered.check_unordered_witnesses(case)
        return
    bounds.check_conditional_witnesses(case)
    depth.check_depth_is_sound(case)
    if len(case.policies) == 1:
        bounds.check_undecided_only_where_needed(case)


def _check_oracle(policy: Policy, device: Device) -> None:
    from tests.oracle import Oracle

    expected = {rule.index: device.kind((0, rule.index)) for rule in policy.rules if rule.enabled}
    assert Oracle(policy).kinds() == expected


def check_wide(seed: int, rules: int) -> None:
    """Compare the engine with Z3 on a longer list of wide networks.

    Raises:
        AssertionError: they disagree.
    """
    from tests.oracle import Oracle

    policy = wide_policy(seed, rules)
    (result,) = analyze_policies([policy])
    assert {index: verdict.kind for index, verdict in result.verdicts.items()} == Oracle(policy).kinds()
