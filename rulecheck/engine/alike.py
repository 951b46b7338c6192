"""Rules that are alike in everything but one operand: found by numbering equal operands, never pair by pair."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.ranks import Ints
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Constraint, Match, Services
from rulecheck.model.rule import Rule

SOURCE, DESTINATION, SERVICE = "source", "destination", "service"


@dataclass(frozen=True, slots=True)
class Alike:
    """Rules of one outcome that differ in ``operand`` alone. ``members`` are positions in the given rules, rising."""

    operand: str
    members: tuple[int, ...]


def alike(rules: Sequence[Rule], families: Iterable[int]) -> Iterator[Alike]:
    """Yield all sets of two or more rules that differ in one operand, operand by operand.

    Two operands are equal when they hold the same values under the same conditions, however they are written.
    """
    names, columns = _columns(rules, frozenset(families))
    for chosen, name in enumerate(names):
        others = [column for number, column in enumerate(columns) if number != chosen]
        for members in _groups(others):
            yield Alike(name, members)


def _columns(rules: Sequence[Rule], families: frozenset[int]) -> tuple[list[str], list[Ints]]:
    """Return the names of the operands, and for each of them, and for all that has to be equal, each rule's number."""
    addresses, services, others = _Numbers(), _Numbers(), _Numbers()
    fields = sorted({one.field for rule in rules for one in rule.match.constraints}, key=list(Field).index)
    limited = [_constraints(rule.match.constraints) if rule.match.constraints else {} for rule in rules]
    columns = [
        [addresses.of(rule.match.source, families) for rule in rules],
        [addresses.of(rule.match.destination, families) for rule in rules],
        [services.of(rule.match.services) for rule in rules],
        *([others.number(sets.get(field, DOMAIN[field])) for sets in limited] for field in fields),
        [others.number((rule.outcome, _rest(rule.match))) for rule in rules],
    ]
    names = [SOURCE, DESTINATION, SERVICE, *(field.value for field in fields)]
    return names, [np.array(column, dtype=np.int64) for column in columns]


def _groups(columns: Sequence[Ints]) -> Iterator[tuple[int, ...]]:
    """Yield the positions that have the same numbers in all columns, where there are several."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = np.unique(key * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1]
    order = np.argsort(key, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        if len(group) > 1:
            yield tuple(group.tolist())


class _Numbers:
    """One number for all that is equal. Objects that rules share are looked at once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}
        self._shared: dict[int, int] = {}

    def number(self, value: Hashable) -> int:
        """Return the number of a value."""
        return self._known.setdefault(value, len(self._known))

    def of(self, operand: Addresses | Services | None, families: frozenset[int] = frozenset()) -> int:
        """Return the number of an operand by what it holds."""
        found = self._shared.get(id(operand))
        if found is None:
            key = _addresses(operand, families) if isinstance(operand, Addresses) else _services(operand)
            found = self._shared[id(operand)] = self.number(key)
        return found


def _addresses(operand: Addresses, families: frozenset[int]) -> Hashable:
    return frozenset((one.values, _needs(one.conditions)) for one in operand.parts if one.family in families)


def _services(operand: Services | None) -> Hashable:
    if operand is None:
        return frozenset(((frozenset(), ()),))
    return frozenset((frozenset(sets.items()), _needs(needs)) for sets, needs in operand.products)


def _constraints(constraints: Iterable[Constraint]) -> dict[Field, IntervalSet]:
    sets: dict[Field, IntervalSet] = {}
    for one in constraints:
        sets[one.field] = sets[one.field] & one.values if one.field in sets else one.values
    return sets


def _needs(conditions: Iterable[Condition]) -> Hashable:
    return frozenset((one.key, one.holds) for one in conditions) if conditions else ()


def _rest(match: Match) -> Hashable:
    """Return what two rules have to share besides their operands."""
    if not match.conditions and not match.choices:
        return ()
    return _needs(match.conditions), tuple(frozenset(map(_way, choice)) for choice in match.choices)


def _way(one: Alternative) -> Hashable:
    return frozenset(_constraints(one.constraints).items()), _needs(one.conditions)
