"""Inputs made to be slow end as an answer or as "undecided", soon."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from rulecheck.engine.questions import Equivalence, QuestionLimits, Side, compare, decision_map
from rulecheck.engine.verdict import Limits
from rulecheck.model.device import Policy
from tests.engine.notation import chain, policy

LIMITS = QuestionLimits(nodes=5_000, steps=500_000, regions=500, cases=60, unfolding=Limits(entries=3_000))


def _conditional(count: int, last: str) -> Policy:
    verbs = ("permit", "deny")
    lines = [f"{verbs[n % 2]} any > any if test:{n}" for n in range(count)]
    return policy([*lines, f"{last} any > any"])


def test_a_few_hundred_unknown_conditions_on_the_same_packets() -> None:
    before, after = _conditional(300, "permit"), _conditional(300, "deny")
    assert compare(Side((before,), 0), Side((before,), 0), None, LIMITS).answer is Equivalence.EQUIVALENT
    found = compare(Side((before,), 0), Side((after,), 0), None, LIMITS)
    assert found.answer is Equivalence.UNDECIDED
    assert found.reason
    short = _conditional(20, "permit"), _conditional(20, "deny")
    answer = compare(Side((short[0],), 0), Side((short[1],), 0), None, LIMITS)
    assert answer.answer is Equivalence.UNDECIDED
    assert not answer.limit
    assert len(answer.because) == 20


def _stairs(count: int, step: int) -> list[str]:
    """Return rules that overlap each other in both directions."""
    verbs = ("permit", "deny", "reject")
    return [f"{verbs[n % 3]} {n}-{count + n} > {n * step % count}-{count + n * step % count}" for n in range(count)]


@pytest.mark.parametrize("count", [60, 400])
def test_rules_that_overlap_in_every_way(count: int) -> None:
    before, after = policy(_stairs(count, 7)), policy(_stairs(count, 11))
    found = decision_map(Side((before,), 0), None, LIMITS)
    assert found.regions
    assert found.limit or sum(one.share for one in found.regions) > 0.999
    compared = compare(Side((before,), 0), Side((after,), 0), None, LIMITS)
    assert compared.answer is Equivalence.DIFFERENT
    assert any(one.certain for one in compared.differences)


def _unions(bits: int) -> Sequence[str]:
    """Return rules whose union needs very many products: one bit of the source or one of the destination."""

    def ones(bit: int) -> str:
        return ",".join(f"{n}" for n in range(1 << bits) if n >> bit & 1)

    return [f"permit {ones(bit)} > {ones(bits - 1 - bit)}" for bit in range(bits)]


def test_a_map_with_too_many_regions_gives_examples() -> None:
    lists = (policy(_unions(7)),)
    found = decision_map(Side(lists, 0), None, QuestionLimits(regions=20))
    assert "more than 20 regions" in found.limit
    assert {case.decision.outcome.label for one in found.regions for case in one.cases} == {"permit", "deny"}


def test_calls_that_unfold_without_end() -> None:
    names = [f"L{n}" for n in range(20)]
    lists = [policy([f"call {names[0]} any > any"])]
    for here, there in pairwise(names):
        lists.append(chain(here, [f"call {there} any > any"] * 4))
    lists.append(chain(names[-1], ["permit 1 > any"]))
    found = decision_map(Side(lists, 0), None, LIMITS)
    assert found.limit
    compared = compare(Side(lists, 0), Side(lists, 0), None, LIMITS)
    assert compared.answer is Equivalence.UNDECIDED
    assert compared.reason
