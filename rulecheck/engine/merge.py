"""Rules that can become one rule with the union of one operand, proven not to change any packet's outcome.

Rules that differ in one operand match together what one rule with the union matches. It may stand at the place of the
first of them if no packet of the others is decided in between by a rule with another outcome, and at the place of the
last if no packet that the others decide would meet such a rule in between. A rule that logs, marks, calls or leaves a
list counts as one with another outcome. Both questions concern each rule by itself: how far can it move up, how far
down? A merged rule stays proven when members are left out of it.

Only the rules of the list itself are looked at, so that the proof holds for every way into it: whatever an earlier rule
of the list takes does not get past that rule, wherever the packet comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.alike import Alike, alike
from rulecheck.engine.instances import Instance
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.residual import common_region, open_region, region_of
from rulecheck.engine.rows import Rows, rows_of
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Limits, Merge, Verdict
from rulecheck.model.device import Policy
from rulecheck.model.rule import DECIDING, Rule

_PIECES = 100
"""Pieces into which one question may be cut."""

_NEAREST = 256
"""Rows that are compared first; then four times as many, and so on: most rules do not get far."""


def merges(
    policies: Sequence[Policy],
    instances: Mapping[Owner, Sequence[Instance]],
    verdicts: Mapping[Owner, Verdict],
    limits: Limits,
) -> dict[int, tuple[Merge, ...]]:
    """Return the merges of each policy by its number; each is proven by itself, and no rule is in two of them.

    Only rules that decide packets and are needed take part. Past the limits there is no merge.
    """
    found: dict[int, tuple[Merge, ...]] = {}
    for number, policy in enumerate(policies):
        chosen = [rule for rule in policy.rules if _takes_part(rule, verdicts.get((number, rule.index)))]
        groups = sorted(alike(chosen, policy.families), key=_span) if len(chosen) > 1 else []
        if groups:
            rows = rows_of(number, policy, instances)
            found[number] = _disjoint(_merges(groups, chosen, rows, limits))
    return found


def _takes_part(rule: Rule, verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.kind is None and rule.outcome.verb in DECIDING


def _span(group: Alike) -> tuple[int, int]:
    return group.members[-1] - group.members[0], group.members[0]


# --- how far rules can move ---------------------------------------------------------------------------------


class _Mover:
    """Finds out how far rules can move within a list."""

    def __init__(self, rows: Rows, limits: Limits) -> None:
        self._rows = rows
        self._pieces = min(_PIECES, limits.pieces)
        self._compared = limits.work // 50
        self._questions = limits.states // 200
        self._moves = limits.states // 80

    def reach(self, rules: Sequence[int], *, up: bool) -> list[int]:
        """Return for each of some alike rules (rising) the place among them to which it can move up or down."""
        rows, begin = self._rows, self._rows.begin
        first, last = int(begin[rules[0]]), int(begin[rules[-1]])
        span = rows.outcome[first:last]
        others = np.flatnonzero(span != rows.outcome[first]) + first
        if not len(others):
            return [0 if up else len(rules) - 1] * len(rules)
        starts = begin[list(rules)]
        gone = np.zeros(len(rows.boxes), dtype=np.bool_)
        for rule in rules:
            gone[begin[rule] : begin[rule + 1]] = True
        found: list[int] = []
        for rule in rules:
            if up and rows.calm[rule]:
                found.append(0)
                continue
            place = int(np.searchsorted(others, begin[rule]))
            asked = others[:place][::-1] if up else others[place:]
            stop = self._stop(rule, asked, None if up else gone)
            end = (0 if up else len(rules) - 1) if stop is None else int(np.searchsorted(starts, stop))
            found.append(end if up or stop is None else end - 1)
        return found

    def _stop(self, rule: int, asked: Ints, gone: Bools | None) -> int | None:
        """Return the first of the rows ``asked`` that a rule cannot pass, None where it can pass all.

        Going up (``gone`` None) it must not pass what decides packets that it matches, going down what would
        decide packets that it decides; ``gone`` rows move away as well.
        """
        own = range(int(self._rows.begin[rule]), int(self._rows.begin[rule + 1]))
        self._moves -= 1
        done, size = 0, _NEAREST
        while done < len(asked):
            part = asked[done : done + size]
            done, size = done + size, 4 * size
            self._compared -= len(part) * len(own)
            if self._compared < 0 or self._moves < 0:
                return int(part[0])
            touching = np.unique(np.concatenate([self._touching(row, part) for row in own])).tolist()
            for other in touching if gone is not None else reversed(touching):
                if any(self._meets(row, other, gone, own) for row in own):
                    return int(other)
        return None

    def _touching(self, row: int, asked: Ints) -> Ints:
        """Return which of the rows ``asked`` have a packet in common with a row, conditions aside."""
        rows = self._rows
        found: Ints = asked[((rows.low[asked] <= rows.high[row]) & (rows.high[asked] >= rows.low[row])).all(axis=1)]
        for column, axis in enumerate(rows.space.axes):
            found = found[axis.compare(rows.boxes[found, column], *axis.intervals(int(rows.boxes[row, column])))[0]]
        return found

    def _meets(self, row: int, other: int, gone: Bools | None, own: range) -> bool:
        """Return whether a packet of both rows is taken by none before; also where that is too much work."""
        rows = self._rows
        region = common_region(rows.space, region_of(rows.space, rows.boxes[row]), rows.boxes[other])
        if region is None:
            return False
        self._questions -= 1
        if self._questions < 0:
            return True
        before = rows.takes[:other].copy()
        if gone is not None:
            before[own.start :] &= ~gone[own.start : other]
        before &= (rows.low[:other] <= rows.high[row]).all(axis=1) & (rows.high[:other] >= rows.low[row]).all(axis=1)
        try:
            return open_region(rows.space, region, rows.boxes[np.flatnonzero(before)], self._pieces) is not None
        except TooManyPiecesError:
            return True


# --- groups -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules, by index, that become one at the place of the first or of the last of them."""

    rules: tuple[int, ...]
    operand: str
    at_first: bool


