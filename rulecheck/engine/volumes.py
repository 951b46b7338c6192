"""Exact packet counts: how much of an entry each of several rows takes, in evaluation order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.local import Local
from rulecheck.engine.ranks import Ints
from rulecheck.engine.survey import EntryView
from rulecheck.engine.verdict import Limits


class Volumes:
    """One box of an entry, without the entry's boxes before it, against rows.

    ``gone`` rows take their packets before anybody else; ``rows`` are then asked in order. Counting each box
    without its predecessors makes the counts of an entry's boxes add up to those of their union.

    Raises:
        TooManyPiecesError: it would pass the limits.
    """

    def __init__(self, decider: Decider, view: EntryView, number: int, gone: Ints, rows: Ints) -> None:
        table = decider.table
        before = np.array([box.box for box in view.boxes[:number]], dtype=np.int64)
        boxes = np.concatenate((before, table.row_box[gone], table.row_box[rows]))
        needs = [table.needs[box] for box in boxes] if table.conditions else ()
        box = view.boxes[number].box
        space = table.space
        self.local = Local(space, space.boxes[box], space.boxes[boxes], table.needs[box], needs, decider.limits)
        self._first = len(before) + len(gone)
        self._rows = len(rows)
        self._limits = decider.limits
        self._active = np.isin(np.arange(len(boxes)), self.local.all)

    @property
    def total(self) -> int:
        """Return how many packets there are to take."""
        gone = self.local.all[self.local.all < self._first]
        return sum(self.local.volume(piece) for piece in self.local.pieces(gone))

    def takes(self) -> Iterator[int]:
        """Yield for each row how many packets it takes that no row before it takes."""
        return (self.taken(row, self._limits) for row in range(self._rows))

    def reach(self, row: int) -> int:
        """Return how many packets of the box row number ``row`` matches at all, taken or not."""
        at = row + self._first
        start = self.local.whole & self.local.masks[at]
        return self.local.volume(start) if self._active[at] and self.local.nonempty(start) else 0

    def takes_any(self, row: int) -> bool:
        """Return whether row number ``row`` takes a packet that nobody takes before it."""
        at = row + self._first
        start = self.local.whole & self.local.masks[at]
        before = self.local.all[self.local.all < at]
        return bool(self._active[at]) and self.local.nonempty(start) and self.local.first(before, start) is not None

    def taken(self, row: int, limits: Limits) -> int:
        """Return how many packets row number ``row`` takes that nobody takes before it.

        Raises:
            TooManyPiecesError: counting passed ``limits``.
        """
        at = row + self._first
        start = self.local.whole & self.local.masks[at]
        if not self._active[at] or not self.local.nonempty(start):
            return 0
        before = self.local.all[self.local.all < at]
        return sum(self.local.volume(piece) for piece in self.local.pieces(before, start, limits=limits))

    def leaves_any(self) -> bool:
        """Return whether a packet is left that none of the rows takes."""
        return self.local.first(self.local.all) is not None
