"""The exact residual of one box against some rows: what of the box no row takes.

The box is cut into elementary atoms along each axis (only where a row's boundary lies inside it), every row
becomes one bit mask for each axis, and rows are subtracted depth first, the largest overlap first. A piece
that no row overlaps is a witness; when no piece is left, the rows cover the box. Conditions are axes with the
two atoms False and True.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.ranks import Axis, Bools, Ints, Space
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.verdict import Limits

Words = NDArray[np.uint64]

_WORD = 64
_FEW = 4
"""Atoms that are not worth looking for equal ones among them."""


@dataclass(frozen=True, slots=True)
class _Dimension:
    """One axis of a local problem. ``atoms`` are lists of rank intervals, or None for a condition."""

    axis: int
    key: str
    span: slice
    atoms: tuple[tuple[tuple[int, int], ...], ...]
    sizes: tuple[int, ...]


class Local:
    """One box and the rows that may take parts of it.

    ``box`` holds the value number of the box on each axis of ``space``, ``rows`` those of the rows; ``given``
    are the conditions under which the box is looked at, ``needs`` those of each row. A row whose conditions
    contradict the box's takes nothing.

    Raises:
        TooManyPiecesError: the masks alone would pass the limits.
    """

    def __init__(
        self,
        space: Space,
        box: Ints,
        rows: Ints,
        given: Mapping[str, bool],
        needs: Sequence[Mapping[str, bool]],
        limits: Limits,
    ) -> None:
        self.count = len(rows)
        self._space = space
        self._box = box
        self._given = given
        self._limits = limits
        self._dimensions: list[_Dimension] = []
        parts: list[Words] = []
        for column, axis in enumerate(space.axes):
            made = _axis_masks(axis, int(box[column]), rows[:, column], limits)
            if made is not None:
                words, atoms = made
                self._add(parts, words, _Dimension(column, "", slice(0), atoms, _sizes(axis, atoms)))
        alive = np.ones(self.count, dtype=np.bool_)
        for key, words in _condition_masks(given, needs, alive):
            self._add(parts, words, _Dimension(-1, key, slice(0), (), (1, 1)))
        self.masks: Words = np.concatenate(parts, axis=1) if parts else np.zeros((self.count, 0), np.uint64)
        self.all = np.flatnonzero(alive)
        self.whole: Words = self._full()
        self.uncut = self._size_of_uncut_axes()
        """Packets for each combination of atoms on the axes that no row cuts."""

    def _add(self, parts: list[Words], words: Words, dimension: _Dimension) -> None:
        begin = self._dimensions[-1].span.stop if self._dimensions else 0
        end = begin + int(words.shape[1])
        self._dimensions.append(replace(dimension, span=slice(begin, end)))
        parts.append(words)
        if self.count * end > self._limits.masks:
            raise TooManyPiecesError("the rules overlap too much to compare them exactly within the memory limit")

    def _full(self) -> Words:
        parts = [_pack(np.ones((1, len(d.sizes)), dtype=np.bool_))[0] for d in self._dimensions]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)

    def _size_of_uncut_axes(self) -> int:
        cut = {dimension.axis for dimension in self._dimensions}
        size = 1
        for column, axis in enumerate(self._space.axes):
            if column not in cut:
                size *= axis.values[int(self._box[column])].size
        return size

    def _alive(self, common: Words) -> Bools:
        alive = np.ones(len(common), dtype=np.bool_)
        for dimension in self._dimensions:
            alive &= common[:, dimension.span].any(axis=1)
        return alive

    def pieces(
        self,
        active: Ints,
        start: Words | None = None,
        *,
        used: set[int] | None = None,
        limits: Limits | None = None,
    ) -> Iterator[Words]:
        """Yield disjoint pieces of ``start`` (default: the box) that none of the rows ``active`` takes.

        The rows that were subtracted on the way are added to ``used``: without pieces they are a cover.
        ``limits`` replaces the limits of the problem.

        Raises:
            TooManyPiecesError: the work passed the limits.
        """
        bounds = limits or self._limits
        stack = [(self.whole if start is None else start, active)]
        done = work = 0
        while stack:
            piece, rows = stack.pop()
            done += 1
            work += len(rows) * (len(piece) + 1)
            if done > bounds.pieces or work > bounds.work:
                raise TooManyPiecesError("the rules overlap in too many ways to decide it within the work limit")
            common = self.masks[rows] & piece
            alive = self._alive(common)
            rows, common = rows[alive], common[alive]
            if not len(rows):
                yield piece
                continue
            best = int(np.argmax(self.weights(common)))
            if used is not None:
                used.add(int(rows[best]))
            rest = rows[np.arange(len(rows)) != best]
            stack.extend((part, rest) for part in self._outside(piece, self.masks[rows[best]]))

    def first(self, active: Ints, start: Words | None = None, *, used: set[int] | None = None) -> Words | None:
        """Return one piece of ``start`` that no row takes, None where the rows cover it (see :meth:`pieces`)."""
        return next(self.pieces(active, start, used=used), None)

    def weights(self, common: Words) -> NDArray[np.float64]:
        """Return how many combinations of atoms each mask holds: a measure of size for comparing rows."""
        weight = np.ones(len(common), dtype=np.float64)
        for dimension in self._dimensions:
            weight *= np.bitwise_count(common[:, dimension.span]).sum(axis=1)
        return weight

    def _outside(self, piece: Words, mask: Words) -> Iterator[Words]:
        inside = piece.copy()
        for dimension in self._dimensions:
            span = dimension.span
            outside = inside[span] & ~mask[span]
            if outside.any():
                part = inside.copy()
                part[span] = outside
                yield part
                inside[span] &= mask[span]

    def flags(self) -> Iterator[tuple[Bools, tuple[int, ...]]]:
        """Yield for each dimension which rows hold which atoms, and the sizes of the atoms."""
        for dimension in self._dimensions:
            words = np.ascontiguousarray(self.masks[:, dimension.span]).view(np.uint8)
            bits = np.unpackbits(words, axis=1, bitorder="little", count=len(dimension.sizes))
            yield bits.view(np.bool_), dimension.sizes

    def restrict(self, piece: Words, dimension: int, atom: int) -> None:
        """Cut a piece, in place, down to one atom of a dimension."""
        span = self._dimensions[dimension].span
        only = np.zeros((1, len(self._dimensions[dimension].sizes)), dtype=np.bool_)
        only[0, atom] = True
        piece[span] &= _pack(only)[0]

    def point(self, piece: Words) -> tuple[dict[int, tuple[tuple[int, int], ...]], dict[str, bool]]:
        """Return the rank intervals of a piece by axis number, and the truth of its conditions."""
        ranks: dict[int, tuple[tuple[int, int], ...]] = {}
        truths = dict(self._given)
        for dimension in self._dimensions:
            bits = _unpack(piece[dimension.span], len(dimension.sizes))
            if dimension.key:
                truths[dimension.key] = bool(bits[0])
            else:
                ranks[dimension.axis] = tuple(pair for atom in bits for pair in dimension.atoms[atom])
        return ranks, truths


def _pack(flags: Bools) -> Words:
    """Pack boolean rows into 64-bit words, padding with zero bits."""
    rows, columns = flags.shape
    padded = np.zeros((rows, -(-columns // _WORD) * _WORD), dtype=np.bool_)
    padded[:, :columns] = flags
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _unpack(words: Words, count: int) -> list[int]:
    flags = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), bitorder="little", count=count)
    return [int(bit) for bit in np.flatnonzero(flags)]


def _axis_masks(
    axis: Axis, value: int, row_values: Ints, limits: Limits
) -> tuple[Words, tuple[tuple[tuple[int, int], ...], ...]] | None:
    """Return the rows' masks over the box's atoms on one axis; None where every row contains the box."""
    whole = axis.around(row_values, value)
    if whole.all():
        return None
    cutting = np.flatnonzero(~whole)
    distinct, place = np.unique(row_values[cutting], return_inverse=True)
    lows, highs = axis.intervals(value)
    owner, chosen = axis.spread(distinct)
    begins, ends = axis.low[chosen], axis.high[chosen]
    near = (begins < highs[-1]) & (ends > lows[0])
    owner, begins, ends = owner[near], np.maximum(begins[near], lows[0]), np.minimum(ends[near], highs[-1])
    cuts = np.unique(np.concatenate((begins, ends, lows, highs)))
    if len(distinct) * len(cuts) > limits.masks:
        raise TooManyPiecesError("the rules overlap too much to compare them exactly within the memory limit")
    steps = np.zeros((len(distinct), len(cuts)), dtype=np.int32)
    np.add.at(steps, (owner, np.searchsorted(cuts, begins)), 1)
    np.add.at(steps, (owner, np.searchsorted(cuts, ends)), -1)
    flags = np.cumsum(steps, axis=1)[:, :-1] > 0
    pairs = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))
    if len(lows) > 1:
        inside = _inside(cuts[:-1], lows, highs)
        flags = flags[:, inside]
        pairs = [pair for pair, here in zip(pairs, inside.tolist(), strict=True) if here]
    flags, atoms = _merge_equal(flags, pairs) if len(pairs) > _FEW else (flags, tuple((pair,) for pair in pairs))
    words = _pack(flags)
    masks = np.tile(_pack(np.ones((1, len(atoms)), dtype=np.bool_)), (len(row_values), 1))
    masks[cutting] = words[place]
    return masks, atoms


def _inside(points: Ints, lows: Ints, highs: Ints) -> Bools:
    at = np.searchsorted(lows, points, side="right") - 1
    return (at >= 0) & (points < highs[at])


def _merge_equal(flags: Bools, pairs: list[tuple[int, int]]) -> tuple[Bools, tuple[tuple[tuple[int, int], ...], ...]]:
    """Make one atom of all that are in the same rows: they never need to be told apart."""
    columns = np.ascontiguousarray(np.packbits(flags, axis=0).T)
    keys = columns.view([("", columns.dtype)] * columns.shape[1]).ravel() if columns.shape[1] else columns
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    atoms: list[list[tuple[int, int]]] = [[] for _ in order]
    for pair, number in zip(pairs, rank[group.ravel()].tolist(), strict=True):
        atoms[number].append(pair)
    return flags[:, first[order]], tuple(tuple(atom) for atom in atoms)


def _sizes(axis: Axis, atoms: tuple[tuple[tuple[int, int], ...], ...]) -> tuple[int, ...]:
    return tuple(sum(axis.size(low, high) for low, high in atom) for atom in atoms)


def _condition_masks(
    given: Mapping[str, bool], needs: Sequence[Mapping[str, bool]], alive: Bools
) -> Iterator[tuple[str, Words]]:
    """Yield masks over (False, True) for each condition; clear ``alive`` for rows that contradict ``given``."""
    keys: dict[str, None] = {}
    for row, need in enumerate(needs):
        for key, holds in need.items():
            if key not in given:
                keys[key] = None
            elif given[key] != holds:
                alive[row] = False
    for key in keys:
        flags = np.ones((len(needs), 2), dtype=np.bool_)
        for row, need in enumerate(needs):
            if key in need:
                flags[row, int(not need[key])] = False
        yield key, _pack(flags)
