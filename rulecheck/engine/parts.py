"""Dead parts of rules that are live as a whole: members of their operands that never decide a packet.

A member is dead when the boxes of the rule, cut down to the member, are held by earlier rows. Before that is asked,
the rows that hold one point of a box on all other operands are put together: what they leave of the operand is live.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.ranks import Axis, Ints
from rulecheck.engine.residual import Piece, Region, narrowed, open_parts, region_of, start
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Element, Match, Service
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Rule

_QUICK = 60
_MEMBERS = 64
"""Members of one operand that are looked at closely; further ones are taken to be live."""
_ATOMS = 24
"""Parts of one field that are looked at closely when it is narrowed."""
_ROWS = 64
"""Rows with a part of an operand up to which they are put together; with more, no short rewrite is to be had."""

OPERANDS = ("source", "destination", "service")
_FIELDS = (Field.SOURCE, Field.DESTINATION)


@dataclass(frozen=True, slots=True)
class Part:
    """A dead member of an operand, and the rules that take its packets."""

    operand: str
    text: str
    origin: Origin
    takers: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The dead members of an entry, and fields on which the entry can be narrowed without losing a packet."""

    dead: tuple[Part, ...] = ()
    narrowed: tuple[tuple[Field, IntervalSet], ...] = ()


def parts(decider: Decider, view: EntryView, rule: Rule, flags: Sequence[bool]) -> Parts:
    """Return what is dead of a live entry; ``flags`` are the operands on which something might be."""
    if decider.table.conditional[[box.box for box in view.boxes]].any() or rule.match.choices:
        return Parts()
    search = _Search(decider, view)
    dead: list[Part] = []
    smaller: list[tuple[Field, IntervalSet]] = []
    for number, operand in enumerate(OPERANDS):
        if not flags[number]:
            continue
        members = _members(rule.match, operand)
        if len(members) > 1:
            dead.extend(search.dead_members(operand, members))
        if number < len(_FIELDS):
            smaller.extend(search.narrowed(_FIELDS[number]))
    return Parts(tuple(dead), tuple(smaller))


_Member = tuple[str, Origin, dict[Field, IntervalSet]]


def _members(match: Match, operand: str) -> list[_Member]:
    """Return the members of an operand that have no condition of their own, as field sets."""
    if operand == "service":
        services: Sequence[Service] = match.services.elements if match.services else ()
        return [(one.text, one.origin, one.sets()) for one in services if one.condition is None]
    side = match.source if operand == "source" else match.destination
    field = Field.SOURCE if operand == "source" else Field.DESTINATION
    elements: Sequence[Element] = () if side.negated else side.elements
    return [(one.text, one.origin, {field: one.values}) for one in elements if one.condition is None and one.values]


