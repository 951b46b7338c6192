"""Which rule with a different outcome decides most of a dead entry's packets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.survey import EntryView
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Limits
from rulecheck.engine.volumes import Volumes
from rulecheck.model.rule import DECIDING, Outcome, Verb

_SEARCH_PIECES = 5_000
"""Pieces spent on counting for one rule; past them the rule is only known to conflict, not how much."""

_Row = tuple[int, int]
"""A row: the number of the entry's box, and its place among the box's earlier rows."""


def find_conflict(decider: Decider, view: EntryView) -> tuple[bool, tuple[Owner, Outcome, int] | None]:
    """Return whether any packet of a dead entry is decided with another outcome, and the heaviest such rule.

    Branch and bound: rules are counted from the widest overlap down, until no other can decide more.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    candidates = _candidates(decider, view)
    if not candidates:
        return False, None
    none = np.zeros(0, dtype=np.int64)
    problems = [Volumes(decider, view, number, none, box.earlier) for number, box in enumerate(view.boxes)]
    reach = {rule: sum(problems[box].reach(row) for box, row in rows) for rule, rows in candidates.items()}
    limits = decider.limits
    cheap = Limits(_SEARCH_PIECES, limits.work // 50, limits.masks, limits.entries)
    best: tuple[int, int] | None = None
    for rule in sorted(candidates, key=lambda one: (-reach[one], one)):
        if best is not None and reach[rule] <= best[1]:
            break
        packets = _packets(problems, candidates[rule], cheap)
        if packets is not None and (best is None or packets > best[1]):
            best = (rule, packets)
    return (False, None) if best is None else (True, _cite(decider, *best))


def _candidates(decider: Decider, view: EntryView) -> dict[int, list[_Row]]:
    """Return the earlier rows whose outcome is not the entry's, by rule number."""
    table = decider.table
    outcome = table.listing.entries[view.entry].outcome
    number = table.outcome_number(outcome) if outcome.verb in DECIDING or outcome.verb is Verb.RETURN else -1
    found: dict[int, list[_Row]] = {}
    for at, box in enumerate(view.boxes):
        for place in np.flatnonzero(table.row_outcome[box.earlier] != number).tolist():
            found.setdefault(int(table.row_rule[box.earlier[place]]), []).append((at, place))
    return found


def _packets(problems: Sequence[Volumes], rows: Sequence[_Row], limits: Limits) -> int | None:
    """Return how many packets rows decide first: None for none at all, 0 where they could not be counted."""
    deciding = [(box, row) for box, row in rows if problems[box].takes_any(row)]
    if not deciding:
        return None
    try:
        return sum(problems[box].taken(row, limits) for box, row in deciding)
    except TooManyPiecesError:
        return 0


def _cite(decider: Decider, rule: int, packets: int) -> tuple[Owner, Outcome, int] | None:
    table = decider.table
    row = int(np.flatnonzero(table.row_rule == rule)[0])
    owner = table.owner(row)
    return None if owner is None else (owner, table.outcomes[int(table.row_outcome[row])], packets)
