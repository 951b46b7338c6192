"""Bit matrices: for a block of boxes, which rows overlap each box and which contain it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.ranks import Axis, Bools, Ints, Space

Bits = NDArray[np.uint8]

_CACHED_VALUES = 1024
"""An axis with at most so many distinct values has its bit rows computed once; others block by block."""

_CHUNK = 256
"""How many values are compared with a whole axis at a time; bounds the memory for one comparison."""


class RowMatrix:
    """Answers overlap and containment between boxes and all rows of one listing.

    One bit row for each distinct value of an axis says which rows' values overlap it (or contain it); a box's
    answer is the AND of one bit row for each axis. Memory is that of one block, never rows squared.
    """

    def __init__(self, space: Space, row_box: Ints) -> None:
        self._space = space
        self._rows = space.boxes[row_box]
        self._count = len(row_box)
        self._cache: dict[int, tuple[Bits, Bits]] = {}

    def block(self, boxes: Ints) -> tuple[Bools, Bools]:
        """Return overlap and containment of ``boxes`` (numbers) with all rows, one matrix row for each box."""
        values = self._space.boxes[boxes]
        full = np.packbits(np.ones(self._count, dtype=np.bool_))
        overlap, contain = np.tile(full, (len(boxes), 1)), np.tile(full, (len(boxes), 1))
        for column, axis in enumerate(self._space.axes):
            touching, around, place = self._bits(column, axis, values[:, column])
            overlap &= touching[place]
            contain &= around[place]
        return self._unpack(overlap), self._unpack(contain)

    def _unpack(self, bits: Bits) -> Bools:
        return np.unpackbits(bits, axis=1, count=self._count).view(np.bool_)

    def _bits(self, column: int, axis: Axis, values: Ints) -> tuple[Bits, Bits, Ints]:
        if len(axis) <= _CACHED_VALUES:
            if column not in self._cache:
                self._cache[column] = self._compare(column, axis, np.arange(len(axis)))
            return (*self._cache[column], values)
        distinct, place = np.unique(values, return_inverse=True)
        return (*self._compare(column, axis, distinct), place)

    def _compare(self, column: int, axis: Axis, values: Ints) -> tuple[Bits, Bits]:
        touching: list[Bits] = []
        around: list[Bits] = []
        ofs = self._rows[:, column]
        for begin in range(0, len(values), _CHUNK):
            overlap, contain = axis.relate(values[begin : begin + _CHUNK])
            touching.append(np.packbits(overlap[:, ofs], axis=1))
            around.append(np.packbits(contain[:, ofs], axis=1))
        return np.concatenate(touching), np.concatenate(around)
