"""Few products instead of many: neighbours that differ in one field become one."""

from __future__ import annotations

from collections.abc import Iterable

from rulecheck.engine.questions.cases import Leaf
from rulecheck.engine.questions.diagram import Product
from rulecheck.engine.questions.problem import Needs
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet

_LAST = (Field.SOURCE, Field.DESTINATION, Field.PROTOCOL)
_ORDER = (*(field for field in Field if field not in _LAST), *_LAST)
"""Ports and flags are joined before addresses: "tcp 80 and 443 to SERVERS" reads better than the other way round."""


class _Sets:
    """Numbers for interval sets, so that products are compared by small integers."""

    def __init__(self) -> None:
        self._numbers: dict[IntervalSet, int] = {}
        self.values: list[IntervalSet] = []

    def number(self, values: IntervalSet) -> int:
        found = self._numbers.setdefault(values, len(self.values))
        if found == len(self.values):
            self.values.append(values)
        return found

    def union(self, numbers: Iterable[int]) -> int:
        return self.number(IntervalSet.union_of(self.values[number] for number in numbers))


_Piece = tuple[dict[Field, int], tuple[Leaf, Needs]]


def merged(products: Iterable[Product]) -> list[Product]:
    """Return the same packets in fewer disjoint products. Deterministic, but not always the fewest possible."""
    sets = _Sets()
    full = {field: sets.number(domain) for field, domain in DOMAIN.items()}
    pieces: list[_Piece] = [
        ({field: sets.number(values) for field, values in one.sets.items()}, (one.leaf, one.given)) for one in products
    ]
    used = [field for field in _ORDER if any(field in piece for piece, _ in pieces)]
    before = 0
    while len(pieces) != before:
        before = len(pieces)
        for field in used:
            pieces = _join(pieces, field, sets, full[field])
    return [
        Product({f: sets.values[n] for f, n in piece.items() if n != full[f]}, leaf, given)
        for piece, (leaf, given) in pieces
    ]


def _join(pieces: list[_Piece], field: Field, sets: _Sets, full: int) -> list[_Piece]:
    """Join pieces that are alike except for one field."""
    groups: dict[object, tuple[_Piece, list[int]]] = {}
    for piece in pieces:
        numbers, what = piece
        rest = tuple(sorted((name.value, number) for name, number in numbers.items() if name is not field))
        groups.setdefault((what, rest), (piece, []))[1].append(numbers.get(field, full))
    return [
        ({**numbers, field: sets.union(found) if len(found) > 1 else found[0]}, what)
        for (numbers, what), found in groups.values()
    ]
