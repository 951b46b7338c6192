"""Coordinate compression: every field value as intervals of small ranks.

Nothing behind this module does arithmetic on addresses. A field's distinct values get numbers; the ends of
their intervals, sorted, become ranks. ``low`` and ``high`` (exclusive) hold the rank intervals of all values
one after the other; ``start[v]:start[v + 1]`` are those of value v.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Axis:
    """One field of one listing: its distinct values in rank coordinates."""

    def __init__(self, field: Field, values: Sequence[IntervalSet]) -> None:
        self.field = field
        self.values = tuple(values)
        ends = {end for value in values for low, high in value for end in (low, high + 1)}
        self.cuts: tuple[int, ...] = tuple(sorted(ends))
        """Field values at the ranks: rank r is everything from ``cuts[r]`` up to before ``cuts[r + 1]``."""
        rank = {cut: position for position, cut in enumerate(self.cuts)}
        pairs = [(rank[low], rank[high + 1]) for value in values for low, high in value]
        flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self.low: Ints = np.ascontiguousarray(flat[:, 0])
        self.high: Ints = np.ascontiguousarray(flat[:, 1])
        counts = np.array([len(value.intervals) for value in values], dtype=np.int64)
        self.start: Ints = np.concatenate(([0], np.cumsum(counts)))
        owner = np.repeat(np.arange(len(values)), counts)
        self._stride = max(len(self.cuts), 1)
        self._keys: Ints = owner * self._stride + self.low
        self.first: Ints = self.low[self.start[:-1]] if len(self.low) else np.zeros(0, dtype=np.int64)
        self.last: Ints = self.high[self.start[1:] - 1] - 1 if len(self.low) else self.first
        self._ranks: dict[int, IntervalSet] = {}
        self._sizes: tuple[int, ...] = tuple(b - a for a, b in pairwise(self.cuts))

    def __len__(self) -> int:
        return len(self.values)

    def size(self, low: int, high: int) -> int:
        """Return how many field values lie in the ranks ``low`` to ``high`` (exclusive)."""
        return self.cuts[high] - self.cuts[low]

    def rank(self, value: int) -> int:
        """Return the rank of a field value that lies in one of the axis's values, -1 for a smaller one."""
        return bisect_right(self.cuts, value) - 1

    def intervals(self, value: int) -> tuple[Ints, Ints]:
        """Return the rank intervals of one value: lows and exclusive highs."""
        span = slice(self.start[value], self.start[value + 1])
        return self.low[span], self.high[span]

    def holds(self, values: Ints, ranks: Ints) -> Bools:
        """Return, pair by pair, whether a value contains a rank."""
        at = np.searchsorted(self._keys, values * self._stride + ranks, side="right") - 1
        return (at >= self.start[values]) & (ranks < self.high[at])

    def ranks_of(self, value: int) -> IntervalSet:
        """Return one value as a set of ranks."""
        found = self._ranks.get(value)
        if found is None:
            lows, highs = self.intervals(value)
            found = IntervalSet(tuple(zip(lows.tolist(), (highs - 1).tolist(), strict=True)))
            self._ranks[value] = found
        return found

    def bounds(self, part: IntervalSet) -> tuple[Ints, Ints]:
        """Return the lows and exclusive highs of a set of ranks."""
        pairs = np.array(part.intervals, dtype=np.int64)
        return pairs[:, 0], pairs[:, 1] + 1

    def around(self, values: Ints, value: int) -> Bools:
        """Return which of some values contain a value."""
        return self.compare(values, *self.intervals(value))[1]

    def compare(self, values: Ints, lows: Ints, highs: Ints) -> tuple[Bools, Bools]:
        """Return which of some values overlap a set of rank intervals, and which contain it.

        A set is inside a value exactly when each of its intervals is inside one of the value's, because intervals
        of a value never touch.
        """
        if len(lows) == 1:
            low, high = int(lows[0]), int(highs[0])
            base = values * self._stride
            at = np.searchsorted(self._keys, base + high - 1, side="right") - 1
            begins = self.start[values]
            here = at >= begins
            ends = self.high[at]
            touch: Bools = here & (ends > low)
            around: Bools = here & (ends >= high) & (self.low[at] <= low)
            return touch, around
        owner, at = self.spread(values)
        begins, ends = self.low[at], self.high[at]
        met = np.searchsorted(lows, ends, side="left") - np.searchsorted(highs, begins, side="right")
        inside = np.searchsorted(highs, ends, side="right") - np.searchsorted(lows, begins, side="left")
        touching = np.bincount(owner, met > 0, minlength=len(values)) > 0
        held = np.bincount(owner, np.maximum(inside, 0), minlength=len(values)) == len(lows)
        return touching, held

    def disjoint_sizes(self, values: Ints, part: IntervalSet) -> NDArray[np.object_] | None:
        """Return how many field values some values share with one interval of ranks, None where two of them overlap.

        Also None for values of several intervals, and for a part of several.
        """
        if len(part.intervals) != 1 or (self.start[values + 1] - self.start[values] != 1).any():
            return None
        at = self.start[values]
        low = np.maximum(self.low[at], part.intervals[0][0])
        high = np.minimum(self.high[at], part.intervals[0][1] + 1)
        order = np.argsort(low)
        if (low[order][1:] < high[order][:-1]).any():
            return None
        return np.asarray(self._exact[high] - self._exact[low])

    @cached_property
    def _exact(self) -> NDArray[np.object_]:
        """Return the cuts as Python integers in an array, or as machine integers where they fit."""
        fits = not self.cuts or self.cuts[-1] < 1 << 62
        return np.array(self.cuts, dtype=np.int64 if fits else np.object_)

    def spread(self, values: Ints) -> tuple[Ints, Ints]:
        """Return the places of all intervals of some values, each with the position of its value before it."""
        counts = self.start[values + 1] - self.start[values]
        owner = np.repeat(np.arange(len(values)), counts)
        return owner, np.arange(len(owner)) + np.repeat(self.start[values] - (np.cumsum(counts) - counts), counts)


