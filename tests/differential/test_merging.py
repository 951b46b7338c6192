"""Merges against brute force: on random lists, with calls, with unknown conditions, and on lists made for merging."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rulecheck.engine import analyze_policies
from rulecheck.engine.verdict import Merge
from rulecheck.model.device import Policy
from tests.differential import merging
from tests.differential.brute import Device
from tests.differential.claims import Case
from tests.differential.test_engine import case_of
from tests.engine.notation import policy
from tests.strategies import chained_policies, single_policies, thorough


@given(policies=single_policies(most=14))
@thorough(400)
def test_lists(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    merging.check_merges(case)
    merging.check_neighbours(case)


@given(policies=chained_policies())
@thorough(400)
def test_lists_that_call_each_other(policies: tuple[Policy, ...]) -> None:
    case = case_of(policies)
    merging.check_merges(case)
    merging.check_neighbours(case)


@given(policies=single_policies(conditional=True) | chained_policies(conditional=True))
@thorough(400)
def test_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    merging.check_merges(case_of(policies))


_ADDRESS = st.sampled_from(["1", "2", "3", "4", "1-2", "2-3", "5,7"])
_LINES = st.builds(
    "{} {} > {} tcp {}".format,
    st.sampled_from(["permit"] * 5 + ["deny", "log"]),
    _ADDRESS,
    st.sampled_from(["8", "8", "9"]),
    st.sampled_from(["80", "80", "443"]),
)


@given(lines=st.lists(_LINES, min_size=3, max_size=10))
@thorough(600)
def test_lists_in_which_much_can_become_one(lines: list[str]) -> None:
    policies = (policy([*lines, "deny any > any"]),)
    case = Case(policies, analyze_policies(policies), Device(policies))
    merging.check_merges(case)
    merging.check_neighbours(case)
    assert sum(len(one.rules) for one in case.results[0].merges) >= _certain(case)


def _certain(case: Case) -> int:
    """Return how many rules the largest merge of two has: a pair that brute force finds anywhere must not be missed.

    Only one pair counts, because the members of one merge are not free for another.
    """
    (listed,), (result,) = case.policies, case.results
    live = [
        rule for rule in listed.rules if result.verdicts[rule.index].kind is None and rule.outcome.verb != "continue"
    ]
    for one, two in combinations(live, 2):
        operand = _differing(one.origin.text, two.origin.text)
        if operand is None:
            continue
        for at in (one.index, two.index):
            after = merging.merged(listed, Merge((one.index, two.index), operand, at))
            if merging.unchanged(case.device, [after]):
                return 2
    return 0


def _differing(one: str, two: str) -> str | None:
    """Return the operand in which two lines of the notation differ, None where it is none or several."""
    mine, theirs = one.split(), two.split()
    places = [place for place, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]]
    if len(mine) != len(theirs) or len(places) != 1:
        return None
    return {1: "source", 3: "destination", 5: "service"}.get(places[0])
