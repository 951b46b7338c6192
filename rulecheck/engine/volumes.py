"""Exact packet counts: how much of an entry each rule takes first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.local import Local
from rulecheck.engine.partition import NOBODY, Partition
from rulecheck.engine.ranks import Ints
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import TooManyPiecesError

BY_DEFAULT = NOBODY
"""Stands in place of a rule number for the default and for implicit rules, which have none."""

_GONE = -2
IMPLIED = -3
"""Stands in place of a rule number for implicit rules that are told apart from the default."""


def nothing(_: BoxView) -> Ints:
    """Return no rows."""
    return np.zeros(0, dtype=np.int64)


def first_takers(
    decider: Decider,
    view: EntryView,
    gone: Callable[[BoxView], Ints],
    rows: Callable[[BoxView], Ints],
    apart: int | None = None,
) -> dict[int, int]:
    """Return how many packets of an entry each rule takes first, by rule number or :data:`BY_DEFAULT`.

    ``gone`` and ``rows`` give row numbers for each box of the entry: packets of ``gone`` rows are not counted,
    the others belong to the first of ``rows`` that holds them. Each box is counted without the boxes before it,
    so that the counts add up to those of their union. Where that is too much work, rows under unknown conditions
    are left out: shares are then those of the packets that such rows do not take. ``apart`` is the number of an
    outcome (-1 for none): packets that implicit rules give another one are counted under :data:`IMPLIED`.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    try:
        return _takers(decider, view, gone, rows, apart)
    except TooManyPiecesError:
        if not decider.table.conditions:
            raise
        sure = partial(_unconditional, decider)
        return _takers(decider, view, lambda box: sure(gone(box)), lambda box: sure(rows(box)), apart)


def _unconditional(decider: Decider, rows: Ints) -> Ints:
    return rows[~decider.table.conditional[decider.table.row_box[rows]]]


def _takers(
    decider: Decider,
    view: EntryView,
    gone: Callable[[BoxView], Ints],
    rows: Callable[[BoxView], Ints],
    apart: int | None,
) -> dict[int, int]:
    table, space = decider.table, decider.table.space
    total: dict[int, int] = {}
    before: list[int] = []
    for view_of_box in view.boxes:
        box = view_of_box.box
        away, asked = gone(view_of_box), rows(view_of_box)
        boxes = np.concatenate((np.array(before, dtype=np.int64), table.row_box[away], table.row_box[asked]))
        needs = [table.needs[one] for one in boxes] if table.conditions else ()
        local = Local(space, space.boxes[box], space.boxes[boxes], table.needs[box], needs, decider.limits)
        classes = [_GONE] * (len(before) + len(away)) + _classes(decider, asked, apart)
        for rule, packets in Partition(local, classes, decider.limits).counts().items():
            if rule != _GONE:
                total[rule] = total.get(rule, 0) + packets
        before.append(box)
    return total


def _classes(decider: Decider, rows: Ints, apart: int | None) -> list[int]:
    """Return the rule numbers of rows; implicit rules are told apart by whether their outcome is ``apart``."""
    table = decider.table
    numbers = table.row_rule[rows]
    if apart is None:
        return list(numbers.tolist())
    implied = (numbers == BY_DEFAULT) & (table.row_outcome[rows] != apart)
    return list(np.where(implied, IMPLIED, numbers).tolist())
