"""The vectorised first pass: what one look at all rows can tell about every box.

A slot is one box of one entry. For each slot a corner of the box is tried as a packet: where no earlier row can take
it, the entry is live with that packet, and the first later row that takes it shows mostly that the rule is needed.
The same pass finds out whether an earlier row with another outcome overlaps the box at all, and on which operands a
part of the box might be dead. Only slots that this leaves open are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.bits import Bits, below, first_bit, members, packed
from rulecheck.engine.probe import GROUPS, Block, Blocks, Probe, probe
from rulecheck.engine.ranks import Bools, Ints, Space
from rulecheck.engine.table import NEVER, Table
from rulecheck.model.rule import DECIDING

_SLICE = 8192
"""Slots that are compared with a block at a time."""

_VIEWS = 16_384
"""Slots whose rows are gathered at a time."""

NOT_LOOKED, NOBODY_NEXT = -2, -1


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box of an entry and the rows around it, all as row numbers in evaluation order.

    ``earlier`` rows overlap it and keep packets from its entry; ``containing`` are those of them that hold the
    whole box whatever the conditions are; ``later`` are deciding rows behind the entry, ``closing`` those of them
    that hold the whole box whatever the conditions are.
    """

    slot: int
    box: int
    earlier: Ints
    containing: Ints
    later: Ints
    closing: Ints


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with its boxes; no box means that it matches nothing."""

    entry: int
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True)
class _Slots:
    """All slots of a table, by entry. ``first`` and ``behind`` are the first rows at and behind the slot's entry."""

    entry: Ints
    box: Ints
    begin: Ints
    first: Ints
    behind: Ints
    outcome: Ints


