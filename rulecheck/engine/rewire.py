"""Whether two listings give every packet of a region the same outcome.

Removing a rule that calls or leaves a list changes what other entries take, so its redundancy is decided by
unfolding the policies with and without it, restricted to the packets it matches, and comparing the listings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rulecheck.engine.decide import Answer, Redundancy
from rulecheck.engine.local import Local, Words
from rulecheck.engine.ranks import Ints, Space
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Listing
from rulecheck.engine.verdict import Limits
from rulecheck.model.match import Term
from rulecheck.model.rule import Outcome


def same_outcomes(left: Listing, right: Listing, region: Sequence[Term], limits: Limits) -> Redundancy:
    """Decide whether both listings treat every packet of ``region`` alike.

    UNKNOWN where only packets differ whose treatment depends on unknown conditions, or where a limit is hit.
    """
    one, two = _rows(left), _rows(right)
    terms = [*region, *(term for term, _ in one), *(term for term, _ in two)]
    space = Space(terms)
    outcomes = ([outcome for _, outcome in one], [outcome for _, outcome in two])
    blame = tuple(sorted({key for term in terms for key in term.conditions}))
    rows = space.boxes[len(region) :]
    needs = [term.conditions for term in terms[len(region) :]]
    try:
        for number, term in enumerate(region):
            local = Local(space, space.boxes[number], rows, term.conditions, needs, limits)
            if any(True for _ in _differences(local, outcomes, left.default, right.default)):
                return Redundancy(Answer.UNKNOWN, blame) if blame else Redundancy(Answer.NO)
    except TooManyPiecesError as error:
        return Redundancy(Answer.UNKNOWN, limit=str(error))
    return Redundancy(Answer.YES)


def _rows(listing: Listing) -> list[tuple[Term, Outcome]]:
    return [(term, entry.outcome) for entry in listing.entries for term in entry.takes]


def _differences(
    local: Local, outcomes: tuple[Sequence[Outcome], Sequence[Outcome]], default: Outcome, other: Outcome
) -> Iterator[Words]:
    """Yield regions in which the first row of the left list and that of the right list disagree."""
    split = len(outcomes[0])
    left, right = local.all[local.all < split], local.all[local.all >= split]
    for before, start, outcome in _deciders(local, left, outcomes[0], default, offset=0):
        for ahead, part, answer in _deciders(local, right, outcomes[1], other, offset=split):
            if answer == outcome:
                continue
            both = start & part
            if local.nonempty(both):
                found = local.first(np.concatenate((before, ahead)), both)
                if found is not None:
                    yield found


def _deciders(
    local: Local, rows: Ints, outcomes: Sequence[Outcome], default: Outcome, offset: int
) -> Iterator[tuple[Ints, Words, Outcome]]:
    """Yield every row, then the default: the rows before it, what it holds, and its outcome."""
    for place, row in enumerate(rows.tolist()):
        start = local.whole & local.masks[row]
        if local.nonempty(start):
            yield rows[:place], start, outcomes[row - offset]
    yield rows, local.whole, default
