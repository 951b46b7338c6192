"""Whether two listings give every packet of a region the same outcome.

Removing a rule that calls or leaves a list changes what other entries take, so its redundancy is decided by
unfolding the policies with and without it, restricted to the packets it matches, and comparing the listings: the
recursion of :mod:`rulecheck.engine.partition`, with the active rows of both listings side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulecheck.engine.decide import Answer, Redundancy
from rulecheck.engine.local import Local
from rulecheck.engine.partition import NOBODY, Partition
from rulecheck.engine.ranks import Space
from rulecheck.engine.table import can_hold, fresh_answer, stance
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Listing
from rulecheck.engine.verdict import Limits
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import Outcome

_OPEN = -2
"""The class of packets whose first row only perhaps takes them."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of both listings: what each takes, and the number of its outcome; the first ``split`` are left."""

    terms: tuple[Term, ...]
    classes: tuple[int, ...]
    split: int


def same_outcomes(
    left: Listing, right: Listing, region: Sequence[Term], conditions: Mapping[str, Condition], limits: Limits
) -> Redundancy:
    """Decide whether both listings treat every packet of ``region`` alike.

    UNKNOWN where all packets that differ do so depending on unknown conditions, or where a limit is hit.
    """
    outcomes: dict[Outcome, int] = {}
    rows = _rows(left, right, outcomes)
    defaults = tuple(outcomes.setdefault(one.default, len(outcomes)) for one in (left, right))
    try:
        differing = [term for term in region if _differs(term, rows, defaults, limits)]
        if not differing:
            return Redundancy(Answer.YES)
        keys = {key for term in (*region, *rows.terms) for key in term.conditions}
        if not keys or any(_surely_differs(term, rows, defaults, conditions, limits) for term in differing):
            return Redundancy(Answer.NO)
    except TooManyPiecesError as error:
        return Redundancy(Answer.UNKNOWN, limit=str(error))
    return Redundancy(Answer.UNKNOWN, tuple(sorted(keys)))


def _rows(left: Listing, right: Listing, outcomes: dict[Outcome, int]) -> _Rows:
    pairs = [
        [(term, outcomes.setdefault(entry.outcome, len(outcomes))) for entry in listing.entries for term in entry.takes]
        for listing in (left, right)
    ]
    both = [*pairs[0], *pairs[1]]
    return _Rows(tuple(term for term, _ in both), tuple(number for _, number in both), len(pairs[0]))


def _differs(term: Term, rows: _Rows, defaults: Sequence[int], limits: Limits) -> bool:
    space = Space((term, *rows.terms))
    needs = [one.conditions for one in rows.terms]
    local = Local(space, space.boxes[0], space.boxes[1:], term.conditions, needs, limits)
    return _Comparison(local, rows.classes, rows.split, defaults, limits).differs()


def _surely_differs(
    term: Term, rows: _Rows, defaults: Sequence[int], conditions: Mapping[str, Condition], limits: Limits
) -> bool:
    """Return whether a packet surely differs in a system without history, whatever the unknown tests answer."""
    if not can_hold(term.conditions, conditions):
        return False
    history = fresh_answer(term.conditions, conditions) is False
    stances = [stance(one.conditions, term.conditions, conditions, history=history) for one in rows.terms]
    kept = [number for number, (may, _) in enumerate(stances) if may]
    classes = [rows.classes[number] if stances[number][1] else _OPEN for number in kept]
    split = sum(number < rows.split for number in kept)
    terms = [rows.terms[number] for number in kept]
    space = Space((term, *terms))
    local = Local(space, space.boxes[0], space.boxes[1:], {}, (), limits)
    return _Comparison(local, classes, split, defaults, limits).differs()


class _Comparison:
    """The recursion over the axes of a region with the active rows of both listings."""

    def __init__(
        self, local: Local, classes: Sequence[int], split: int, defaults: Sequence[int], limits: Limits
    ) -> None:
        self._partition = Partition(local, classes, limits)
        self._defaults = defaults
        self._left = (1 << split) - 1
        self._alike: set[tuple[int, int, int]] = set()
        self._limit = limits.states

    def differs(self) -> bool:
        """Return whether any packet gets different outcomes.

        Raises:
            TooManyPiecesError: the recursion passed the limits.
        """
        every = self._partition.start
        return self._look(0, every & self._left, every & ~self._left)

    def _look(self, depth: int, left: int, right: int) -> bool:
        left, one = self._partition.settle(depth, left)
        right, two = self._partition.settle(depth, right)
        if one is not None and two is not None:
            return self._unlike(one, two)
        key = depth, left, right
        if key in self._alike:
            return False
        if len(self._alike) > self._limit:
            raise TooManyPiecesError("the lists differ in too many ways to compare them within the work limit")
        for rows in self._partition.groups(depth, left | right):
            if self._look(depth + 1, rows & left, rows & right):
                return True
        self._alike.add(key)
        return False

    def _unlike(self, one: int, two: int) -> bool:
        if _OPEN in (one, two):
            return False
        first = self._defaults[0] if one == NOBODY else one
        return first != (self._defaults[1] if two == NOBODY else two)
