"""Policies as Boolean functions: the task that rulecheck solves, for a library of binary decision diagrams.

Each field is a row of bits, most significant first. An address is one bit for the family and the bits of the
address; IPv4 uses the first 32. Sets are encoded once and reused, as a careful user of such a library would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rulecheck.model.fields import DOMAIN, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term

ADDRESSES = (Field.SOURCE, Field.DESTINATION)
FAMILY = "family"
ORDER = (
    Field.PROTOCOL,
    Field.ICMP,
    Field.TCP_FLAGS,
    Field.DESTINATION_PORT,
    Field.SOURCE_PORT,
    Field.DESTINATION,
    Field.SOURCE,
)
"""Fields from the top of the diagram down; of the orders tried, this one was the fastest on policy-like sets."""


class Encoder:
    """Encodes terms with a manager of the ``dd`` library, whose functions are of no type known here."""

    def __init__(self, manager: Any, order: Sequence[Field] = ORDER) -> None:
        self._manager = manager
        self._bits = {field: [f"{field.value}{bit}" for bit in range(_width(field))] for field in order}
        manager.declare(FAMILY, *(name for names in self._bits.values() for name in names))
        self._levels = {name: manager.var(name) for names in self._bits.values() for name in names}
        self._family = manager.var(FAMILY)
        self._sets: dict[tuple[Field, IntervalSet], Any] = {}

    def union(self, terms: Iterable[Term]) -> Any:
        """Return the packets of a rule."""
        result = self._manager.false
        for term in terms:
            result |= self._product(term)
        return result

    def _product(self, term: Term) -> Any:
        """Return one product; fields are joined from the bottom of the diagram upwards, which is the cheapest."""
        result = self._manager.true
        for field in reversed(self._bits):
            values = term.sets.get(field)
            if values is not None:
                result &= self._set(field, values)
        return result

    def _set(self, field: Field, values: IntervalSet) -> Any:
        key = (field, values)
        if key not in self._sets:
            self._sets[key] = self._addresses(field, values) if field in ADDRESSES else self._ranges(field, values)
        return self._sets[key]

    def _addresses(self, field: Field, values: IntervalSet) -> Any:
        six = values.lowest >= IPV6_BASE
        if not six:
            return ~self._family & self._ranges(field, values, 32)
        shifted = IntervalSet(tuple((low - IPV6_BASE, high - IPV6_BASE) for low, high in values))
        return self._family & self._ranges(field, shifted)

    def _ranges(self, field: Field, values: IntervalSet, width: int | None = None) -> Any:
        names = self._bits[field][:width]
        result = self._manager.false
        for low, high in values:
            result |= self._at_least(names, low) & self._at_most(names, high)
        return result

    def _at_least(self, names: Sequence[str], bound: int) -> Any:
        result = self._manager.true
        for position, name in enumerate(reversed(names)):
            level = self._levels[name]
            result = level & result if bound >> position & 1 else level | result
        return result

    def _at_most(self, names: Sequence[str], bound: int) -> Any:
        result = self._manager.true
        for position, name in enumerate(reversed(names)):
            level = self._levels[name]
            result = ~level | result if bound >> position & 1 else ~level & result
        return result


def _width(field: Field) -> int:
    return 128 if field in ADDRESSES else DOMAIN[field].intervals[-1][1].bit_length()