class Space:
    """All boxes of one listing: a row of value numbers for each term, a column for each axis in use."""

    def __init__(self, boxes: Iterable[Term]) -> None:
        terms = tuple(boxes)
        columns = _columns(terms)
        kept = [field for field in Field if field in columns and (len(columns[field][1]) > 1 or field in _ALWAYS)]
        self.axes: tuple[Axis, ...] = tuple(Axis(field, columns[field][1]) for field in kept)
        stacked = [columns[field][0] for field in kept]
        self.boxes: Ints = np.stack(stacked, axis=1) if kept else np.zeros((len(terms), 0), dtype=np.int64)
        self.fixed: dict[Field, IntervalSet] = {
            field: values[0] for field, (_, values) in columns.items() if field not in kept
        }
        """Fields that have the same set in every box: they never separate two boxes."""


_ALWAYS = frozenset({Field.SOURCE, Field.DESTINATION, Field.PROTOCOL})


def _columns(terms: Sequence[Term]) -> dict[Field, tuple[Ints, list[IntervalSet]]]:
    """Return for each restricted field the number of every term's value, and the distinct values by number."""
    numbers: dict[Field, dict[IntervalSet, int]] = {}
    by_identity: dict[tuple[Field, int], int] = {}
    columns: dict[Field, list[int]] = {}
    for position, term in enumerate(terms):
        for field, values in term.sets.items():
            number = by_identity.get((field, id(values)))
            if number is None:
                known = numbers.setdefault(field, {})
                number = by_identity[field, id(values)] = known.setdefault(values, len(known))
            column = columns.get(field)
            if column is None:
                column = columns[field] = [-1] * len(terms)
            column[position] = number
    return {field: _complete(field, column, numbers[field]) for field, column in columns.items()}


def _complete(field: Field, column: Sequence[int], numbers: dict[IntervalSet, int]) -> tuple[Ints, list[IntervalSet]]:
    """Give terms that do not restrict a field the number of its whole domain."""
    found = np.array(column, dtype=np.int64)
    missing = found < 0
    if missing.any():
        found[missing] = numbers.setdefault(DOMAIN[field], len(numbers))
    return found, list(numbers)