class Survey:
    """What the pass found out about the slots of a table.

    ``point`` has a rank on each axis; ``free`` says that no row that may be in play takes that point first, and
    ``next_row`` is then the first later row that may take it (-1: none). ``contested``: a row in play with another
    outcome overlaps the box before it. ``parts``: for each group of axes, whether rows might take a part of the box
    that is a product with all of the other groups.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.slots = _slots(table)
        self._blocks = Blocks(table)
        count = len(self.slots.box)
        self.point = _corners(table.space, self.slots.box, np.zeros(len(table.space.axes), dtype=np.bool_))
        self.free: Bools = np.zeros(count, dtype=np.bool_)
        self.next_row: Ints = np.full(count, NOT_LOOKED, dtype=np.int64)
        self.contested: Bools = np.zeros(count, dtype=np.bool_)
        self.parts: Bools = np.zeros((count, GROUPS), dtype=np.bool_)
        self._boxes = probe(table.space.boxes[self.slots.box], self._blocks.groups)
        self._masks: dict[int, _Masks] = {}
        self._history = table.history[self.slots.box]
        self._own = np.array([-1 if e.owner is None else table.rules.get(e.owner, -1) for e in table.listing.entries])
        far = _corners(table.space, self.slots.box, np.ones(len(table.space.axes), dtype=np.bool_))
        self._look(probe(self.point, self._blocks.groups), probe(far, self._blocks.groups))
        self._retry()
        self._crowded = np.zeros(len(self.slots.begin) - 1, dtype=np.bool_)
        self._crowded[self.slots.entry[self.contested | self.parts.any(axis=1)]] = True

    def _passes(self) -> Iterator[tuple[Block, _Masks]]:
        """Yield all blocks of rows, in order, each with its masks."""
        for block in self._blocks:
            masks = self._masks.get(block.begin)
            if masks is None:
                masks = self._masks[block.begin] = _Masks(self.table, block.begin, block.end)
            yield block, masks

    def shown(self) -> tuple[Ints, Bools]:
        """Return for each entry a slot with a free point (-1: none), one that is needed first; and whether it is."""
        entries = len(self.slots.begin) - 1
        needed = self.needed(np.arange(len(self.slots.box)))
        slot = np.full(entries, -1, dtype=np.int64)
        for found in (self.free, needed):
            at = np.flatnonzero(found)[::-1]
            slot[self.slots.entry[at]] = at
        is_needed = np.zeros(entries, dtype=np.bool_)
        is_needed[self.slots.entry[needed]] = True
        return slot, is_needed

    def _look(self, corner: Probe, far: Probe) -> None:
        """Try one corner of every box; find out about contested boxes and parts on the way.

        A part of a box that is a product with all of the other groups is taken at both corners of these groups.
        """
        held = ~self.table.can_hold[self.slots.box]
        at_far = self.parts.copy()
        for block, masks in self._passes():
            hold, far_hold, over = block.hold(corner), block.hold(far), block.overlap(self._boxes)
            for chosen in _slices(len(self.slots.box)):
                mine = tuple(sets[place[chosen]] for sets, place in zip(hold, corner.place, strict=True))
                if self.slots.first[chosen[-1]] > block.begin:
                    theirs = tuple(s[p[chosen]] for s, p in zip(over, self._boxes.place, strict=True))
                    opposite = tuple(s[p[chosen]] for s, p in zip(far_hold, far.place, strict=True))
                    before = masks.before(self.slots, chosen, self._history[chosen])
                    held[chosen] |= (mine[0] & mine[1] & mine[2] & before).any(axis=1)
                    other = before & masks.others(self.slots.outcome[chosen])
                    self.contested[chosen] |= (theirs[0] & theirs[1] & theirs[2] & other).any(axis=1)
                    _add_parts(self.parts, chosen, mine, theirs, before)
                    _add_parts(at_far, chosen, opposite, theirs, before)
                self._look_behind(chosen, mine[0] & mine[1] & mine[2], masks, held)
        self.parts &= at_far
        self.free = ~held
        self.next_row[self.free & (self.next_row == NOT_LOOKED)] = NOBODY_NEXT

    def _look_behind(self, chosen: Ints, hold: Bits, masks: _Masks, held: Bools) -> None:
        asked = np.flatnonzero(
            ~held[chosen] & (self.next_row[chosen] == NOT_LOOKED) & (self.slots.behind[chosen] < masks.end)
        )
        if len(asked):
            slots = chosen[asked]
            found = first_bit(hold[asked] & masks.behind(self.slots, slots, self._history[slots]))
            self.next_row[slots[found >= 0]] = found[found >= 0] + masks.begin

    def _retry(self) -> None:
        """Try other corners of boxes whose first one was taken, or does not show that the rule is needed."""
        asked = np.flatnonzero(self._open())
        if not len(asked):
            return
        columns = np.arange(len(self.table.space.axes))
        patterns = [np.ones(len(columns), dtype=np.bool_)]
        for group in self._blocks.groups:
            alone = np.isin(columns, group)
            if alone.any() and not alone.all():
                patterns.extend((alone, ~alone))
        corners = [_corners(self.table.space, self.slots.box[asked], pattern) for pattern in patterns]
        trials = [_Trial(self, asked, probe(corner, self._blocks.groups)) for corner in corners]
        for block, masks in self._passes():
            for trial in trials:
                trial.look(block, masks)
        for corner, trial in zip(corners, trials, strict=True):
            self._keep(asked, corner, trial)

    def _open(self) -> Bools:
        """Return the slots of entries that are not shown to be live and needed."""
        settled = self.needed(np.arange(len(self.slots.box))) | (self.free & (self.slots.outcome < 0))
        shown = np.zeros(len(self.slots.begin) - 1, dtype=np.bool_)
        shown[self.slots.entry[settled]] = True
        return ~shown[self.slots.entry] & self.table.can_hold[self.slots.box] & ~self._contained()

    def _contained(self) -> Bools:
        """Return which slots an earlier row holds whole, whatever the conditions are."""
        found = np.zeros(len(self.slots.box), dtype=np.bool_)
        asked = np.flatnonzero(~self.free)
        boxes = _compact(self._boxes.part(asked))
        for block, masks in self._passes():
            around = block.contain(boxes)
            for chosen in _slices(len(asked)):
                at = chosen[~found[asked[chosen]] & (self.slots.first[asked[chosen]] > block.begin)]
                if len(at):
                    before = masks.before(self.slots, asked[at], None) & masks.unconditional
                    found[asked[at]] = (_joined(around, boxes, at) & before).any(axis=1)
        return found

    def needed(self, asked: Ints) -> Bools:
        """Return which slots have a free point that surely gets another outcome from what is behind their entry."""
        table, outcome = self.table, self.slots.outcome[asked]
        following, free, box = self.next_row[asked], self.free[asked], self.slots.box[asked]
        shown: Bools = free & (following == NOBODY_NEXT) & (outcome != table.outcome_number(table.listing.default))
        met = np.flatnonzero(free & (following >= 0))
        row = following[met]
        differs = table.row_outcome[row] != outcome[met]
        differs &= table.row_rule[row] != self._own[self.slots.entry[asked[met]]]
        conditional = table.conditional[box[met]]
        sure = table.certain[row] & ~conditional
        for at in np.flatnonzero(conditional & differs):
            sure[at] = table.in_play(int(box[met[at]]), row[at : at + 1])[1][0]
        shown[met] = differs & sure
        return shown

    def _keep(self, asked: Ints, corners: Ints, trial: _Trial) -> None:
        """Keep a tried corner where it is free and the point so far was not, or shows more."""
        free, following = ~trial.held, trial.following
        old_free, old_next = self.free[asked].copy(), self.next_row[asked].copy()
        old_point, shown = self.point[asked].copy(), self.needed(asked)
        self.free[asked[free]], self.next_row[asked[free]] = True, following[free]
        self.point[asked[free]] = corners[free]
        worse = free & old_free & (shown | ~self.needed(asked))
        self.next_row[asked[worse]], self.point[asked[worse]] = old_next[worse], old_point[worse]

    def crowd(self, entry: int) -> tuple[bool, tuple[bool, ...]]:
        """Return whether another outcome overlaps an entry before it, and on which operands a part may be dead."""
        span = slice(int(self.slots.begin[entry]), int(self.slots.begin[entry + 1]))
        flags: list[bool] = np.logical_or.reduce(self.parts[span], axis=0).tolist()
        return bool(self.contested[span].any()), tuple(flags)

    def crowded(self, entry: int) -> bool:
        """Return whether earlier rows may take a part of an entry that is worth telling."""
        return bool(self._crowded[entry])

    def generalizations(self, spared: Collection[int]) -> list[Ints]:
        """Return for each slot the later deciding rows with another outcome that may hold its whole entry.

        Those are rows that contain the box whatever the conditions are, and rows of rules with several boxes that
        hold its lowest corner. Rows of the entries ``spared`` are left out.
        """
        table = self.table
        asked = np.flatnonzero(self.slots.outcome >= 0)
        counts = np.bincount(table.row_rule[table.row_rule >= 0], minlength=len(table.rules) + 1)
        usable = ~np.isin(table.row_entry, list(spared)) & (table.row_rule >= 0)
        usable &= ~table.conditional[table.row_box]
        wide = usable & (counts[table.row_rule] > 1)
        boxes = _compact(self._boxes.part(asked))
        corner = _corners(table.space, self.slots.box[asked], np.zeros(len(table.space.axes), dtype=np.bool_))
        low = probe(corner, self._blocks.groups)
        found = _Collected(len(self.slots.box))
        for block, masks in self._passes():
            span = slice(block.begin, block.end)
            around, hold = block.contain(boxes), block.hold(low)
            single, several = packed(usable[span]), packed(wide[span])
            for at in _slices(len(asked)):
                slots = asked[at]
                behind = masks.behind(self.slots, slots, None) & masks.others(self.slots.outcome[slots])
                sets = (_joined(around, boxes, at) & single) | (_joined(hold, low, at) & several)
                found.add(slots, block.begin, sets & behind)
        return found.rows()

    def views(self, entries: Sequence[int]) -> Iterator[EntryView]:
        """Yield some entries, in order, with the rows around their boxes."""
        wanted = np.asarray(entries, dtype=np.int64)
        counts = self.slots.begin[wanted + 1] - self.slots.begin[wanted]
        asked = np.repeat(self.slots.begin[wanted] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        boxes = self._box_views(asked)
        for entry, count in zip(wanted.tolist(), counts.tolist(), strict=True):
            yield EntryView(entry, tuple(next(boxes) for _ in range(count)))

    def _box_views(self, asked: Ints) -> Iterator[BoxView]:
        for begin in range(0, len(asked), _VIEWS):
            slots = asked[begin : begin + _VIEWS]
            parts = self._around(slots)
            for at, (slot, box) in enumerate(zip(slots.tolist(), self.slots.box[slots].tolist(), strict=True)):
                earlier, containing, later, closing = (part[at] for part in parts)
                yield BoxView(slot, box, earlier, containing, later, closing)

    def _around(self, slots: Ints) -> list[list[Ints]]:
        """Return the earlier, containing, later and closing rows of some slots."""
        boxes = _compact(self._boxes.part(slots))
        collected = [_Collected(len(slots)) for _ in range(4)]
        for block, masks in self._passes():
            over, around = block.overlap(boxes), block.contain(boxes)
            for at in _slices(len(slots)):
                touching, holding = _joined(over, boxes, at), _joined(around, boxes, at) & masks.unconditional
                before = masks.before(self.slots, slots[at], None)
                behind = masks.behind(self.slots, slots[at], None)
                sets = (touching & before, holding & before, touching & behind, holding & behind)
                for one, found in zip(collected, sets, strict=True):
                    one.add(at, block.begin, found)
        return [one.rows() for one in collected]


class _Collected:
    """Rows of some slots, gathered block by block."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._slots: list[Ints] = [np.zeros(0, dtype=np.int32)]
        self._rows: list[Ints] = [np.zeros(0, dtype=np.int32)]

    def add(self, slots: Ints, row: int, sets: Bits) -> None:
        """Add the rows of one block for some slots."""
        which, bit = members(sets)
        self._slots.append(slots[which].astype(np.int32))
        self._rows.append((bit + row).astype(np.int32))

    def rows(self) -> list[Ints]:
        """Return the rows of each slot, rising."""
        slots = np.concatenate(self._slots)
        order = np.argsort(slots, kind="stable")
        rows = np.concatenate(self._rows)[order].astype(np.int64)
        return np.split(rows, np.cumsum(np.bincount(slots, minlength=self._count))[:-1])


