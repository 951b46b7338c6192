"""Bit sets over rows: for any box or point, which rows of a block hold it, overlap it, or contain it.

Rows are taken in blocks of :data:`BLOCK` rows, one bit for each row. On each axis a block knows, for every rank at
which one of its rows' intervals begins or ends, the bit set of rows that hold the rank; what lies between two such
ranks is the same. A box's answer is the AND of a few bit sets. Memory is that of one block, never rows squared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.ranks import Axis, Ints

Bits = NDArray[np.uint64]
"""Bit sets, one in each row of the array; bit b of word w is row ``64 * w + b`` of the block."""

WORD = 64
BLOCK = 1024
_CHUNK = 16
_ONE = np.uint64(1)


class RangeOr:
    """The OR of any run of consecutive bit sets, after one pass over them."""

    def __init__(self, sets: Bits) -> None:
        count, words = sets.shape
        self._chunks = -(-max(count, 1) // _CHUNK)
        padded = np.zeros((self._chunks * _CHUNK, words), dtype=np.uint64)
        padded[:count] = sets
        self._sets = padded
        blocked = padded.reshape(self._chunks, _CHUNK, words)
        self._upto = np.bitwise_or.accumulate(blocked, axis=1).reshape(-1, words)
        self._onward = np.bitwise_or.accumulate(blocked[:, ::-1], axis=1)[:, ::-1].reshape(-1, words)
        self._levels = [self._upto[_CHUNK - 1 :: _CHUNK]]
        step = 1
        while 2 * step <= self._chunks:
            below = self._levels[-1]
            self._levels.append(below[:-step] | below[step:])
            step *= 2

    def query(self, first: Ints, last: Ints) -> Bits:
        """Return, run by run, the OR of the sets ``first`` to ``last`` (inclusive); an empty run gives no bits."""
        result = np.zeros((len(first), self._sets.shape[1]), dtype=np.uint64)
        left, right = first // _CHUNK, last // _CHUNK
        within = np.flatnonzero((first <= last) & (left == right))
        for offset in range(_CHUNK):
            within = within[first[within] + offset <= last[within]]
            if not len(within):
                break
            result[within] |= self._sets[first[within] + offset]
        across = np.flatnonzero((first <= last) & (left < right))
        result[across] = self._onward[first[across]] | self._upto[last[across]]
        self._add_chunks(result, across, left[across] + 1, right[across] - 1)
        return result

    def _add_chunks(self, result: Bits, at: Ints, left: Ints, right: Ints) -> None:
        length = right - left + 1
        for level in range(len(self._levels)):
            size = 1 << level
            mine = np.flatnonzero((length >= size) & (length < 2 * size))
            if len(mine):
                table = self._levels[level]
                result[at[mine]] |= table[left[mine]] | table[right[mine] + 1 - size]


class AxisBits:
    """One axis of one block: rows that hold a rank, overlap a value, or contain it."""

    def __init__(self, axis: Axis, values: Ints) -> None:
        """Prepare the rows whose value numbers are ``values``, in order."""
        self._axis = axis
        self.words = -(-len(values) // WORD)
        row, at = axis.spread(values)
        low, high = axis.low[at], axis.high[at]
        used = np.zeros(max(len(axis.cuts), 1), dtype=np.bool_)
        used[low] = used[high] = True
        self._place: Ints = np.cumsum(used)
        """For each rank the number of the block's own ranks up to it; place 0 holds no row."""
        size = int(self._place[-1]) + 1
        word, bit = row // WORD, _ONE << (row % WORD).astype(np.uint64)
        self._starts = _marked(size, self.words, self._place[low], word, bit)
        self._ends = _marked(size, self.words, self._place[high], word, bit)
        self._held = np.bitwise_xor.accumulate(self._starts ^ self._ends, axis=0)
        self._starting: RangeOr | None = None
        self._ending: RangeOr | None = None

    def hold(self, ranks: Ints) -> Bits:
        """Return the rows that hold each rank."""
        return self._held[self._place[ranks]]

    def overlap(self, values: Ints) -> Bits:
        """Return the rows that overlap each value."""
        if self._starting is None:
            self._starting = RangeOr(self._starts)
        first, last, begins = self._intervals(values)
        found = self._held[first]
        inner = np.flatnonzero(first < last)
        found[inner] |= self._starting.query(first[inner] + 1, last[inner])
        return np.bitwise_or.reduceat(found, begins, axis=0) if len(first) > len(values) else found

    def contain(self, values: Ints) -> Bits:
        """Return the rows that contain each value."""
        if self._ending is None:
            self._ending = RangeOr(self._ends)
        first, last, begins = self._intervals(values)
        found = self._held[first]
        inner = np.flatnonzero(first < last)
        found[inner] &= ~self._ending.query(first[inner] + 1, last[inner])
        return np.bitwise_and.reduceat(found, begins, axis=0) if len(first) > len(values) else found

    def _intervals(self, values: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the intervals of all values as places of their first and last rank, and where each value begins."""
        axis = self._axis
        owner, at = axis.spread(values)
        begins = np.searchsorted(owner, np.arange(len(values)))
        return self._place[axis.low[at]], self._place[axis.high[at] - 1], begins


def _marked(size: int, words: int, place: Ints, word: Ints, bit: Bits) -> Bits:
    marks = np.zeros((size, words), dtype=np.uint64)
    np.bitwise_xor.at(marks.reshape(-1), place * words + word, bit)
    return marks


def packed(flags: Sequence[bool] | NDArray[np.bool_]) -> Bits:
    """Return flags (one for each row of a block, or a matrix of such) as bit sets."""
    array = np.atleast_2d(np.asarray(flags, dtype=np.bool_))
    words = -(-array.shape[1] // WORD)
    padded = np.zeros((len(array), words * WORD), dtype=np.bool_)
    padded[:, : array.shape[1]] = array
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def below(counts: Ints, words: int) -> Bits:
    """Return bit sets whose first ``counts`` bits are set."""
    inside = np.clip(counts[:, None] - np.arange(words) * WORD, 0, WORD)
    partial = (_ONE << (inside % WORD).astype(np.uint64)) - _ONE
    return np.where(inside == WORD, ~np.uint64(0), partial)


def first_bit(sets: Bits) -> Ints:
    """Return the lowest bit of each set, -1 for an empty one."""
    filled = sets != 0
    word = np.argmax(filled, axis=1)
    at = np.arange(len(sets))
    value = sets[at, word]
    lowest = np.bitwise_count((value & (~value + _ONE)) - _ONE).astype(np.int64)
    return np.where(filled[at, word], word * WORD + lowest, -1)


def members(sets: Bits) -> tuple[Ints, Ints]:
    """Return all set bits as two arrays: the number of the set, and the bit, both rising."""
    at, word = np.nonzero(sets)
    flags = np.unpackbits(sets[at, word].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    which, bit = np.nonzero(flags)
    return at[which], word[which] * WORD + bit
