"""The vectorised first pass: for every entry the rows that matter, and a witness where a corner of its box is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.matrix import RowMatrix
from rulecheck.engine.ranks import Bools, Ints, Space
from rulecheck.engine.table import Table

_BLOCK_CELLS = 8_000_000
_BLOCK_BOXES = 1024


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box of an entry and the rows around it, all as row numbers in evaluation order.

    ``earlier`` rows overlap it and keep packets from its entry; ``containing`` are those of them that hold the
    whole box whatever the conditions are; ``later`` are deciding rows behind the entry. ``point`` is a rank on
    each axis that no earlier row can take, None where no tried corner was free; ``next_row`` then is the first
    later row that can take the point, -1 for none.
    """

    box: int
    earlier: Ints
    containing: Ints
    later: Ints
    point: Ints | None
    next_row: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with its boxes; no box means that it matches nothing."""

    entry: int
    boxes: tuple[BoxView, ...]


def survey(table: Table) -> Iterator[EntryView]:
    """Yield every entry of a listing in order, with what one vectorised pass can tell about it."""
    matrix = RowMatrix(table.space, table.row_box)
    for first, last in _blocks(table):
        yield from _survey_block(table, matrix, first, last)


def _blocks(table: Table) -> Iterator[tuple[int, int]]:
    """Cut the entries into runs whose boxes fit one block of the bit matrix."""
    most = max(1, min(_BLOCK_BOXES, _BLOCK_CELLS // max(1, len(table.row_box))))
    first = boxes = 0
    for entry, own in enumerate(table.targets):
        if boxes and boxes + len(own) > most:
            yield first, entry
            first, boxes = entry, 0
        boxes += len(own)
    if first < len(table.targets):
        yield first, len(table.targets)


def _survey_block(table: Table, matrix: RowMatrix, first: int, last: int) -> Iterator[EntryView]:
    boxes = np.array([box for own in table.targets[first:last] for box in own], dtype=np.int64)
    entries = np.repeat(np.arange(first, last), [len(own) for own in table.targets[first:last]])
    overlap, contain = matrix.block(boxes)
    at = entries[:, None]
    before = (table.row_entry < at) & (at < table.row_until)
    earlier = overlap & before
    later = overlap & (table.row_entry > at) & (table.row_until > len(table.targets))
    contain &= before & ~table.conditional[table.row_box]
    playing = table.obstacle | table.history[boxes][:, None]
    points, found = _free_points(table, boxes, earlier & playing, ~contain.any(axis=1) & table.can_hold[boxes])
    following = _first_holding(table, later & playing, points, found)
    views = iter(
        BoxView(
            box=int(box),
            earlier=np.flatnonzero(earlier[row]),
            containing=np.flatnonzero(contain[row]),
            later=np.flatnonzero(later[row]),
            point=points[row] if found[row] else None,
            next_row=int(following[row]),
        )
        for row, box in enumerate(boxes)
    )
    for entry in range(first, last):
        yield EntryView(entry, tuple(next(views) for _ in table.targets[entry]))


def _free_points(table: Table, boxes: Ints, earlier: Bools, wanted: Bools) -> tuple[Ints, Bools]:
    """Look for a corner of each wanted box that no earlier row holds. Return corners, and where one was found."""
    low = np.zeros((len(boxes), len(table.space.axes)), dtype=np.int64)
    high = low.copy()
    for column, axis in enumerate(table.space.axes):
        values = table.space.boxes[boxes, column]
        low[:, column], high[:, column] = axis.first[values], axis.last[values]
    points, found = low.copy(), np.zeros(len(boxes), dtype=np.bool_)
    for pattern in _corners(len(table.space.axes)):
        open_boxes = np.flatnonzero(wanted & ~found)
        if not len(open_boxes):
            break
        corner = np.where(pattern, high[open_boxes], low[open_boxes])
        place, rows = np.nonzero(earlier[open_boxes])
        held = np.zeros(len(open_boxes), dtype=np.bool_)
        held[place[hold(table.space, table.row_box[rows], corner[place])]] = True
        free = open_boxes[~held]
        points[free] = corner[~held]
        found[free] = True
    return points, found


def _corners(axes: int) -> Iterator[Bools]:
    """Yield which ends to take on each axis: all low, all high, then each axis alone low or high."""
    yield np.zeros(axes, dtype=np.bool_)
    yield np.ones(axes, dtype=np.bool_)
    for axis in range(axes if axes > 1 else 0):
        alone = np.arange(axes) == axis
        yield alone
        yield ~alone


def hold(space: Space, boxes: Ints, points: Ints) -> Bools:
    """Return, pair by pair, whether a box holds a point given as one rank for each axis (conditions aside)."""
    inside = np.ones(len(boxes), dtype=np.bool_)
    values = space.boxes[boxes]
    for column, axis in enumerate(space.axes):
        pending = np.flatnonzero(inside)
        inside[pending] = axis.holds(values[pending, column], points[pending, column])
    return inside


def _first_holding(table: Table, later: Bools, points: Ints, found: Bools) -> Ints:
    """Return the first later row that holds each found point, -1 where none does."""
    open_boxes = np.flatnonzero(found)
    place, rows = np.nonzero(later[open_boxes])
    held = hold(table.space, table.row_box[rows], points[open_boxes[place]])
    first = np.full(len(points), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, open_boxes[place[held]], rows[held])
    first[first == np.iinfo(np.int64).max] = -1
    return first