class _Trial:
    """One more corner for some slots."""

    def __init__(self, survey: Survey, asked: Ints, corner: Probe) -> None:
        self._slots, self._asked, self._corner = survey.slots, asked, corner
        self._table = survey.table
        self._history = survey.table.history[survey.slots.box[asked]]
        self.held: Bools = np.zeros(len(asked), dtype=np.bool_)
        self.following: Ints = np.full(len(asked), NOBODY_NEXT, dtype=np.int64)
        """The next row of each corner that is not held, -1 for none."""

    def look(self, block: Block, masks: _Masks) -> None:
        """Compare the corners with one more block; blocks come in order."""
        hold = block.hold(self._corner)
        for at in _slices(len(self._asked)):
            self._compare(at, hold, masks, self.held, self.following)

    def _compare(self, at: Ints, hold: Sequence[Bits], masks: _Masks, held: Bools, following: Ints) -> None:
        at = at[~held[at] & ((following[at] < 0) | (self._slots.first[self._asked[at]] > masks.begin))]
        if not len(at):
            return
        slots = self._asked[at]
        found = _joined(hold, self._corner, at)
        if self._slots.first[slots[-1]] > masks.begin:
            held[at] |= (found & masks.before(self._slots, slots, self._history[at])).any(axis=1)
        rest = np.flatnonzero(~held[at] & (following[at] < 0) & (self._slots.behind[slots] < masks.end))
        if len(rest):
            behind = masks.behind(self._slots, slots[rest], self._history[at[rest]])
            bit = first_bit(found[rest] & behind)
            following[at[rest[bit >= 0]]] = bit[bit >= 0] + masks.begin


