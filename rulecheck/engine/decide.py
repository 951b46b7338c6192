"""Exact decisions about one entry: dead, live with a witness, or undecided; and whether it is redundant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from rulecheck.engine.literals import settle_free
from rulecheck.engine.local import Local, Words
from rulecheck.engine.packets import RankIntervals, concrete_packet
from rulecheck.engine.partition import NOBODY, Partition
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.residual import Region, common_region, open_region, region_of
from rulecheck.engine.survey import BoxView, EntryView, Survey
from rulecheck.engine.table import NO_CONDITIONS, Table
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.trace import Tracer
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import LazyValues, Limits, Packet
from rulecheck.model.fields import Field
from rulecheck.model.rule import DECIDING, Outcome, Verb

_FIRST_TRY = 300
"""Pieces into which a box may be cut by subtraction before the recursion over its axes takes over."""

_QUICK = 100
"""Pieces into which a box may be cut before the methods that number its atoms take over."""

_SAME, _OTHER = 0, 1
_LEAVES = frozenset({Verb.RETURN, Verb.GOTO})
REWIRES = frozenset({Verb.CALL, Verb.GOTO, Verb.RETURN})
"""What a rule does that, removed, changes what other rules take."""


class State(Enum):
    """What is known of an entry on one way in."""

    EMPTY = "empty"
    DEAD = "dead"
    LIVE = "live"
    UNKNOWN = "unknown"


class Answer(Enum):
    """The answer to a yes-or-no question that unknown conditions may leave open."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an entry decides packets.

    ``cover`` are rows that together hold a dead entry. ``witness`` is a packet that a live entry decides, for an
    unknown one a packet on which the bounds disagree; ``blame`` are the condition keys that leave it open, and
    ``limit`` says that a limit was hit instead.
    """

    state: State
    witness: Packet | None = None
    cover: tuple[int, ...] = ()
    blame: tuple[str, ...] = ()
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Redundancy:
    """Whether every packet that an entry decides gets the same outcome without its rule."""

    answer: Answer
    blame: tuple[str, ...] = ()
    limit: str = ""


def _until(rows: Ints, final: Ints) -> Ints:
    """Return rows up to the first of ``final``, behind which nothing is left to take."""
    return rows[: int(np.searchsorted(rows, final[0])) + 1] if len(final) else rows


class Decider:
    """Answers questions about the entries of one table."""

    def __init__(self, table: Table, survey: Survey, limits: Limits) -> None:
        self.table = table
        self.survey = survey
        self.limits = limits
        self._first_try = replace(limits, pieces=min(_FIRST_TRY, limits.pieces))
        self.calls = any(entry.calls_until for entry in table.listing.entries)
        """Whether rules of the listing call other lists."""
        self.tracer = Tracer(table)
        self.owners = {number: owner for owner, number in table.rules.items()}
        """The rule behind each rule number."""
        self.entries_of: dict[int, list[int]] = {}
        """The entries of each rule that take packets, by rule number."""
        for position, entry in enumerate(table.listing.entries):
            if entry.owner is not None and entry.owner in table.rules:
                self.entries_of.setdefault(table.rules[entry.owner], []).append(position)
        self.rows_of: Ints = np.bincount(table.row_rule[table.row_rule >= 0], minlength=len(table.rules))
        """How many rows each rule has, by rule number."""
        self._outcomes = dict(zip(table.row_rule[::-1].tolist(), table.row_outcome[::-1].tolist(), strict=True))
        self.partial = tuple(
            position
            for position, entry in enumerate(table.listing.entries)
            if entry.takes is not entry.terms and (entry.outcome.verb in DECIDING or entry.outcome.verb in _LEAVES)
        )
        """Entries that take fewer packets than they match, because some have left their list before."""

    def local(self, box: int, rows: Ints) -> Local:
        """Return the local problem of a box and some rows.

        Raises:
            TooManyPiecesError: it would pass the limits.
        """
        table = self.table
        boxes = table.row_box[rows]
        needs = [table.needs[b] for b in boxes] if table.conditions else ()
        return Local(
            table.space, table.space.boxes[box], table.space.boxes[boxes], table.needs[box], needs, self.limits
        )

    def packet(self, box: int, ranks: Mapping[int, RankIntervals], truths: Mapping[str, bool]) -> Packet:
        """Return one packet of a box, on some axes within the given ranks."""
        space = self.table.space
        sets = {axis.field: axis.values[space.boxes[box, column]] for column, axis in enumerate(space.axes)}
        return concrete_packet(space, sets, ranks, truths)

    def standing(self, view: EntryView) -> Standing:
        """Decide whether an entry is empty, dead, live, or not decidable."""
        if not view.boxes:
            return Standing(State.EMPTY)
        try:
            return self._exact_standing(view)
        except TooManyPiecesError as error:
            return Standing(State.UNKNOWN, limit=str(error))

    def at_point(self, slot: int) -> Packet:
        """Return the packet at the free point of a slot."""
        survey, space = self.survey, self.table.space
        box, point = int(survey.slots.box[slot]), survey.point[slot]

        def values() -> Mapping[Field, int]:
            ranks = {axis: ((int(rank), int(rank) + 1),) for axis, rank in enumerate(point)}
            sets = {axis.field: axis.values[space.boxes[box, column]] for column, axis in enumerate(space.axes)}
            return concrete_packet(space, sets, ranks, {}).values

        return Packet(LazyValues(values), dict(self.table.needs[box]))

    def _exact_standing(self, view: EntryView) -> Standing:
        cover: set[int] = set()
        open_witness: Packet | None = None
        involved: set[str] = set()
        for box in view.boxes:
            if len(box.containing):
                cover.add(int(box.containing[0]))
                continue
            witness = self._free_packet(box, cover)
            if witness is None:
                continue
            if not self.table.needs[box.box] and not self._keys(box.earlier):
                return Standing(State.LIVE, witness)
            open_witness = open_witness or witness
            certain = self._certain_packet(box, involved)
            if certain is not None:
                return Standing(State.LIVE, certain)
        if open_witness is None:
            return Standing(State.DEAD, cover=tuple(sorted(cover)))
        return Standing(State.UNKNOWN, open_witness, blame=tuple(sorted(involved)))

    def _free_packet(self, box: BoxView, cover: set[int]) -> Packet | None:
        found, used = self.uncovered(box, box.earlier)
        cover.update(used)
        return found

    def uncovered(self, box: BoxView, rows: Ints) -> tuple[Packet | None, Collection[int]]:
        """Return a packet of a box that none of some rows takes, or None and rows that cover the box.

        Unknown conditions come out against the rows.

        Raises:
            TooManyPiecesError: no method came to an end within the limits.
        """
        nothing_helps = np.zeros(len(rows), dtype=np.bool_)
        needs, kept = self._settled(box.box, rows, nothing_helps)
        if not any(needs):
            try:
                return self._quickly_uncovered(box.box, rows[kept])
            except TooManyPiecesError:
                pass
        local = self._problem(box.box, rows[kept], needs, self.table.needs[box.box])
        piece, used = self.residual(local)
        if piece is not None:
            return self.packet(box.box, *local.point(piece)), ()
        return None, [int(rows[kept[row]]) for row in used]

    def _quickly_uncovered(self, box: int, rows: Ints) -> tuple[Packet | None, Collection[int]]:
        space = self.table.space
        used: set[int] = set()
        region = open_region(space, region_of(space, space.boxes[box]), self._values(rows), _QUICK, used)
        if region is None:
            return None, rows[sorted(used)].tolist()
        return self.packet_in(box, region), ()

    def packet_in(self, box: int, region: Region) -> Packet:
        """Return one packet of a part of a box; it is made when it is looked at."""

        def values() -> Mapping[Field, int]:
            ranks = {at: tuple((low, high + 1) for low, high in part.intervals) for at, part in enumerate(region)}
            return self.packet(box, ranks, {}).values

        return Packet(LazyValues(values), dict(self.table.needs[box]))

    def _values(self, rows: Ints) -> Ints:
        return self.table.space.boxes[self.table.row_box[rows]]

    def residual(self, local: Local) -> tuple[Words | None, set[int]]:
        """Return a piece of a box that no row takes, or None and the rows that cover it.

        Rows are subtracted one by one; where that needs many pieces, the recursion over axes takes over, and where
        that needs many states, subtraction goes on to the end.

        Raises:
            TooManyPiecesError: none came to an end within the limits.
        """
        used: set[int] = set()
        try:
            return next(local.pieces(local.all, used=used, limits=self._first_try), None), used
        except TooManyPiecesError:
            pass
        try:
            piece = Partition(local, [_SAME] * local.count, self.limits).reaches(NOBODY)
            return piece, set(local.all.tolist())
        except TooManyPiecesError:
            used.clear()
            return local.first(local.all, used=used), used

    def _certain_packet(self, box: BoxView, involved: set[str]) -> Packet | None:
        """Look for a packet that the box surely decides in a system without history.

        Where there is none, the condition keys that leave it open are added to ``involved``.
        """
        table = self.table
        if not table.can_hold[box.box]:
            involved.update(key for key, holds in table.needs[box.box].items() if table.answer(key) is not holds)
            return None
        rows = box.earlier[table.in_play(box.box, box.earlier)[0]]
        local, _ = self.adverse(box.box, rows, np.zeros(len(rows), dtype=np.bool_), worst_case=True)
        piece, used = self.residual(local)
        if piece is not None:
            ranks, _ = local.point(piece)
            return self.packet(box.box, ranks, table.needs[box.box])
        involved |= self._keys(rows[sorted(used)])
        return None

    def _keys(self, rows: Ints) -> set[str]:
        if not self.table.conditions:
            return set()
        return {key for row in rows for key in self.table.needs[int(self.table.row_box[row])]}

    def redundancy(self, view: EntryView, outcome: int, behind: Bools, before: Bools | None = None) -> Redundancy:
        """Decide whether all packets that the entry decides get outcome number ``outcome`` without its rule.

        Rules flagged in ``behind`` (at least the entry's own) are missing behind the entry; those in ``before``
        (default: the same) are missing before it.
        """
        gone = behind if before is None else before
        try:
            return self._exact_redundancy([self.without(box, gone, behind) for box in view.boxes], outcome)
        except TooManyPiecesError as error:
            return Redundancy(Answer.UNKNOWN, limit=str(error))

    def covered(self, view: EntryView, removed: Bools) -> bool:
        """Return whether no packet reaches the entry in a list without the rules flagged in ``removed``."""
        try:
            for box in view.boxes:
                if self.uncovered(box, self.without(box, removed, removed).earlier)[0] is not None:
                    return False
        except TooManyPiecesError:
            return False
        return True

    def without(self, box: BoxView, before: Bools, behind: Bools) -> BoxView:
        """Return the view of a box in a list that lacks some rules before and some behind the entry.

        Rows behind the first one that takes all that is left of the box are left out.
        """
        rule = self.table.row_rule
        earlier, containing = (rows[~before[rule[rows]]] for rows in (box.earlier, box.containing))
        later, closing = (rows[~behind[rule[rows]]] for rows in (box.later, box.closing))
        return BoxView(box.slot, box.box, _until(earlier, containing), containing, _until(later, closing), closing)

    def outcome_of(self, rule: int) -> Outcome:
        """Return the outcome of a rule, by number."""
        return self.table.outcomes[self._outcomes[rule]]

    def owner_of(self, row: int) -> Owner | None:
        """Return the rule that a row belongs to, None for an implicit one."""
        return self.owners.get(int(self.table.row_rule[row]))

    def default_number(self) -> int:
        """Return the outcome number of the default, -1 where no row has that outcome."""
        return self.table.outcome_number(self.table.listing.default)

    def _exact_redundancy(self, boxes: Sequence[BoxView], outcome: int) -> Redundancy:
        blame: set[str] = set()
        for box in boxes:
            if not self._other_outcome(box, outcome, worst_case=False):
                continue
            keys = set(self.table.needs[box.box]) | self._keys(box.earlier) | self._keys(box.later)
            if not keys or self._other_outcome(box, outcome, worst_case=True):
                return Redundancy(Answer.NO)
            blame |= keys
        return Redundancy(Answer.UNKNOWN if blame else Answer.YES, tuple(sorted(blame)))

    def _other_outcome(self, box: BoxView, outcome: int, *, worst_case: bool) -> bool:
        """Return whether a packet that the box decides gets another outcome from the rows behind it.

        With ``worst_case`` only packets count for which that is certain in a system without history. Only rows
        that keep the outcome can stand in the way: where another row with another outcome takes the packet
        first, that row is the difference.
        """
        table = self.table
        rows = np.concatenate((box.earlier, box.later))
        other = (np.arange(len(rows)) >= len(box.earlier)) & (table.row_outcome[rows] != outcome)
        ends_alike = bool(len(box.closing)) or self.default_number() == outcome
        if not other.any() and ends_alike:
            return False
        if worst_case:
            if not table.can_hold[box.box]:
                return False
            may, must = table.in_play(box.box, rows)
            kept = np.where(other, must, may)
            rows, other = rows[kept], other[kept]
        if worst_case or not (table.conditional[box.box] or table.conditional[table.row_box[rows]].any()):
            try:
                return self._differs_somewhere(box, rows, other, ends_alike=ends_alike)
            except TooManyPiecesError:
                pass
        local, kept = self.adverse(box.box, rows, other, worst_case=worst_case)
        if not ends_alike and self._escapes(local, local.all[~other[kept][local.all]]):
            return True
        classes = np.where(other[kept], _OTHER, _SAME).tolist()
        if self.default_number() != outcome:
            classes = [NOBODY if one == _OTHER else one for one in classes]
            return Partition(local, classes, self.limits).reaches(NOBODY) is not None
        return Partition(local, classes, self.limits).reaches(_OTHER) is not None

    def _differs_somewhere(self, box: BoxView, rows: Ints, other: Bools, *, ends_alike: bool) -> bool:
        """Return whether a packet of a box reaches one of the ``other`` rows, or an end that is not alike.

        The rows that are not ``other`` stand in the way of those behind them.

        Raises:
            TooManyPiecesError: it cannot be found out quickly.
        """
        space, values = self.table.space, self._values(rows)
        whole = region_of(space, space.boxes[box.box])
        if not ends_alike and open_region(space, whole, values[~other], _QUICK) is not None:
            return True
        asked = np.flatnonzero(other)[::-1].tolist()
        for at in (*asked[:1], *asked[:0:-1]):
            region = common_region(space, whole, values[at])
            before = ~other
            before[at:] = False
            if region is not None and open_region(space, region, values[before], _QUICK) is not None:
                return True
        return False

    def _escapes(self, local: Local, rows: Ints) -> bool:
        """Return whether a packet of the box is soon found that none of some rows takes."""
        try:
            return next(local.pieces(rows, limits=self._first_try), None) is not None
        except TooManyPiecesError:
            return False

    def adverse(self, box: int, rows: Ints, helps: Bools, *, worst_case: bool = False) -> tuple[Local, Ints]:
        """Return the local problem in which unknown conditions come out against the rows that do not ``help``.

        A row that only a free condition makes hold cannot be relied on; a row that helps can. Returns the
        problem and which of the rows are left in it.

        Raises:
            TooManyPiecesError: it would pass the limits.
        """
        if worst_case:
            return self._problem(box, rows, [], NO_CONDITIONS), np.arange(len(rows))
        needs, kept = self._settled(box, rows, helps)
        return self._problem(box, rows[kept], needs, self.table.needs[box]), kept

    def _settled(self, box: int, rows: Ints, helps: Bools) -> tuple[list[Mapping[str, bool]], Ints]:
        """Return the conditions that matter of the rows that are left when unknown ones come out adversely."""
        table = self.table
        if not table.conditional[table.row_box[rows]].any():
            return [], np.arange(len(rows))
        needs, left = settle_free(table.needs[box], [table.needs[b] for b in table.row_box[rows]], helps.tolist())
        return needs, np.array(left, dtype=np.int64)

    def _problem(self, box: int, rows: Ints, needs: Sequence[Mapping[str, bool]], given: Mapping[str, bool]) -> Local:
        return Local(self.table.space, self.table.space.boxes[box], self._values(rows), given, needs, self.limits)
