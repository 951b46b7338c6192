"""The engine against brute force: thousands of small random policies, every claim about every rule."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import assume, given

from rulecheck.engine import analyze_policies
from rulecheck.model.device import Policy
from tests.differential import bounds, claims, depth, merging, unordered
from tests.differential.brute import Device
from tests.differential.claims import Case
from tests.strategies import chained_policies, single_policies, thorough, unordered_policies

LARGEST = 60_000
"""Universes above this many representatives are left out: few, and slow to enumerate."""


def case_of(policies: Sequence[Policy]) -> Case:
    device = Device(policies)
    assume(device.universe.size <= LARGEST)
    return Case(policies, analyze_policies(policies), device)


def _check_exact_list(policies: Sequence[Policy]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    claims.check_kinds(case)
    claims.check_witnesses(case)
    claims.check_witnesses_by_reference(case)
    claims.check_evidence(case)
    claims.check_plans(case)
    merging.check_merges(case)
    claims.check_plans_are_complete(case)
    depth.check_depth(case)


@given(policies=single_policies(most=4))
@thorough(1000)
def test_short_lists(policies: tuple[Policy, ...]) -> None:
    _check_exact_list(policies)


@given(policies=single_policies())
@thorough(1500)
def test_lists(policies: tuple[Policy, ...]) -> None:
    _check_exact_list(policies)


@given(policies=single_policies(most=14))
@thorough(600)
def test_long_lists(policies: tuple[Policy, ...]) -> None:
    _check_exact_list(policies)


@given(policies=unordered_policies())
@thorough(400)
def test_lists_without_an_order(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    claims.check_kinds(case)
    claims.check_witnesses(case)
    unordered.check_unordered_evidence(case)
    claims.check_plans(case)
    claims.check_plans_are_complete(case)
    merging.check_merges(case)


@given(policies=chained_policies())
@thorough(1000)
def test_lists_that_call_each_other(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    claims.check_kinds(case)
    claims.check_witnesses(case)
    claims.check_chain_evidence(case)
    depth.check_depth_is_sound(case)
    claims.check_plans(case)
    merging.check_merges(case)


@given(policies=single_policies(conditional=True))
@thorough(1000)
def test_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    bounds.check_conditional_kinds(case)
    bounds.check_conditional_witnesses(case)
    depth.check_depth_is_sound(case)
    bounds.check_undecided_only_where_needed(case)
    claims.check_plans(case)
    merging.check_merges(case)


@given(policies=unordered_policies(conditional=True))
@thorough(200)
def test_lists_without_an_order_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    bounds.check_conditional_kinds(case)
    unordered.check_unordered_witnesses(case)
    claims.check_plans(case)
    merging.check_merges(case)


@given(policies=chained_policies(conditional=True))
@thorough(600)
def test_calling_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    claims.check_frame(case)
    bounds.check_conditional_kinds(case)
    bounds.check_conditional_witnesses(case)
    depth.check_depth_is_sound(case)
    claims.check_plans(case)
    merging.check_merges(case)