class _Masks:
    """Which rows of a block count, for slots before, at and behind them."""

    def __init__(self, table: Table, begin: int, end: int) -> None:
        self.begin, self.end = begin, end
        span = slice(begin, end)
        self._until = table.row_until[span]
        self._exits = bool((self._until != NEVER).any())
        self._all = packed(np.ones(end - begin, dtype=np.bool_))
        self._words = self._all.shape[1]
        self._play = packed(table.obstacle[span])
        self._deciding = packed(self._until == NEVER)
        self.unconditional = packed(~table.conditional[table.row_box[span]])
        self._outcomes, place = np.unique(table.row_outcome[span], return_inverse=True)
        self._alike = packed(place == np.arange(len(self._outcomes))[:, None])

    def others(self, outcomes: Ints) -> Bits:
        """Return for each of some outcomes the deciding rows with another one; for -1, no outcome, none."""
        at = np.minimum(np.searchsorted(self._outcomes, outcomes), len(self._outcomes) - 1)
        alike = np.where((self._outcomes[at] == outcomes)[:, None], self._alike[at], np.uint64(0))
        return np.where((outcomes >= 0)[:, None], self._deciding & ~alike, np.uint64(0))

    def before(self, slots: _Slots, chosen: Ints, history: Bools | None) -> Bits:
        """Return the rows that keep packets from each slot's entry; ``history`` None asks for rows out of play too."""
        rows = below(slots.first[chosen] - self.begin, self._words) & self._counted(history)
        if self._exits:
            rows &= packed(slots.entry[chosen][:, None] < self._until)
        return rows

    def behind(self, slots: _Slots, chosen: Ints, history: Bools | None) -> Bits:
        """Return the deciding rows behind each slot's entry."""
        rows = ~below(slots.behind[chosen] - self.begin, self._words)
        return rows & self._deciding & self._counted(history)

    def _counted(self, history: Bools | None) -> Bits:
        if history is None:
            return self._all
        return np.where(history[:, None], self._all, self._play) if history.any() else self._play