class _Search:
    """Looks for dead parts of one entry."""

    def __init__(self, decider: Decider, view: EntryView) -> None:
        self._decider = decider
        self._space = decider.table.space
        self._boxes = view.boxes
        self._columns = {axis.field: column for column, axis in enumerate(self._space.axes)}
        self._regions = [region_of(self._space, self._space.boxes[box.box]) for box in view.boxes]
        self._rows = [self._certain(box) for box in view.boxes]
        self._pieces: dict[int, Piece] = {}
        self._values_of: dict[int, Ints] = {}
        self._bounds: dict[tuple[int, int], tuple[IntervalSet, IntervalSet] | None] = {}

    def _certain(self, box: BoxView) -> Ints:
        """Return the earlier rows that surely take their packets."""
        table = self._decider.table
        return box.earlier[~table.conditional[table.row_box[box.earlier]]]

    def dead_members(self, operand: str, members: Sequence[_Member]) -> Iterator[Part]:
        """Yield the members with which the entry decides nothing."""
        alive = [] if operand == "service" else self._surely_live(_FIELDS[OPERANDS.index(operand)])
        left = _MEMBERS
        for text, origin, sets in members:
            if left <= 0 or any(_meets(values, lows, sets[field]) for field, values, lows in alive):
                continue
            pieces = list(self._cut(sets))
            takers = self._takers(pieces) if pieces else None
            left -= bool(pieces)
            if takers is not None:
                yield Part(operand, text, origin, takers)

    def _cut(self, sets: dict[Field, IntervalSet]) -> Iterator[tuple[int, Piece]]:
        """Yield the number of each box that a member meets, and what they have in common."""
        for number in range(len(self._boxes)):
            piece = self._piece(number)
            for field, values in sets.items():
                column = self._columns.get(field, -1)
                if column < 0:
                    if not values.meets(self._space.fixed.get(field, DOMAIN[field])):
                        break
                    continue
                common = piece.region[column] & _ranks(self._space.axes[column], values)
                if not common:
                    break
                piece = narrowed(self._space, piece, column, common, self._row_values(number))
            else:
                yield number, piece

    def _piece(self, number: int) -> Piece:
        """Return a box with the rows that take parts of it."""
        if number not in self._pieces:
            self._pieces[number] = start(self._space, self._regions[number], self._row_values(number))
        return self._pieces[number]

    def _row_values(self, number: int) -> Ints:
        if number not in self._values_of:
            self._values_of[number] = self._space.boxes[self._decider.table.row_box[self._rows[number]]]
        return self._values_of[number]

    def _surely_live(self, field: Field) -> list[tuple[Field, IntervalSet, list[int]]]:
        """Return for each box values of a field at which something of it is live, with their lower ends."""
        column = self._columns.get(field, -1)
        found: list[tuple[Field, IntervalSet, list[int]]] = []
        for number, region in enumerate(self._regions if column >= 0 else ()):
            bounds = self._dead_bounds(number, column)
            if bounds is not None:
                values = _values_at(self._space.axes[column], region[column] - bounds[1])
                found.append((field, values, [low for low, _ in values]))
        return found

    def _dead_bounds(self, number: int, column: int) -> tuple[IntervalSet, IntervalSet] | None:
        """Return ranks on one axis at which surely nothing of a box is left, and those where that may be so.

        The first are taken by rows that hold the box on all other axes, the second by rows that hold two opposite
        corners of it there. None where there are too many such rows to tell.
        """
        key = number, column
        if key not in self._bounds:
            self._bounds[key] = self._find_bounds(number, column)
        return self._bounds[key]

    def _find_bounds(self, number: int, column: int) -> tuple[IntervalSet, IntervalSet] | None:
        region, axis, piece = self._regions[number], self._space.axes[column], self._piece(number)
        values = self._row_values(number)[piece.rows]
        slab = piece.whole.sum(axis=1) - piece.whole[:, column] == len(self._space.axes) - 1
        sure = _union(axis, values[slab, column]) & region[column]
        rest = values[~slab]
        shades = [self._shade(region, rest, column, high=high) for high in (False, True)]
        if any(shade is None for shade in shades):
            return None
        low, high = ((shade or IntervalSet()) for shade in shades)
        return sure, sure | (low & high & region[column])

    def _shade(self, region: Region, values: Ints, column: int, *, high: bool) -> IntervalSet | None:
        """Return the ranks on an axis of rows that hold one corner of a region on all others, None for too many."""
        for other, axis in enumerate(self._space.axes):
            if other != column and len(values):
                rank = region[other].intervals[-1][1] if high else region[other].lowest
                values = values[axis.holds(values[:, other], np.full(len(values), rank, dtype=np.int64))]
        return None if len(values) > _ROWS else _union(self._space.axes[column], values[:, column])

    def _takers(self, pieces: Sequence[tuple[int, Piece]]) -> tuple[Owner, ...] | None:
        """Return the rules that together take some pieces of the boxes, None if a packet is left."""
        found: dict[Owner, None] = {}
        for number, piece in pieces:
            used: set[int] = set()
            if self._left(number, piece, used):
                return None
            for at in sorted(used):
                owner = self._decider.owner_of(int(self._rows[number][at]))
                if owner is not None:
                    found[owner] = None
        return tuple(sorted(found))

    def _left(self, number: int, piece: Piece, used: set[int] | None = None) -> bool:
        """Return whether a packet of a piece is not taken by rows, or may not be."""
        try:
            return next(open_parts(self._space, piece, self._row_values(number), _QUICK, used), None) is not None
        except TooManyPiecesError:
            return True

    def narrowed(self, field: Field) -> Iterator[tuple[Field, IntervalSet]]:
        """Yield a smaller set for a field that keeps all packets that the entry decides, if there is one."""
        column = self._columns.get(field, -1)
        if column < 0:
            return
        axis = self._space.axes[column]
        live: list[IntervalSet] = []
        for number, region in enumerate(self._regions):
            dead = self._dead_ranks(number, column)
            if dead is None:
                return
            live.append(region[column] - dead)
        kept = IntervalSet.union_of(live)
        whole = IntervalSet.union_of(region[column] for region in self._regions)
        if kept and kept != whole:
            yield field, _values_at(axis, kept)

    def _dead_ranks(self, number: int, column: int) -> IntervalSet | None:
        """Return ranks on an axis at which nothing of a box is left, None where too much would have to be tried."""
        bounds = self._dead_bounds(number, column)
        if bounds is None:
            return None
        sure, possible = bounds
        rest = possible - sure
        if len(rest.intervals) > _ATOMS or len(sure.intervals) > _ATOMS:
            return None
        dead = [pair for pair in rest if not self._left(number, self._at(number, column, IntervalSet((pair,))))]
        return sure | IntervalSet(tuple(dead))

    def _at(self, number: int, column: int, ranks: IntervalSet) -> Piece:
        return narrowed(self._space, self._piece(number), column, ranks, self._row_values(number))


def _union(axis: Axis, values: Ints) -> IntervalSet:
    """Return the ranks in any of some values."""
    return IntervalSet.union_of(axis.ranks_of(one) for one in set(values.tolist()))


def _meets(values: IntervalSet, lows: Sequence[int], other: IntervalSet) -> bool:
    """Return whether a set, with its lower ends, has a value in common with a small one."""
    pairs = values.intervals
    for low, high in other.intervals:
        at = bisect_right(lows, high) - 1
        if at >= 0 and pairs[at][1] >= low:
            return True
    return False


def _values_at(axis: Axis, ranks: IntervalSet) -> IntervalSet:
    """Return the field values at some ranks."""
    return IntervalSet.merged((axis.cuts[low], axis.cuts[high + 1] - 1) for low, high in ranks)


def _ranks(axis: Axis, values: IntervalSet) -> IntervalSet:
    """Return all ranks that hold a value of a set: no row tells the values of one rank apart."""
    last = len(axis.cuts) - 2
    pairs = ((max(axis.rank(low), 0), min(axis.rank(high), last)) for low, high in values)
    return IntervalSet.merged(pair for pair in pairs if pair[0] <= pair[1])
