"""Interval sets are sets: their operations are compared with those of Python's own sets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.model.intervals import IntervalSet

_ENDS = st.integers(0, 60)
_PAIRS = st.tuples(_ENDS, st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
_SETS = st.lists(_PAIRS, max_size=14).map(IntervalSet.merged)


def members(values: IntervalSet) -> set[int]:
    return {number for low, high in values.intervals for number in range(low, high + 1)}


def canonical(values: IntervalSet) -> bool:
    pairs = values.intervals
    return all(low <= high for low, high in pairs) and all(one[1] + 1 < two[0] for one, two in pairwise(pairs))


@given(one=_SETS, two=_SETS)
def test_operations_are_those_of_sets(one: IntervalSet, two: IntervalSet) -> None:
    mine, theirs = members(one), members(two)
    for found, expected in ((one & two, mine & theirs), (one | two, mine | theirs), (one - two, mine - theirs)):
        assert members(found) == expected
        assert canonical(found)
    assert one.meets(two) == bool(mine & theirs)
    assert (one <= two) == (mine <= theirs)
    assert one.size == len(mine)
    assert all((number in one) == (number in mine) for number in range(70))


@given(st.lists(_PAIRS, max_size=14))
def test_any_order_of_pairs_makes_the_same_set(pairs: list[tuple[int, int]]) -> None:
    found = IntervalSet.merged(iter(pairs))
    assert members(found) == {number for low, high in pairs for number in range(low, high + 1)}
    assert canonical(found)
    assert found == IntervalSet.of(*reversed(pairs))


@given(st.lists(_SETS, max_size=5))
def test_a_union_of_many_is_that_of_sets(sets: list[IntervalSet]) -> None:
    found = IntervalSet.union_of(iter(sets))
    assert members(found) == set().union(*map(members, sets))
    assert canonical(found)


def test_an_interval_that_is_upside_down_is_an_error_wherever_it_stands() -> None:
    for pairs in ([(5, 4)], [(1, 9), (5, 4)], [(1, 2), (9, 8)], [(3, 2), (1, 9)]):
        with pytest.raises(ValueError, match="upside down"):
            IntervalSet.merged(pairs)