def _merges(groups: Sequence[Alike], chosen: Sequence[Rule], rows: Rows, limits: Limits) -> Iterator[_Group]:
    mover = _Mover(rows, limits)
    for group in groups:
        rules = [chosen[member].index for member in group.members]
        up = mover.reach(rules, up=True)
        if not any(up):
            yield _Group(tuple(rules), group.operand, at_first=True)
            continue
        down = mover.reach(rules, up=False)
        for members, at_first in _largest(up, down):
            yield _Group(tuple(rules[one] for one in members), group.operand, at_first)


def _largest(up: Sequence[int], down: Sequence[int]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Yield the largest group that can meet at one member, then the largest of the rest, and so on."""
    highest, lowest = np.array(up, dtype=np.int64), np.array(down, dtype=np.int64)
    own = np.arange(len(highest))
    left = np.ones(len(own), dtype=np.bool_)
    while True:
        firsts, lasts = _meetings(highest, own, left), _meetings(own, lowest, left)
        at_first = firsts.max() >= lasts.max()
        place = int(np.argmax(firsts if at_first else lasts))
        if max(firsts[place], lasts[place]) < 2:
            return
        low, high = (highest, own) if at_first else (own, lowest)
        members = np.flatnonzero(left & (low <= place) & (place <= high))
        yield tuple(members.tolist()), bool(at_first)
        left[members] = False


def _meetings(low: Ints, high: Ints, left: Bools) -> Ints:
    """Return for each member that is left how many can meet there, when each can be anywhere from low to high."""
    steps: Ints = np.zeros(len(low) + 1, dtype=np.int64)
    np.add.at(steps, low[left], 1)
    np.add.at(steps, high[left] + 1, -1)
    meeting: Ints = np.where(left, np.cumsum(steps)[:-1], 0)
    return meeting


def _disjoint(groups: Iterator[_Group]) -> tuple[Merge, ...]:
    """Return the groups with each rule in one only, the largest groups first; in the order of their first rules."""
    used: set[int] = set()
    found: list[Merge] = []
    for group in sorted(groups, key=lambda one: -len(one.rules)):
        rules = tuple(rule for rule in group.rules if rule not in used)
        if len(rules) > 1:
            used.update(rules)
            found.append(Merge(rules, group.operand, rules[0] if group.at_first else rules[-1]))
    return tuple(sorted(found, key=lambda one: one.rules))
