"""The decision procedure behind all questions: who takes which packets, as a shared decision diagram.

For each class of values of the first axis only the rows that hold it stay active, in every column; the same sets of
active rows are met once, parts that turn out alike are one node, and rows behind one that takes all that is left
are dropped. Conditions come last (:mod:`rulecheck.engine.questions.cases`). The recursion counts packets and lists
regions without looking at any part twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.questions.cases import Case, Labels, Leaf, leaf_of, simplified
from rulecheck.engine.questions.limits import QuestionLimits
from rulecheck.engine.questions.problem import WHOLE, Needs, Problem
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import Interval, IntervalSet

Rows = tuple[int, ...]
"""Numbers of the active rows of one column, in order; the last takes all that is left."""

SAME = -1
"""The label of every column where all columns agree, in a diagram of differences."""


@dataclass(frozen=True, slots=True)
class Product:
    """Packets of a product of field sets that all end in the same leaf. Fields without a set are unrestricted.

    ``given`` are conditions under which the packets were asked about.
    """

    sets: Mapping[Field, IntervalSet]
    leaf: Leaf
    given: Needs = ()


@dataclass(frozen=True, slots=True)
class _Node:
    axis: int
    parts: tuple[tuple[IntervalSet, int], ...]


class Diagram:
    """What happens to the packets of a problem. ``differences``: only where the columns disagree is of interest.

    Raises:
        TooManyPiecesError: the work passed the limits. ``partial`` then has a product of each leaf found so far.
    """

    def __init__(self, problem: Problem, limits: QuestionLimits, *, differences: bool = False) -> None:
        self._problem = problem
        self._limits = limits
        self._differences = differences
        self._nodes: list[_Node] = []
        self._leaves: list[Leaf] = []
        self._numbers: dict[Leaf, int] = {}
        self._shared: dict[_Node, int] = {}
        self._met: dict[tuple[int, tuple[Rows, ...]], int] = {}
        self._given: Needs = tuple(sorted(problem.region.conditions.items()))
        self._path: list[tuple[int, IntervalSet]] = []
        self._steps = 0
        self.partial: dict[Leaf, Product] = {}
        self._root: int | None = None

    def build(self) -> None:
        """Run the recursion.

        Raises:
            TooManyPiecesError: the work passed the limits.
        """
        if self._root is None:
            self._root = self._meet(0, self._problem.columns)

    # --- the recursion; leaves have negative numbers ---

    def _meet(self, axis: int, columns: tuple[Rows, ...]) -> int:
        columns = tuple(self._settle(axis, rows) for rows in columns)
        if all(len(rows) == 1 for rows in columns) or (self._differences and len(set(columns)) == 1):
            return self._leaf(tuple(rows[-1:] for rows in columns))
        axis = self._next_axis(axis, columns)
        key = axis, columns
        known = self._met.get(key)
        if known is None:
            known = self._leaf(columns) if axis == len(self._problem.axes) else self._cut(axis, columns)
            self._met[key] = known
        return known

    def _settle(self, axis: int, rows: Rows) -> Rows:
        """Drop rows that cannot matter any more: those behind, and those that say the same just before it."""
        every = self._problem.rows
        self._spend(len(rows))
        last = next(place for place, row in enumerate(rows) if every[row].takes_all_from <= axis)
        first, label = last, every[rows[last]].label
        while first and every[rows[first - 1]].label == label:
            first -= 1
        return rows if first == len(rows) - 1 else (*rows[:first], rows[last])

    def _next_axis(self, axis: int, columns: tuple[Rows, ...]) -> int:
        every = self._problem.rows
        active = {row for rows in columns for row in rows}
        for place in range(axis, len(self._problem.axes)):
            if any(every[row].cells[place] != WHOLE for row in active):
                return place
        return len(self._problem.axes)

    def _cut(self, axis: int, columns: tuple[Rows, ...]) -> int:
        children: dict[int, list[Interval]] = {}
        for part, rows in self._split(axis, columns):
            self._path.append((axis, part))
            child = self._meet(axis + 1, rows)
            self._path.pop()
            children.setdefault(child, []).extend(part)
        if len(children) == 1:
            return next(iter(children))
        parts = sorted((IntervalSet.merged(pairs).intervals, child) for child, pairs in children.items())
        return self._node(_Node(axis, tuple((IntervalSet(pairs), child) for pairs, child in parts)))

    def _node(self, node: _Node) -> int:
        number = self._shared.setdefault(node, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
        return number

    def _split(self, axis: int, columns: tuple[Rows, ...]) -> Iterator[tuple[IntervalSet, tuple[Rows, ...]]]:
        """Yield classes of values of an axis that are in the same rows, and the rows of each column."""
        active = list(dict.fromkeys(row for rows in columns for row in rows))
        place = {row: number for number, row in enumerate(active)}
        places = [np.array([place[row] for row in rows], dtype=np.int64) for rows in columns]
        numbers = [np.array(rows, dtype=np.int64) for rows in columns]
        for mask, pairs in self._classes(axis, active).items():
            self._spend(len(active))
            held = _bits(mask, len(active))
            chosen = tuple(tuple(rows[held[at]].tolist()) for rows, at in zip(numbers, places, strict=True))
            yield IntervalSet(tuple(pairs)), chosen

    def _classes(self, axis: int, active: list[int]) -> dict[int, list[Interval]]:
        """Sweep over an axis: for each set of rows (bits are places in ``active``) the intervals that they hold."""
        start = 0
        masks: dict[int, int] = {}
        for place, row in enumerate(active):
            cell = self._problem.rows[row].cells[axis]
            if cell == WHOLE:
                start |= 1 << place
            else:
                masks[cell] = masks.get(cell, 0) | 1 << place
        values = self._problem.values[axis]
        flips: dict[int, int] = {}
        for cell, mask in masks.items():
            for low, high in values[cell]:
                flips[low] = flips.get(low, 0) ^ mask
                flips[high + 1] = flips.get(high + 1, 0) ^ mask
        self._spend(len(flips))
        return _sweep(flips, start, values[WHOLE])

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > self._limits.steps or len(self._met) > self._limits.nodes:
            raise TooManyPiecesError("the rules overlap in too many ways to answer within the work limit")

    # --- leaves ---

    def _leaf(self, columns: tuple[Rows, ...]) -> int:
        every = self._problem.rows
        self._spend(prod(map(len, columns)))
        leaf = leaf_of([[every[row] for row in rows] for rows in columns], self._limits.cases)
        if self._differences:
            leaf = simplified(Case(case.needs, _unlike(case.labels)) for case in leaf)
        number = self._numbers.setdefault(leaf, len(self._leaves))
        if number == len(self._leaves):
            self._leaves.append(leaf)
            self.partial[leaf] = Product(self._restricted(dict(self._path)), leaf, self._given)
        return -1 - number

    def _restricted(self, path: Mapping[int, IntervalSet]) -> dict[Field, IntervalSet]:
        """Return the region's sets with some axes cut down further."""
        cut = {self._problem.axes[axis]: values for axis, values in path.items()}
        return {**self._problem.region.sets, **cut}

    # --- what the diagram says ---

    def products(self) -> list[Product]:
        """Return all packets as disjoint products, in a diagram of differences only those that differ somewhere.

        Raises:
            TooManyPiecesError: there are more products than the limits allow.
        """
        self.build()
        assert self._root is not None
        if self._paths() > self._limits.regions:
            raise TooManyPiecesError(f"the answer has more than {self._limits.regions:,} regions")
        return list(self._walk(self._root, {}))

    def _walk(self, number: int, path: dict[int, IntervalSet]) -> Iterator[Product]:
        if number < 0:
            leaf = self._leaves[-1 - number]
            if not is_same(leaf):
                yield Product(self._restricted(path), leaf, self._given)
            return
        node = self._nodes[number]
        for values, child in node.parts:
            yield from self._walk(child, {**path, node.axis: values})

    def _paths(self) -> int:
        """Return how many products there are. Nodes come after their children, so one pass suffices."""
        assert self._root is not None
        counts: list[int] = []

        def count(number: int) -> int:
            return counts[number] if number >= 0 else int(not is_same(self._leaves[-1 - number]))

        for node in self._nodes:
            counts += [sum(count(child) for _, child in node.parts)]
        return count(self._root)

    def packets(self) -> dict[Leaf, int]:
        """Return how many packets end in each leaf, whatever the conditions are.

        Raises:
            TooManyPiecesError: the recursion passed the limits.
        """
        self.build()
        assert self._root is not None
        behind = [1]
        for values in reversed(self._problem.values):
            behind.append(behind[-1] * values[WHOLE].size)
        behind.reverse()
        shares: list[dict[int, int]] = []
        for node in self._nodes:
            shares.append(self._share(node, behind, shares))
        found = shares[self._root] if self._root >= 0 else {self._root: 1}
        scale = behind[0] // behind[self._axis_of(self._root)] * (volume(self._problem.region.sets) // behind[0])
        return {self._leaves[-1 - leaf]: count * scale for leaf, count in found.items()}

    def _axis_of(self, number: int) -> int:
        return self._nodes[number].axis if number >= 0 else len(self._problem.axes)

    def _share(self, node: _Node, behind: list[int], shares: list[dict[int, int]]) -> dict[int, int]:
        total: dict[int, int] = {}
        for values, child in node.parts:
            scale = values.size * (behind[node.axis + 1] // behind[self._axis_of(child)])
            for leaf, count in (shares[child] if child >= 0 else {child: 1}).items():
                total[leaf] = total.get(leaf, 0) + count * scale
        return total


def volume(sets: Mapping[Field, IntervalSet]) -> int:
    """Return how many packets a product holds, over all fields that a packet can have."""
    return prod(sets.get(field, domain).size for field, domain in DOMAIN.items())


def _sweep(flips: Mapping[int, int], mask: int, whole: IntervalSet) -> dict[int, list[Interval]]:
    """Return the intervals of ``whole`` by the mask that is valid there; it changes as ``flips`` says."""
    found: dict[int, list[Interval]] = {}
    ends = sorted(flips)
    at = 0
    for low, high in whole:
        while at < len(ends) and ends[at] <= low:
            mask ^= flips[ends[at]]
            at += 1
        while at < len(ends) and ends[at] <= high:
            found.setdefault(mask, []).append((low, ends[at] - 1))
            low = ends[at]
            mask ^= flips[low]
            at += 1
        found.setdefault(mask, []).append((low, high))
    return found


def _bits(mask: int, count: int) -> NDArray[np.bool_]:
    raw = np.frombuffer(mask.to_bytes(-(-count // 8), "little"), dtype=np.uint8)
    return np.unpackbits(raw, count=count, bitorder="little").view(np.bool_)


def _unlike(labels: Labels) -> Labels:
    return labels if len(set(labels)) > 1 else (SAME,) * len(labels)


def is_same(leaf: Leaf) -> bool:
    """Return whether all columns agree on the packets of a leaf, in a diagram of differences."""
    return len(leaf) == 1 and leaf[0].labels[0] == SAME
