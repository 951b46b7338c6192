"""A quick first look at which rules of a list can meet a region: those between whose ends it lies, field by field."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rulecheck.engine.terms import value_of
from rulecheck.model.fields import Field
from rulecheck.model.match import Term

_FIELDS = (
    Field.SOURCE,
    Field.DESTINATION,
    Field.DESTINATION_PORT,
    Field.PROTOCOL,
    Field.SOURCE_ZONE,
    Field.DESTINATION_ZONE,
    Field.IN_INTERFACE,
)


class Hulls:
    """For every rule of a list and some fields, the ends between which all that it matches lies."""

    def __init__(self, rules: Sequence[Sequence[Term]]) -> None:
        self._count = len(rules)
        used = {name for terms in rules for term in terms for name in term.sets}
        self._hulls = [(name, *_hull(name, rules)) for name in _FIELDS if name in used]

    def meeting(self, region: Term) -> Iterable[int]:
        """Return the places of the rules that may meet a region; those left out do not."""
        kept = np.ones(self._count, dtype=np.bool_)
        for name, ends, lows, highs in self._hulls:
            values = value_of(region.sets, name).intervals
            if values:
                kept &= (lows < bisect_right(ends, values[-1][1])) & (highs >= bisect_left(ends, values[0][0]))
        return np.flatnonzero(kept).tolist()


def _hull(name: Field, rules: Sequence[Sequence[Term]]) -> tuple[list[int], NDArray[np.int64], NDArray[np.int64]]:
    """Return all ends, sorted, and the lowest and highest of each rule as places among them."""
    sets = [[value_of(term.sets, name).intervals for term in terms] for terms in rules]
    lows = [min((one[0][0] for one in many), default=1) for many in sets]
    highs = [max((one[-1][1] for one in many), default=0) for many in sets]
    ends = sorted({*lows, *highs})
    places = {end: place for place, end in enumerate(ends)}
    return ends, np.array([places[low] for low in lows]), np.array([places[high] for high in highs])
