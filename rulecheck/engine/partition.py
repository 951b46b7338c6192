"""The second exact method: a box cut up by who takes what first, by recursion over its axes.

For each atom of the first axis only the rows that hold it stay active; equal sets of active rows are met once
(memo), and rows behind one that holds everything left are dropped. A leaf knows the first active row. The same
recursion counts packets for each class of rows and finds out whether a class is reached at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from rulecheck.engine.local import Local, Words
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.verdict import Limits

NOBODY = -1
"""The class of packets that no row takes."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis: for each atom its number, its size, and the rows that hold it as a bit set."""

    dimension: int
    atoms: tuple[tuple[int, int, int], ...]
    size: int


class Partition:
    """The first takers of a box's packets among the rows of a local problem, in row order.

    ``classes`` gives the class of each row: neighbours of one class need not be told apart, which keeps the
    recursion small.
    """

    def __init__(self, local: Local, classes: Sequence[int], limits: Limits) -> None:
        self._local = local
        self._limit = limits.states
        self._classes = classes
        self._of_class: dict[int, int] = {}
        for row, number in enumerate(classes):
            self._of_class[number] = self._of_class.get(number, 0) | 1 << row
        self._axes = _axes(local)
        self._complete = self._complete_rows()
        self._sizes = [prod(axis.size for axis in self._axes[depth:]) for depth in range(len(self._axes) + 1)]
        self.start = sum(1 << row for row in local.all.tolist())
        self._counts: dict[tuple[int, int], dict[int, int]] = {}
        self._dead_ends: set[tuple[int, int]] = set()

    def _complete_rows(self) -> list[int]:
        """Return for each depth the rows that hold all atoms of that axis and of all behind it."""
        every = (1 << self._local.count) - 1
        complete = [every]
        for axis in reversed(self._axes):
            holding = every
            for _, _, rows in axis.atoms:
                holding &= rows
            complete.append(complete[-1] & holding)
        return complete[::-1]

    def settle(self, depth: int, active: int) -> tuple[int, int | None]:
        """Drop rows that cannot matter; return the rest, and the class that takes all that is left if there is one."""
        complete = active & self._complete[depth]
        if complete:
            last = complete & -complete
            number = self._classes[last.bit_length() - 1]
            others = active & (last - 1) & ~self._of_class[number]
            if not others:
                return last, number
            active = active & ((1 << others.bit_length()) - 1) | last
        return active, NOBODY if not active else None

    def counts(self) -> dict[int, int]:
        """Return how many packets of the box each class takes first, :data:`NOBODY` included.

        Raises:
            TooManyPiecesError: the recursion passed the limits.
        """
        scale = self._local.uncut
        return {number: packets * scale for number, packets in self._count(0, self.start).items()}

    def _count(self, depth: int, active: int) -> dict[int, int]:
        active, settled = self.settle(depth, active)
        if settled is not None:
            return {settled: self._sizes[depth]}
        key = depth, active
        known = self._counts.get(key)
        if known is not None:
            return known
        self._bound(len(self._counts))
        total: dict[int, int] = {}
        for rows, (size, _) in self.groups(depth, active).items():
            for number, packets in self._count(depth + 1, rows).items():
                total[number] = total.get(number, 0) + packets * size
        self._counts[key] = total
        return total

    def reaches(self, wanted: int) -> Words | None:
        """Return a piece of the box whose packets a row of class ``wanted`` takes first, None if there is none.

        Raises:
            TooManyPiecesError: the recursion passed the limits.
        """
        path: list[int] = []
        if not self._reach(0, self.start, wanted, path):
            return None
        piece = self._local.whole.copy()
        for axis, atom in zip(self._axes, path, strict=False):
            self._local.restrict(piece, axis.dimension, atom)
        return piece

    def _reach(self, depth: int, active: int, wanted: int, path: list[int]) -> bool:
        active, settled = self.settle(depth, active)
        if settled is not None:
            return settled == wanted
        if (depth, active) in self._dead_ends:
            return False
        self._bound(len(self._dead_ends))
        for rows, (_, atom) in self.groups(depth, active).items():
            path.append(atom)
            if self._reach(depth + 1, rows, wanted, path):
                return True
            path.pop()
        self._dead_ends.add((depth, active))
        return False

    def groups(self, depth: int, active: int) -> dict[int, tuple[int, int]]:
        """Return the distinct sets of active rows on an axis, each with its size and one of its atoms."""
        groups: dict[int, tuple[int, int]] = {}
        for atom, size, rows in self._axes[depth].atoms:
            here = rows & active
            known = groups.get(here)
            groups[here] = (size, atom) if known is None else (known[0] + size, known[1])
        return groups

    def _bound(self, states: int) -> None:
        if states > self._limit:
            raise TooManyPiecesError("the rules overlap in too many ways to decide it within the work limit")


def _axes(local: Local) -> tuple[_Axis, ...]:
    """Return the axes of a local problem, the one with the most atoms first: it separates the rows best."""
    found: list[_Axis] = []
    for number, (flags, sizes) in enumerate(local.flags()):
        columns = np.packbits(flags, axis=0, bitorder="little").T
        rows = [int.from_bytes(column.tobytes(), "little") for column in columns]
        atoms = tuple(zip(range(len(sizes)), sizes, rows, strict=True))
        found.append(_Axis(number, atoms, sum(sizes)))
    return tuple(sorted(found, key=lambda axis: (-len(axis.atoms), axis.dimension)))
