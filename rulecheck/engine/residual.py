"""The quick exact residual: what of a piece no row takes, found without cutting it into atoms first.

A piece is a product of rank intervals. While a row overlaps it, the row that holds it on the most axes is subtracted,
depth first; only rows that overlap what is left go on, and what is known of an axis stays known while that axis is not
cut. Most questions end after a few pieces; :mod:`rulecheck.engine.local` is for the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from rulecheck.engine.ranks import Axis, Bools, Ints, Space
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.model.intervals import IntervalSet

Region = tuple[IntervalSet, ...]
"""A product of sets of ranks, one for each axis (closed intervals)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A region, the positions of the rows that overlap it, and on which axes each of them holds it whole."""

    region: Region
    rows: Ints
    whole: Bools


def region_of(space: Space, box: Ints) -> Region:
    """Return a box, given as value numbers, as ranks."""
    return tuple(axis.ranks_of(int(value)) for axis, value in zip(space.axes, box, strict=True))


def common_region(space: Space, region: Region, box: Ints) -> Region | None:
    """Return what a region and a box have in common, None for nothing."""
    other = region_of(space, box)
    found = tuple(mine & theirs if mine is not theirs else mine for mine, theirs in zip(region, other, strict=True))
    return found if all(found) else None


def open_region(space: Space, region: Region, rows: Ints, most: int, used: set[int] | None = None) -> Region | None:
    """Return a part of a region that no row takes, None where the rows (value numbers) cover it.

    Positions of the rows that were subtracted on the way are added to ``used``: without a result they are a cover.

    Raises:
        TooManyPiecesError: it took more than ``most`` pieces.
    """
    return next(open_parts(space, start(space, region, rows), rows, most, used), None)


def open_parts(space: Space, piece: Piece, rows: Ints, most: int, used: set[int] | None = None) -> Iterator[Region]:
    """Yield disjoint parts of a piece that together are what none of its rows takes (see :func:`open_region`)."""
    stack = [piece]
    for _ in range(most):
        if not stack:
            return
        piece = stack.pop()
        if not len(piece.rows):
            yield piece.region
            continue
        counts = piece.whole.sum(axis=1)
        best = int(np.argmax(counts))
        if used is not None:
            used.add(int(piece.rows[best]))
        if counts[best] < len(space.axes):
            stack.extend(_outside(space, piece, best, rows))
    if stack:
        raise TooManyPiecesError("the rules overlap in too many ways for the quick comparison")


def start(space: Space, region: Region, rows: Ints) -> Piece:
    """Return a region with the rows that overlap it, to be cut down and looked at."""
    alive = np.arange(len(rows))
    whole = np.zeros((len(rows), len(space.axes)), dtype=np.bool_)
    for column, axis in enumerate(space.axes):
        touch, around = _compare(axis, rows[alive, column], region[column])
        alive, whole = alive[touch], whole[touch]
        whole[:, column] = around[touch]
    return Piece(region, alive, whole)


def shared(space: Space, piece: Piece, at: int, rows: Ints) -> Piece | None:
    """Return what a piece has in common with row number ``at``, with the rows before it; None for nothing."""
    position = int(np.searchsorted(piece.rows, at))
    if position == len(piece.rows) or piece.rows[position] != at:
        return None
    part = Piece(piece.region, piece.rows[:position], piece.whole[:position])
    for column in np.flatnonzero(~piece.whole[position]).tolist():
        common = part.region[column] & space.axes[column].ranks_of(int(rows[at, column]))
        part = narrowed(space, part, column, common, rows)
    return part


def size_of(space: Space, region: Region) -> int:
    """Return how many packets a region holds, on the axes in use."""
    sizes = (
        sum(axis.size(low, high + 1) for low, high in ranks.intervals)
        for axis, ranks in zip(space.axes, region, strict=True)
    )
    return prod(sizes)


def _compare(axis: Axis, values: Ints, part: IntervalSet) -> tuple[Bools, Bools]:
    """Return which values overlap a set of ranks, and which contain it."""
    return axis.compare(values, *axis.bounds(part))


def _outside(space: Space, piece: Piece, best: int, rows: Ints) -> Sequence[Piece]:
    """Return disjoint pieces that are together the piece without one of its rows."""
    row = rows[piece.rows[best]]
    others = np.arange(len(piece.rows)) != best
    inside = Piece(piece.region, piece.rows[others], piece.whole[others])
    found: list[Piece] = []
    for column in np.flatnonzero(~piece.whole[best]).tolist():
        mine, theirs = inside.region[column], space.axes[column].ranks_of(int(row[column]))
        outside = mine - theirs
        if outside:
            found.append(narrowed(space, inside, column, outside, rows))
        inside = narrowed(space, inside, column, mine & theirs, rows)
    return found


def narrowed(space: Space, piece: Piece, column: int, part: IntervalSet, rows: Ints) -> Piece:
    """Return a piece cut down on one axis to a part of what it has there."""
    region = (*piece.region[:column], part, *piece.region[column + 1 :])
    open_rows = np.flatnonzero(~piece.whole[:, column])
    touch, around = _compare(space.axes[column], rows[piece.rows[open_rows], column], part)
    whole = piece.whole.copy()
    whole[open_rows, column] = around
    alive = np.ones(len(piece.rows), dtype=np.bool_)
    alive[open_rows] = touch
    return Piece(region, piece.rows[alive], whole[alive])
