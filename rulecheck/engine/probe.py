"""Points and boxes prepared for comparison with blocks of rows, operand by operand.

The axes are taken in three groups: source, destination, and everything else (the service). Within a group many boxes
share their values, so each block computes one bit set for each distinct combination, and a box's answer is the AND
of three of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.bits import BLOCK, AxisBits, Bits
from rulecheck.engine.ranks import Ints, Space
from rulecheck.engine.table import Table
from rulecheck.model.fields import Field

GROUPS = 3
_CACHED_WORDS = 24_000_000
"""Blocks are kept where all of them together have at most so many words; otherwise each pass builds them again."""


def axis_groups(space: Space) -> tuple[tuple[int, ...], ...]:
    """Return the columns of the axes in each group."""
    by_field = {axis.field: column for column, axis in enumerate(space.axes)}
    source, destination = by_field.get(Field.SOURCE), by_field.get(Field.DESTINATION)
    alone = {Field.SOURCE, Field.DESTINATION}
    rest = tuple(column for column, axis in enumerate(space.axes) if axis.field not in alone)
    return (*(() if one is None else (one,) for one in (source, destination)), rest)


@dataclass(frozen=True, slots=True)
class Probe:
    """Coordinates (ranks of points, or value numbers of boxes) by group.

    ``distinct[g]`` has one row for each combination in group g and a column for each axis of the group;
    ``place[g]`` says for each point or box which combination it has.
    """

    distinct: tuple[Ints, ...]
    place: tuple[Ints, ...]

    def part(self, chosen: Ints) -> Probe:
        """Return the probe of some of the points or boxes."""
        return Probe(self.distinct, tuple(one[chosen] for one in self.place))


def probe(coordinates: Ints, groups: Sequence[tuple[int, ...]]) -> Probe:
    """Return the probe of points or boxes given as one row each and one column for each axis."""
    distinct: list[Ints] = []
    places: list[Ints] = []
    for columns in groups:
        if not columns:
            distinct.append(np.zeros((1, 0), dtype=np.int64))
            places.append(np.zeros(len(coordinates), dtype=np.int64))
            continue
        mine = coordinates[:, list(columns)]
        base = mine.max(axis=0, initial=0) + 1
        key = np.zeros(len(mine), dtype=np.int64)
        for column, size in enumerate(base.tolist()):
            key = np.unique(key, return_inverse=True)[1] if column and key.max(initial=0) > _SMALL else key
            key = key * size + mine[:, column]
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        distinct.append(mine[first])
        places.append(place)
    return Probe(tuple(distinct), tuple(places))


_SMALL = 1 << 30


class Block:
    """One block of rows: ``begin`` to ``end`` (exclusive)."""

    def __init__(self, table: Table, groups: Sequence[tuple[int, ...]], begin: int, end: int) -> None:
        self.begin, self.end = begin, end
        self.words = -(-(end - begin) // 64)
        self._groups = groups
        values = table.space.boxes[table.row_box[begin:end]]
        self._axes = [AxisBits(axis, values[:, column]) for column, axis in enumerate(table.space.axes)]

    def hold(self, asked: Probe) -> tuple[Bits, ...]:
        """Return, for each group and combination, the rows that hold the point on the group's axes."""
        return self._each(asked, lambda axis, ranks: axis.hold(ranks))

    def overlap(self, asked: Probe) -> tuple[Bits, ...]:
        """Return, for each group and combination, the rows that overlap the box on the group's axes."""
        return self._each(asked, lambda axis, values: axis.overlap(values))

    def contain(self, asked: Probe) -> tuple[Bits, ...]:
        """Return, for each group and combination, the rows that contain the box on the group's axes."""
        return self._each(asked, lambda axis, values: axis.contain(values))

    def _each(self, asked: Probe, ask: Callable[[AxisBits, Ints], Bits]) -> tuple[Bits, ...]:
        found: list[Bits] = []
        for columns, distinct in zip(self._groups, asked.distinct, strict=True):
            sets = np.full((len(distinct), self.words), ~np.uint64(0))
            for at, column in enumerate(columns):
                values, place = np.unique(distinct[:, at], return_inverse=True)
                sets &= ask(self._axes[column], values)[place]
            found.append(sets)
        return tuple(found)


class Blocks:
    """All blocks of a table's rows, in order."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.groups = axis_groups(table.space)
        self._kept: dict[int, Block] = {}
        spread = sum(min(len(axis.cuts), 2 * BLOCK) for axis in table.space.axes)
        self._keep = 5 * spread * len(table.row_box) // 64 <= _CACHED_WORDS

    def __iter__(self) -> Iterator[Block]:
        rows = len(self._table.row_box)
        for begin in range(0, rows, BLOCK):
            block = self._kept.get(begin)
            if block is None:
                block = Block(self._table, self.groups, begin, min(begin + BLOCK, rows))
                if self._keep:
                    self._kept[begin] = block
            yield block
