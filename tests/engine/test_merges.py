"""Merges on lists worked out by hand, one for each sentence of what makes them safe."""

from __future__ import annotations

import pytest

from rulecheck.engine import analyze_policies
from rulecheck.engine.verdict import Limits, Merge
from rulecheck.model.device import Policy
from tests.engine.notation import chain, policy

A, B, C = "permit 1 > 8 tcp 80", "permit 2 > 8 tcp 80", "permit 3 > 8 tcp 80"

WORKED = {
    "neighbours that differ in the source": ([A, B], Merge((0, 1), "source", 0)),
    "in the destination": ([A, "permit 1 > 9 tcp 80"], Merge((0, 1), "destination", 0)),
    "in the service": ([A, "permit 1 > 8 udp 53"], Merge((0, 1), "service", 0)),
    "three of them": ([A, B, C], Merge((0, 1, 2), "source", 0)),
    "two of three, where the third cannot come to them and they cannot come to it": (
        ["permit 1 > any", "permit 2 > any", "reject 1-3 > 5", "permit 3 > any"],
        Merge((0, 1), "source", 0),
    ),
    "in two operands": ([A, "permit 2 > 9 tcp 80"], None),
    "with another outcome": ([A, "reject 2 > 8 tcp 80"], None),
    "operands that hold the same, written differently": (
        ["permit 1-2+3 > 8 tcp 80", "permit 1+2-3 > 9 tcp 80"],
        Merge((0, 1), "destination", 0),
    ),
    "past a rule that they do not meet": ([A, "reject 3 > any", B], Merge((0, 2), "source", 0)),
    "the second cannot go up, but the first can go down": (
        [A, "reject 2 > any", "permit 2-3 > 8 tcp 80"],
        Merge((0, 2), "source", 2),
    ),
    "the first cannot go down, but the second can go up": ([A, "reject 1 > any", B], Merge((0, 2), "source", 0)),
    "neither way": ([A, "reject 1-2 > any", "permit 2-3 > 8 tcp 80", "reject any > 8"], None),
    "an earlier rule takes what is in the way of the second": (
        [A, "permit 3 > 8", "reject 1,3 > any", "permit 3-4 > 8 tcp 80"],
        Merge((0, 3), "source", 0),
    ),
    "a rule with the same outcome shields the first on its way down": (
        ["permit 1-2 > 8", "permit 1 > any", "reject 1,3 > any", "permit 3-4 > 8"],
        Merge((0, 3), "source", 3),
    ),
    "not past a rule that logs them": ([A, "log 1-2 > any", B], None),
    "past a rule that logs others": ([A, "log 3 > any", B], Merge((0, 2), "source", 0)),
    "a disabled rule is in nobody's way": ([A, "reject 1-2 > any off", B], Merge((0, 2), "source", 0)),
    "the same condition": ([f"{A} if time:work=yes", f"{B} if time:work=yes"], Merge((0, 1), "source", 0)),
    "different conditions": ([f"{A} if time:work=yes", f"{B} if time:night=yes"], None),
    "a condition of the rule in between may not hold": ([A, "reject 1-2 > any if fqdn:a", B], None),
}


def _merges(lines: list[str], *others: Policy, limits: Limits | None = None) -> tuple[Merge, ...]:
    policies = (policy([*lines, "deny any > any"]), *others)
    return (analyze_policies(policies, limits) if limits else analyze_policies(policies))[0].merges


@pytest.mark.parametrize("title", WORKED)
def test_worked(title: str) -> None:
    lines, merge = WORKED[title]
    assert _merges(lines) == ((merge,) if merge else ())


def test_not_past_a_call_that_they_take() -> None:
    called = chain("CALLED", ["reject 2 > 9"])
    assert _merges([A, "call CALLED 1-2 > any", B], called) == ()
    assert _merges([A, "call CALLED 5 > any", B], called) == (Merge((0, 2), "source", 0),)


def test_a_called_list_has_merges_of_its_own() -> None:
    called = chain("CALLED", [A, "reject 5 > any", B])
    results = analyze_policies((policy(["call CALLED any > any", "deny any > any"]), called))
    assert results[1].merges == (Merge((0, 2), "source", 0),)


def test_a_rule_is_in_one_merge_only() -> None:
    (found,) = _merges([A, B, C, "permit 1 > 8 tcp 443"])
    assert found == Merge((0, 1, 2), "source", 0)


def test_what_takes_too_much_work_is_not_merged() -> None:
    lines, merge = WORKED["an earlier rule takes what is in the way of the second"]
    assert _merges(lines, limits=Limits()) == (merge,)
    assert _merges(lines, limits=Limits(states=199)) == ()
    assert _merges([A, B], limits=Limits(states=199)) == (Merge((0, 1), "source", 0),)