def _add_parts(flags: Bools, chosen: Ints, point: Sequence[Bits], box: Sequence[Bits], before: Bits) -> None:
    """Flag the groups on which a row overlaps a box while it holds a point of it on the others."""
    for group in range(GROUPS):
        sides = [box[g] if g == group else point[g] for g in range(GROUPS)]
        flags[chosen, group] |= (sides[0] & sides[1] & sides[2] & before).any(axis=1)


def _slices(count: int) -> Iterator[Ints]:
    """Yield the positions of some slots, so many at a time as are compared with a block at once."""
    for begin in range(0, count, _SLICE):
        yield np.arange(begin, min(begin + _SLICE, count))


def _slots(table: Table) -> _Slots:
    counts = np.array([len(own) for own in table.targets], dtype=np.int64)
    entry = np.repeat(np.arange(len(counts)), counts)
    outcomes = [
        table.outcome_number(one.outcome) if one.takes or one.outcome.verb in DECIDING else -1
        for one in table.listing.entries
    ]
    return _Slots(
        entry=entry,
        box=np.fromiter((box for own in table.targets for box in own), dtype=np.int64, count=int(counts.sum())),
        begin=np.concatenate(([0], np.cumsum(counts))),
        first=np.searchsorted(table.row_entry, entry, side="left"),
        behind=np.searchsorted(table.row_entry, entry, side="right"),
        outcome=np.array(outcomes, dtype=np.int64)[entry],
    )


def _corners(space: Space, boxes: Ints, high: Bools) -> Ints:
    """Return one corner of each box: the highest rank on the axes that ``high`` names, the lowest on the others."""
    points = np.zeros((len(boxes), len(space.axes)), dtype=np.int64)
    for column, axis in enumerate(space.axes):
        values = space.boxes[boxes, column]
        points[:, column] = axis.last[values] if high[column] else axis.first[values]
    return points


def _compact(boxes: Probe) -> Probe:
    """Return a probe of the same boxes with only the combinations that they have."""
    distinct, places = [], []
    for rows, place in zip(boxes.distinct, boxes.place, strict=True):
        used, position = np.unique(place, return_inverse=True)
        distinct.append(rows[used])
        places.append(position)
    return Probe(tuple(distinct), tuple(places))


def _joined(sets: Sequence[Bits], boxes: Probe, chosen: Ints) -> Bits:
    """Return for some boxes the AND of their groups' bit sets."""
    found = sets[0][boxes.place[0][chosen]]
    for one, place in zip(sets[1:], boxes.place[1:], strict=True):
        found &= one[place[chosen]]
    return found


def hold(space: Space, boxes: Ints, points: Ints) -> Bools:
    """Return, pair by pair, whether a box holds a point given as one rank for each axis (conditions aside)."""
    inside = np.ones(len(boxes), dtype=np.bool_)
    values = space.boxes[boxes]
    for column, axis in enumerate(space.axes):
        pending = np.flatnonzero(inside)
        inside[pending] = axis.holds(values[pending, column], points[pending, column])
    return inside
