"""Removal plans on lists worked out by hand: rules that hold each other up are not removed together."""

from __future__ import annotations

import pytest

from rulecheck.engine import analyze_policies
from tests.differential.brute import Device
from tests.engine.worked import Worked

CASES = (
    Worked("two equal rules", (("permit 1 > any", "redundant"), ("permit 1 > any", "covered"))),
    Worked(
        "a dead call leads to what takes over from a redundant rule",
        (("permit 1 > any", "redundant"), ("call A 1 > any", "shadowed"), ("call A 2-3 > any", "-")),
        (("A", (("permit any > any", "-"),)),),
    ),
    Worked(
        "a dead goto leads to what takes over from a redundant rule",
        (("permit 1 > any", "redundant"), ("goto A 1 > any", "shadowed"), ("call A 2-3 > any", "-")),
        (("A", (("permit any > any", "-"),)),),
    ),
    Worked(
        "a dead return keeps packets away from a later deny",
        (("call A any > any", "-"),),
        (("A", (("permit 4 > any", "redundant"), ("return 4 > any", "shadowed"), ("deny 4-7 > any", "-"))),),
        default="permit",
    ),
)


UNUSED = Worked(
    "two calls that do the same in lists that nothing calls, to a list that leaves with them",
    (("deny any > any", "-"), ("call C any > any", "shadowed")),
    (
        ("A", (("call C 1 > any", "redundant"), ("call B any > any", "-"))),
        ("B", (("call C 1 > any", "shadowed"),)),
        ("C", (("deny any > any", "covered"),)),
    ),
    default="permit",
)


def test_the_plans_of_unused_lists_are_safe_among_themselves() -> None:
    device, results = Device(UNUSED.policies), analyze_policies(UNUSED.policies)
    owners = [(number, index) for number, one in enumerate(results) for index in one.removable]
    assert device.unchanged_without(owners), owners


@pytest.mark.parametrize("worked", CASES, ids=lambda worked: worked.title)
def test_a_plan_changes_no_outcome(worked: Worked) -> None:
    device = Device(worked.policies)
    results = analyze_policies(worked.policies)
    found = tuple({i: v.kind.value if v.kind else "-" for i, v in one.verdicts.items()} for one in results)
    assert found == worked.kinds
    owners = [(number, index) for number, one in enumerate(results) for index in one.removable]
    assert owners
    assert device.unchanged_without(owners), owners
