"""One product of packets and the lists of rows that decide them, cut down to what lies inside that product.

Rows are interned by content: two rows that take the same packets of the product under the same conditions, with
the same label, are one row, whichever list they stand in. So lists that go on alike are recognised without a look
at any packet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rulecheck.engine.terms import value_of
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term

WHOLE = 0
"""The number of the value that is all of an axis."""

Needs = tuple[tuple[str, bool], ...]
"""Conditions under which a row takes its packets: keys and the truth that each must have, sorted."""


class Order(Enum):
    """In which order fields are looked at. It changes how an answer is cut into products, never what it says."""

    WIDE = "most values first"
    NARROW = "fewest values first"
    USUAL = "as people read a rule"


_READ = (Field.PROTOCOL, Field.DESTINATION_PORT, Field.ICMP, Field.IN_INTERFACE, Field.OUT_INTERFACE)
_REST = tuple(field for field in Field if field not in (*_READ, Field.SOURCE, Field.DESTINATION))
_USUAL = (*_READ, Field.DESTINATION, Field.SOURCE, *_REST)


@dataclass(frozen=True, slots=True)
class Column:
    """A first-match list: rows of packets with the label of whoever takes them, and the default's label."""

    rows: Sequence[tuple[Term, int]]
    default: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row inside the product: the number of its value on each axis, its conditions, its label.

    ``takes_all_from`` is the first axis from which on it holds everything; past the last axis for a row that
    depends on conditions.
    """

    cells: tuple[int, ...]
    needs: Needs
    label: int
    takes_all_from: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """A row with its values by field, before the axes have an order."""

    values: Mapping[Field, int]
    needs: Needs
    label: int


class Problem:
    """A product of packets (``region``) and the columns inside it.

    ``axes`` are the fields on which some row holds a part of the product only, ``values[a][n]`` is value n of axis
    a. ``columns`` are lists of numbers of ``rows``; each ends with its default, which takes everything.
    """

    def __init__(self, region: Term, columns: Sequence[Column], order: Order = Order.WIDE) -> None:
        self.region = region
        self._numbers: dict[Field, dict[IntervalSet, int]] = {}
        self._known: dict[tuple[Field, int], int | None] = {}
        cuts = [self._cut_column(column) for column in columns]
        self.axes = self._order(order)
        self.values = tuple(self._values(field) for field in self.axes)
        self.rows: list[Row] = []
        self._interned: dict[Row, int] = {}
        self.columns = tuple(
            tuple(dict.fromkeys(map(self._intern, (*found, _Cut({}, (), column.default)))))
            for found, column in zip(cuts, columns, strict=True)
        )

    def _cut_column(self, column: Column) -> list[_Cut]:
        found: list[_Cut] = []
        for term, label in column.rows:
            cut = self._cut(term, label)
            if cut is None:
                continue
            found.append(cut)
            if not cut.values and not cut.needs:
                break
        return found

    def _cut(self, term: Term, label: int) -> _Cut | None:
        """Return what of a row lies in the product, None for nothing."""
        given = self.region.conditions
        if any(given.get(key, holds) != holds for key, holds in term.conditions.items()):
            return None
        values: dict[Field, int] = {}
        for field, whole in term.sets.items():
            number = self._number(field, whole)
            if number is None:
                return None
            if number != WHOLE:
                values[field] = number
        needs = tuple(sorted((key, holds) for key, holds in term.conditions.items() if key not in given))
        return _Cut(values, needs, label)

    def _number(self, field: Field, values: IntervalSet) -> int | None:
        """Return the number of a set inside the product, None where it is outside."""
        place = field, id(values)
        if place not in self._known:
            self._known[place] = self._look(field, values)
        return self._known[place]

    def _look(self, field: Field, values: IntervalSet) -> int | None:
        here = value_of(self.region.sets, field)
        inside = here & values
        if not inside:
            return None
        if inside == here:
            return WHOLE
        numbers = self._numbers.setdefault(field, {})
        return numbers.setdefault(inside, len(numbers) + 1)

    def _order(self, order: Order) -> tuple[Field, ...]:
        """Return the axes: the protocol first, because other fields depend on it, then as ``order`` says."""
        usual = {field: place for place, field in enumerate(_USUAL)}

        def rank(field: Field) -> tuple[bool, int, int]:
            count = len(self._numbers[field])
            by_count = {Order.WIDE: -count, Order.NARROW: count, Order.USUAL: 0}[order]
            return field is not Field.PROTOCOL, by_count, usual[field]

        return tuple(sorted(self._numbers, key=rank))

    def _values(self, field: Field) -> tuple[IntervalSet, ...]:
        return value_of(self.region.sets, field), *self._numbers[field]

    def _intern(self, cut: _Cut) -> int:
        cells = tuple(cut.values.get(field, WHOLE) for field in self.axes)
        last = max((axis for axis, cell in enumerate(cells) if cell != WHOLE), default=-1)
        row = Row(cells, cut.needs, cut.label, len(cells) + 1 if cut.needs else last + 1)
        number = self._interned.setdefault(row, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
        return number
