"""Exact packet counts: how much of an entry each of several rows takes, in evaluation order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.local import Local, Words
from rulecheck.engine.ranks import Ints
from rulecheck.engine.survey import EntryView


class Volumes:
    """One box of an entry, without the entry's boxes before it, against rows.

    ``gone`` rows take their packets before anybody else; ``rows`` are then asked in order. Counting each box
    without its predecessors makes the counts of an entry's boxes add up to those of their union.

    Raises:
        TooManyPieces: it would pass the limits.
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
        self._gone = self.local.all[self.local.all < self._first]
        self._rows = len(rows)

    @property
    def total(self) -> int:
        """Return how many packets there are to take."""
        return self._count(self._gone, None)

    def takes(self) -> Iterator[int]:
        """Yield for each row how many packets it takes that no row before it takes."""
        active = set(self.local.all.tolist())
        before = self._gone.tolist()
        for row in range(self._first, self._first + self._rows):
            if row not in active:
                yield 0
                continue
            yield self._count(np.array(before, dtype=np.int64), self.local.whole & self.local.masks[row])
            before.append(row)

    def leaves_any(self) -> bool:
        """Return whether a packet is left that none of the rows takes."""
        return self.local.first(self.local.all) is not None

    def _count(self, active: Ints, start: Words | None) -> int:
        if start is not None and not self.local.nonempty(start):
            return 0
        return sum(self.local.volume(piece) for piece in self.local.pieces(active, start))
