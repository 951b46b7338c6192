"""Coordinate compression: every field value as intervals of small ranks.

Nothing behind this module does arithmetic on addresses. A field's distinct values get numbers; the ends of
their intervals, sorted, become ranks. ``low`` and ``high`` (exclusive) hold the rank intervals of all values
one after the other; ``start[v]:start[v + 1]`` are those of value v.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.terms import value_of
from rulecheck.model.fields import Field
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

    def relate(self, values: Ints) -> tuple[Bools, Bools]:
        """Compare some values with all: which overlap them, and which contain them.

        Both results have one row for each of ``values`` and one column for each value of the axis.
        """
        shape = (len(values), len(self))
        overlap, contain = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        single = self.start[values + 1] - self.start[values] == 1
        rows = np.flatnonzero(single)
        if len(rows):
            overlap[rows], contain[rows] = self._relate_single(values[rows])
        for row in np.flatnonzero(~single):
            overlap[row], contain[row] = self._relate_many(int(values[row]))
        return overlap, contain

    def _relate_single(self, values: Ints) -> tuple[Bools, Bools]:
        low, high = self.low[self.start[values], None], self.high[self.start[values], None]
        touching = (self.low < high) & (self.high > low)
        around = (self.low <= low) & (self.high >= high)
        if len(self.low) == len(self):
            return touching, around
        begins = self.start[:-1]
        return np.logical_or.reduceat(touching, begins, axis=1), np.logical_or.reduceat(around, begins, axis=1)

    def _relate_many(self, value: int) -> tuple[Bools, Bools]:
        low, high = self.intervals(value)
        steps = np.zeros(len(self.cuts) + 1, dtype=np.int64)
        steps[low] += 1
        steps[high] -= 1
        covered = np.concatenate(([0], np.cumsum(np.cumsum(steps[:-1]))))
        common = np.add.reduceat(covered[self.high] - covered[self.low], self.start[:-1])
        return common > 0, common == int((high - low).sum())


class Space:
    """All boxes of one listing: a row of value numbers for each term, a column for each axis in use."""

    def __init__(self, boxes: Iterable[Term]) -> None:
        terms = tuple(boxes)
        used = {field for term in terms for field in term.sets}
        self.axes: tuple[Axis, ...] = ()
        columns: list[Ints] = []
        axes: list[Axis] = []
        for field in Field:
            if field not in used:
                continue
            column, values = _number([value_of(term.sets, field) for term in terms])
            if len(values) > 1 or field in _ALWAYS:
                axes.append(Axis(field, values))
                columns.append(column)
        self.axes = tuple(axes)
        self.boxes: Ints = np.stack(columns, axis=1) if columns else np.zeros((len(terms), 0), dtype=np.int64)
        self.fixed: dict[Field, IntervalSet] = {
            field: value_of(terms[0].sets, field)
            for field in used
            if terms and field not in {axis.field for axis in axes}
        }
        """Fields that have the same set in every box: they never separate two boxes."""


_ALWAYS = frozenset({Field.SOURCE, Field.DESTINATION, Field.PROTOCOL})


def _number(values: Sequence[IntervalSet]) -> tuple[Ints, list[IntervalSet]]:
    """Number distinct values in order of appearance."""
    numbers: dict[IntervalSet, int] = {}
    by_identity: dict[int, int] = {}
    column = np.empty(len(values), dtype=np.int64)
    for position, value in enumerate(values):
        number = by_identity.get(id(value))
        if number is None:
            number = by_identity[id(value)] = numbers.setdefault(value, len(numbers))
        column[position] = number
    return column, list(numbers)
