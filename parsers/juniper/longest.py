"""Address conditions of filter terms: prefixes with and without ``except``, decided by the longest match.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapter "Firewall Filter Match
Conditions Based on Address Fields": the order of prefixes does not matter, the longest one that holds the address
decides, and every list ends in an implicit ``0/0 except``. Prefixes and prefix lists of one direction are one list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.juniper.values import Prefix
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Element
from rulecheck.model.provenance import Origin


@dataclass(frozen=True, slots=True)
class Listed:
    """One prefix of an address condition. ``refused`` is True where it is followed by ``except``."""

    text: str
    read: Prefix
    refused: bool
    origin: Origin


def has_unclear_order(listed: Iterable[Listed]) -> bool:
    """Return whether a mask with gaps meets ``except``: which one is longer is then not defined."""
    found = list(listed)
    return any(one.refused for one in found) and any(one.read.length is None for one in found)


def elements(listed: Iterable[Listed], family: int | None) -> tuple[Element, ...]:
    """Return what the list accepts, one element for each accepted prefix that keeps any address.

    ``family`` 4 or 6 drops prefixes of the other family; None keeps both.
    """
    found = [one for one in listed if family is None or one.read.family == family]
    if not any(one.refused for one in found):
        return tuple(Element(one.text, one.read.values, one.origin) for one in found)
    by_length: dict[int, list[Listed]] = {}
    for one in found:
        by_length.setdefault(one.read.length or 0, []).append(one)
    accepted: list[Element] = []
    longer = EMPTY
    for length in sorted(by_length, reverse=True):
        here = by_length[length]
        refused = IntervalSet.union_of(one.read.values for one in here if one.refused)
        for one in here:
            kept = _outside(one.read.values, longer, refused) if not one.refused else EMPTY
            if kept:
                accepted.append(Element(one.text, kept, one.origin))
        longer = longer | IntervalSet.union_of(one.read.values for one in here)
    order = {id(one.origin): place for place, one in enumerate(found)}
    return tuple(sorted(accepted, key=lambda one: order[id(one.origin)]))


def _outside(values: IntervalSet, *taken: IntervalSet) -> IntervalSet:
    """Return ``values`` without the others, looking only at the parts of them that can meet it."""
    low, high = values.intervals[0][0], values.intervals[-1][1]
    for one in taken:
        first = max(0, bisect_right(one.intervals, low, key=lambda pair: pair[0]) - 1)
        last = bisect_right(one.intervals, high, key=lambda pair: pair[0])
        values = values - IntervalSet(one.intervals[first:last])
    return values
