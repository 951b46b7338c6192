"""Rules that decide packets although other rules take some of them first with another outcome.

For one entry: how many packets of its boxes each earlier row with a different outcome decides. Where there are few
such rows, what earlier rows leave of the part that each has in common with a box is counted; otherwise the recursion
over the axes counts for all rows at once. Rows whose conditions are not certain count as taking nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.residual import (
    Region,
    common_region,
    open_parts,
    open_region,
    region_of,
    shared,
    size_of,
    start,
)
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Packet
from rulecheck.engine.volumes import first_takers, nothing

_QUICK = 60
"""Pieces for one question; a rule whose partial shadow needs more is not reported."""

_FEW = 4
"""Rows that are counted where counting all is too much work."""

_COUNTED = 120
"""Rows around a box up to which the recursion over the axes counts for all of them."""

_COMPARED = 6
"""Rows with another outcome up to which each one's part is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Packets of an entry that rows with a different outcome decide first.

    ``total`` are all packets of the entry, ``takes`` those that each rule takes, ``witness`` is one of them, and
    ``inside`` are the rules that lie within the entry. Where ``exact`` is False more packets may be taken, and by
    more rules.
    """

    total: int
    takes: Mapping[Owner, int]
    witness: Packet
    inside: frozenset[Owner]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One box: the region it shares with each row of another outcome, and all rows before it that are in play."""

    view: BoxView
    rows: Ints
    other: Bools


def overlap(decider: Decider, view: EntryView) -> Overlap | None:
    """Return what rows with a different outcome take of an entry, None if nothing is sure to be taken."""
    meetings = [_meeting(decider, view.entry, box) for box in view.boxes]
    if not any(meeting.other.any() for meeting in meetings):
        return None
    for method in (_compared, _swept):
        try:
            return method(decider, meetings)
        except TooManyPiecesError:
            continue
    if max(len(meeting.rows) for meeting in meetings) <= _COUNTED:
        try:
            return _counted(decider, view, meetings)
        except TooManyPiecesError:
            pass
    return _at_least(decider, meetings)


def _meeting(decider: Decider, entry: int, box: BoxView) -> _Meeting:
    table = decider.table
    mine = table.outcome_number(table.listing.entries[entry].outcome)
    may, must = table.in_play(box.box, box.earlier)
    rows = box.earlier[may]
    deciding = table.row_until[rows] > len(table.targets)
    return _Meeting(box, rows, must[may] & deciding & (table.row_outcome[rows] != mine))


def _compared(decider: Decider, meetings: Sequence[_Meeting]) -> Overlap | None:
    """Count row by row what is left of the part that each row with another outcome has in common with the boxes.

    Raises:
        TooManyPiecesError: the boxes overlap each other, or there are too many rows or parts to do it that way.
    """
    space = decider.table.space
    boxes = [region_of(space, space.boxes[meeting.view.box]) for meeting in meetings]
    if any(_meet(one, two) for one, two in combinations(boxes, 2)):
        raise TooManyPiecesError("the boxes overlap")
    found = _Found({}, {})
    for box, meeting in zip(boxes, meetings, strict=True):
        _add_taken(decider, box, meeting, found)
    if found.best is None:
        return None
    total = sum(size_of(space, box) for box in boxes)
    _, number, region = found.best
    return Overlap(total, found.takes, decider.packet_in(number, region), _complete(decider, found.inside))


def _swept(decider: Decider, meetings: Sequence[_Meeting]) -> Overlap | None:
    """Count for one box whose rows all hold it whole except on one axis: along that axis, the first row counts.

    Raises:
        TooManyPiecesError: it is not so.
    """
    if len(meetings) > 1:
        raise TooManyPiecesError("there are several boxes")
    space, (meeting,) = decider.table.space, meetings
    others = np.flatnonzero(meeting.other)
    values = space.boxes[decider.table.row_box[meeting.rows[: others[-1] + 1]]]
    box = region_of(space, space.boxes[meeting.view.box])
    base = start(space, box, values)
    cut = np.flatnonzero(~base.whole.all(axis=0))
    if len(cut) != 1 or len(base.rows) != len(values):
        raise TooManyPiecesError("rows cut the box on several axes")
    column = int(cut[0])
    axis = space.axes[column]
    sizes = axis.disjoint_sizes(values[:, column], box[column])
    if sizes is None:
        raise TooManyPiecesError("rows overlap each other")
    total = sum(axis.size(low, high + 1) for low, high in box[column])
    takes: dict[Owner, int] = {}
    for at in others.tolist():
        owner = decider.owner_of(int(meeting.rows[at]))
        if owner is not None and sizes[at]:
            takes[owner] = takes.get(owner, 0) + int(sizes[at])
    if not takes:
        return None
    heaviest = int(others[np.argmax(sizes[others])])
    part = common_region(space, box, values[heaviest])
    assert part is not None
    return Overlap(total, takes, decider.packet_in(meeting.view.box, part), frozenset())


