"""Finite unions of integer intervals, the value type of every packet field."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_MANY = 8
"""Intervals from which on it pays to look first at what can meet at all."""

Interval = tuple[int, int]
"""One closed interval ``(low, high)``; both ends belong to it."""


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """A set of integers, kept as sorted, disjoint, non-adjacent closed intervals.

    The form is canonical: two sets are equal exactly when their ``intervals`` are equal.
    Build one with :meth:`of`, which sorts and merges; the constructor trusts its argument.
    """

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, *pairs: Interval) -> IntervalSet:
        """Make a set from intervals in any order, overlapping or not.

        Raises:
            ValueError: an interval has its low end above its high end.
        """
        return cls.merged(pairs)

    @classmethod
    def merged(cls, pairs: Iterable[Interval]) -> IntervalSet:
        """Make a set from an iterable of intervals (see :meth:`of`).

        Pairs that stay as they are become part of the set themselves: large unions take no memory for copies.
        """
        ordered = sorted(pairs)
        if not ordered:
            return EMPTY
        result: list[Interval] = []
        last = ordered[0]
        end = last[1]
        for pair in ordered:
            low, high = pair
            if low > high:
                raise ValueError(f"interval {low}..{high} is upside down")
            if low > end + 1:
                result.append(last)
                last, end = pair, high
            elif high > end:
                last, end = (last[0], high), high
        result.append(last)
        return cls(tuple(result))

    @classmethod
    def points(cls, values: Iterable[int]) -> IntervalSet:
        """Make a set from single integers."""
        return cls.merged((value, value) for value in values)

    @classmethod
    def union_of(cls, sets: Iterable[IntervalSet]) -> IntervalSet:
        """Return the union of many sets in one pass."""
        filled = [one for one in sets if one.intervals]
        if len(filled) == 1:
            return filled[0]
        return cls.merged(chain.from_iterable(one.intervals for one in filled))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            return False
        position = bisect_right(self.intervals, value, key=lambda pair: pair[0]) - 1
        return position >= 0 and value <= self.intervals[position][1]

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __or__(self, other: IntervalSet) -> IntervalSet:
        if not other.intervals:
            return self
        if not self.intervals:
            return other
        return IntervalSet.merged((*self.intervals, *other.intervals))

    def __and__(self, other: IntervalSet) -> IntervalSet:
        result: list[Interval] = []
        mine, theirs = _facing(self.intervals, other.intervals)
        i = j = 0
        while i < len(mine) and j < len(theirs):
            low, high = max(mine[i][0], theirs[j][0]), min(mine[i][1], theirs[j][1])
            if low <= high:
                result.append((low, high))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return IntervalSet(tuple(result))

    def meets(self, other: IntervalSet) -> bool:
        """Return whether the sets have a member in common."""
        mine, theirs = _facing(self.intervals, other.intervals)
        i = j = 0
        while i < len(mine) and j < len(theirs):
            if mine[i][1] < theirs[j][0]:
                i += 1
            elif theirs[j][1] < mine[i][0]:
                j += 1
            else:
                return True
        return False

    def __sub__(self, other: IntervalSet) -> IntervalSet:
        if not self.intervals or not other.intervals:
            return self
        begin, end = _span(self.intervals, other.intervals[0][0], other.intervals[-1][1])
        theirs, j = other.intervals, _span(other.intervals, self.intervals[0][0], self.intervals[0][0])[0]
        result: list[Interval] = list(self.intervals[:begin])
        for low, high in self.intervals[begin:end]:
            while j < len(theirs) and theirs[j][1] < low:
                j += 1
            k = j
            while k < len(theirs) and theirs[k][0] <= high:
                if theirs[k][0] > low:
                    result.append((low, theirs[k][0] - 1))
                low = theirs[k][1] + 1
                k += 1
            if low <= high:
                result.append((low, high))
        result.extend(self.intervals[end:])
        return IntervalSet(tuple(result))

    def __le__(self, other: IntervalSet) -> bool:
        """Return whether every member of this set is in ``other``."""
        theirs, j = _facing(other.intervals, self.intervals)[0], 0
        for low, high in self.intervals:
            while j < len(theirs) and theirs[j][1] < low:
                j += 1
            if j == len(theirs) or theirs[j][0] > low or theirs[j][1] < high:
                return False
        return True

    @property
    def size(self) -> int:
        """Return how many integers belong to the set."""
        return sum(high - low + 1 for low, high in self.intervals)

    @property
    def lowest(self) -> int:
        """Return the smallest member.

        Raises:
            IndexError: the set is empty.
        """
        return self.intervals[0][0]


def _span(pairs: tuple[Interval, ...], low: int, high: int) -> tuple[int, int]:
    """Return the begin and end of the sorted intervals that reach into ``low`` to ``high``."""
    begin = bisect_left(pairs, (low + 1,)) - 1
    if begin < 0 or pairs[begin][1] < low:
        begin += 1
    return begin, max(begin, bisect_left(pairs, (high + 1,)))


def _facing(
    mine: tuple[Interval, ...], theirs: tuple[Interval, ...]
) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    """Return of two sorted lists of intervals what lies within the reach of the other."""
    if not mine or not theirs or len(mine) + len(theirs) < _MANY:
        return mine, theirs
    begin, end = _span(mine, theirs[0][0], theirs[-1][1])
    first, last = _span(theirs, mine[0][0], mine[-1][1])
    return mine[begin:end], theirs[first:last]


EMPTY = IntervalSet()
"""The set without members."""
