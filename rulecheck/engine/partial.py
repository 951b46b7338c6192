"""Rules that decide packets although other rules take some of them first with another outcome.

For one entry: how many packets of its boxes each earlier row with a different outcome decides. Most entries meet one
such row, or a few that are disjoint, with nothing in between; then the sizes of their common parts are the answer. The
others are counted exactly. Rows whose conditions are not certain count as taking nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.residual import Region, common_region, open_region, region_of
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Packet
from rulecheck.engine.volumes import first_takers, nothing

_QUICK = 60
"""Pieces for one question; a rule whose partial shadow needs more is not reported."""

_COMPARED = 6
"""Rows with another outcome up to which their common parts are compared pair by pair."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Packets of an entry that rows with a different outcome decide first.

    ``total`` are all packets of the entry, ``takes`` those that each rule takes, ``witness`` is one of them, and
    ``inside`` are the rules that lie within the entry.
    """

    total: int
    takes: Mapping[Owner, int]
    witness: Packet
    inside: frozenset[Owner]


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
    try:
        return _simple(decider, meetings[0]) if len(meetings) == 1 else _counted(decider, view, meetings)
    except TooManyPiecesError:
        return None


def _meeting(decider: Decider, entry: int, box: BoxView) -> _Meeting:
    table = decider.table
    mine = table.outcome_number(table.listing.entries[entry].outcome)
    may, must = table.in_play(box.box, box.earlier)
    rows = box.earlier[may]
    deciding = table.row_until[rows] > len(table.targets)
    return _Meeting(box, rows, must[may] & deciding & (table.row_outcome[rows] != mine))


def _simple(decider: Decider, meeting: _Meeting) -> Overlap | None:
    """Count for one box: directly where the parts are disjoint and nothing comes before them, else exactly."""
    space = decider.table.space
    others = np.flatnonzero(meeting.other)
    if len(others) > _COMPARED:
        return _counted(decider, None, [meeting])
    box = region_of(space, space.boxes[meeting.view.box])
    parts: list[tuple[int, Region]] = []
    for at in others.tolist():
        part = common_region(space, box, space.boxes[decider.table.row_box[meeting.rows[at]]])
        if part is None:
            continue
        before = np.delete(meeting.rows[:at], others[others < at])
        if any(_meet(part, earlier) for _, earlier in parts) or _touched(decider, part, before):
            return _counted(decider, None, [meeting])
        parts.append((at, part))
    takes: dict[Owner, int] = {}
    inside: dict[Owner, bool] = {}
    for at, part in parts:
        owner = decider.owner_of(int(meeting.rows[at]))
        if owner is None:
            continue
        takes[owner] = takes.get(owner, 0) + _size(decider, part)
        whole = part == region_of(space, space.boxes[decider.table.row_box[meeting.rows[at]]])
        inside[owner] = inside.get(owner, True) and whole
    if not takes:
        return None
    heaviest = max(parts, key=lambda pair: _size(decider, pair[1]))[1]
    witness = decider.packet_in(meeting.view.box, heaviest)
    return Overlap(_size(decider, box), takes, witness, _complete(decider, inside))


def _complete(decider: Decider, inside: Mapping[Owner, bool]) -> frozenset[Owner]:
    """Return rules of one box each that lie inside; of others a box may lie outside unseen."""
    table = decider.table
    entries = {owner: sum(table.row_rule == table.rules[owner]) for owner, whole in inside.items() if whole}
    return frozenset(owner for owner, rows in entries.items() if rows == 1)


def _touched(decider: Decider, part: Region, rows: Ints) -> bool:
    """Return whether any row overlaps a region."""
    space = decider.table.space
    for column, axis in enumerate(space.axes):
        if not len(rows):
            return False
        values = space.boxes[decider.table.row_box[rows], column]
        rows = rows[axis.compare(values, *axis.bounds(part[column]))[0]]
    return bool(len(rows))


def _meet(one: Region, two: Region) -> bool:
    return all(mine is theirs or mine.meets(theirs) for mine, theirs in zip(one, two, strict=True))


def _size(decider: Decider, part: Region) -> int:
    axes = decider.table.space.axes
    return prod(
        sum(axis.size(low, high + 1) for low, high in ranks.intervals) for axis, ranks in zip(axes, part, strict=True)
    )


def _counted(decider: Decider, view: EntryView | None, meetings: Sequence[_Meeting]) -> Overlap | None:
    """Count exactly who takes what first."""
    table = decider.table
    rows = {meeting.view.slot: meeting.rows for meeting in meetings}
    entry = view or EntryView(-1, tuple(meeting.view for meeting in meetings))
    counts = first_takers(decider, entry, nothing, lambda box: rows[box.slot])
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