def _at_least(decider: Decider, meetings: Sequence[_Meeting]) -> Overlap | None:
    """Count a few rows only, where counting all is too much work."""
    space = decider.table.space
    found = _Found({}, {})
    for meeting in meetings:
        few = np.zeros(len(meeting.other), dtype=np.bool_)
        few[np.flatnonzero(meeting.other)[:_FEW]] = True
        try:
            box = region_of(space, space.boxes[meeting.view.box])
            _add_taken(decider, box, _Meeting(meeting.view, meeting.rows, few), found)
        except TooManyPiecesError:
            continue
    if found.best is None:
        return None
    total = sum(size_of(space, region_of(space, space.boxes[meeting.view.box])) for meeting in meetings)
    _, number, region = found.best
    return Overlap(total, found.takes, decider.packet_in(number, region), frozenset(), exact=False)


@dataclass(slots=True)
class _Found:
    """Packets taken by rule, whether each rule is inside, and the heaviest region with its box."""

    takes: dict[Owner, int]
    inside: dict[Owner, bool]
    best: tuple[int, int, Region] | None = None


def _add_taken(decider: Decider, box: Region, meeting: _Meeting, found: _Found) -> None:
    space = decider.table.space
    others = np.flatnonzero(meeting.other).tolist()
    if len(others) > _COMPARED:
        raise TooManyPiecesError("too many rows with another outcome")
    if not others:
        return
    values = space.boxes[decider.table.row_box[meeting.rows[: others[-1] + 1]]]
    base = start(space, box, values)
    for at in others:
        part, owner = shared(space, base, at, values), decider.owner_of(int(meeting.rows[at]))
        if part is None or owner is None:
            continue
        left = list(open_parts(space, part, values, _QUICK))
        packets = sum(size_of(space, one) for one in left)
        if packets:
            found.takes[owner] = found.takes.get(owner, 0) + packets
            found.inside[owner] = found.inside.get(owner, True) and part.region == region_of(space, values[at])
            if found.best is None or packets > found.best[0]:
                found.best = packets, meeting.view.box, left[0]


def _complete(decider: Decider, inside: Mapping[Owner, bool]) -> frozenset[Owner]:
    """Return rules of one box each that lie inside; of others a box may lie outside unseen."""
    rules = decider.table.rules
    return frozenset(owner for owner, whole in inside.items() if whole and decider.rows_of[rules[owner]] == 1)


def _meet(one: Region, two: Region) -> bool:
    return all(mine is theirs or mine.meets(theirs) for mine, theirs in zip(one, two, strict=True))


def _counted(decider: Decider, view: EntryView, meetings: Sequence[_Meeting]) -> Overlap | None:
    """Count exactly who takes what first."""
    table = decider.table
    rows = {meeting.view.slot: meeting.rows for meeting in meetings}
    counts = first_takers(decider, view, nothing, lambda box: rows[box.slot])
    other = {int(rule) for meeting in meetings for rule in table.row_rule[meeting.rows[meeting.other]]} - {-1}
    takes = {decider.owners[rule]: packets for rule, packets in counts.items() if packets and rule in other}
    witness = next(_witnesses(decider, meetings), None)
    if not takes or witness is None:
        return None
    return Overlap(sum(counts.values()), takes, witness, frozenset())


def _witnesses(decider: Decider, meetings: Sequence[_Meeting]) -> Iterator[Packet]:
    """Yield packets that a row with another outcome takes first."""
    space = decider.table.space
    for meeting in meetings:
        box = region_of(space, space.boxes[meeting.view.box])
        values = space.boxes[decider.table.row_box[meeting.rows]]
        for at in np.flatnonzero(meeting.other).tolist():
            part = common_region(space, box, values[at])
            before = values[:at][~meeting.other[:at]]
            found = None if part is None else open_region(space, part, before, _QUICK)
            if found is not None:
                yield decider.packet_in(meeting.view.box, found)
