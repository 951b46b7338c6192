"""A small universe that stands for all packets: one representative of every elementary interval of every field.

Two numbers that no operand of any rule separates are decided alike, so deciding the representatives decides
every packet. Each unknown condition is one more axis with the values False and True: the truth of a
condition is free and independent of the packet's fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN, IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Match, Service
from rulecheck.model.rule import Rule
from tests import reference

Mask: TypeAlias = NDArray[np.bool_]
Weights: TypeAlias = NDArray[np.longdouble]


def all_rules(policies: Iterable[Policy]) -> Iterator[Rule]:
    """Return every rule of the policies, the implicit ones too."""
    for policy in policies:
        yield from policy.rules
        yield from policy.implicit


def _ways(match: Match) -> Iterator[Alternative]:
    yield from (one for choice in match.choices for one in choice)


def _services(match: Match) -> tuple[Service, ...]:
    return match.services.elements if match.services else ()


def _used_sets(rules: Iterable[Rule]) -> dict[Field, list[IntervalSet]]:
    """Return the interval sets that occur in the rules, by field. Addresses are always split by family."""
    used: dict[Field, list[IntervalSet]] = {name: [IPV4_ALL, IPV6_ALL] for name in (Field.SOURCE, Field.DESTINATION)}
    for rule in rules:
        match = rule.match
        used[Field.SOURCE].extend(element.values for element in match.source.elements)
        used[Field.DESTINATION].extend(element.values for element in match.destination.elements)
        for name, values in (pair for service in _services(match) for pair in service.sets().items()):
            used.setdefault(name, []).append(values)
        for one in (*match.constraints, *(one for way in _ways(match) for one in way.constraints)):
            used.setdefault(one.field, []).append(one.values)
    return used


def _elementary(name: Field, sets: Iterable[IntervalSet]) -> list[tuple[int, int]]:
    """Cut the domain of a field where any of the sets begins or ends; return (representative, size) pairs."""
    starts = {low for low, _ in DOMAIN[name]}
    for low, high in (pair for one in sets for pair in one):
        starts.update((low, high + 1))
    pieces: list[tuple[int, int]] = []
    for low, high in DOMAIN[name]:
        inside = [*sorted(start for start in starts if low <= start <= high), high + 1]
        pieces.extend((a, b - a) for a, b in pairwise(inside))
    return pieces


def conditions_of(match: Match) -> Iterator[Condition]:
    """Return every condition that occurs in a match."""
    yield from match.conditions
    for side, operand in (("source ", match.source), ("destination ", match.destination)):
        yield from (sided(e.condition, side) for e in operand.elements if e.condition)
    yield from (s.condition for s in _services(match) if s.condition)
    yield from (condition for way in _ways(match) for condition in way.conditions)


def sided(condition: Condition, side: str) -> Condition:
    """Return the test of an address as a test of a packet's source or destination."""
    return replace(condition, key=side + condition.key)


@dataclass
class Universe:
    """All representatives as an array with one axis for each used field, and one for each condition key."""

    policies: Sequence[Policy]
    _masks: dict[int, Mask] = field(default_factory=dict)

    @cached_property
    def pieces(self) -> dict[Field, list[tuple[int, int]]]:
        used = _used_sets(all_rules(self.policies))
        return {name: _elementary(name, sets) for name, sets in used.items()}

    @cached_property
    def keys(self) -> list[str]:
        return sorted({c.key for rule in all_rules(self.policies) for c in conditions_of(rule.match)})

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return (*(len(pieces) for pieces in self.pieces.values()), *(2 for _ in self.keys))

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=object))

    def _along(self, axis: int, column: NDArray[np.generic]) -> NDArray[np.generic]:
        shape = [1] * len(self.shape)
        shape[axis] = len(column)
        return column.reshape(shape)

    def within(self, name: Field, values: IntervalSet) -> Mask:
        """Return which packets have a value of ``values`` in the field."""
        column = np.array([reference.contains(values, number) for number, _ in self.pieces[name]], dtype=bool)
        return self._along(list(self.pieces).index(name), column).astype(bool)

    def _holds(self, condition: Condition | None) -> Mask:
        if condition is None:
            return np.ones((1,) * len(self.shape), dtype=bool)
        axis = len(self.pieces) + self.keys.index(condition.key)
        return self._along(axis, np.array([False, True]) == condition.holds).astype(bool)

    def _addresses(self, name: Field, operand: Addresses) -> Mask:
        found = np.zeros((1,) * len(self.shape), dtype=bool)
        for element in operand.elements:
            condition = sided(element.condition, f"{name.value} ") if element.condition else None
            found = found | (self.within(name, element.values) & self._holds(condition))
        return found ^ np.bool_(operand.negated)

    def _service(self, service: Service) -> Mask:
        return self._holds(service.condition) & self.served(service)

    def served(self, service: Service) -> Mask:
        """Return which packets are in the fields of a service, its condition aside."""
        found = np.ones((1,) * len(self.shape), dtype=bool)
        for name, values in service.sets().items():
            found = found & self.within(name, values)
        return found

    def _match(self, match: Match) -> Mask:
        found = self._addresses(Field.SOURCE, match.source) & self._addresses(Field.DESTINATION, match.destination)
        if match.services is not None:
            services = np.zeros((1,) * len(self.shape), dtype=bool)
            for service in match.services.elements:
                services = services | self._service(service)
            found = found & services
        for one in match.constraints:
            found = found & self.within(one.field, one.values)
        for condition in match.conditions:
            found = found & self._holds(condition)
        for choice in match.choices:
            either = np.zeros((1,) * len(self.shape), dtype=bool)
            for way in choice:
                either = either | self._match(Match(constraints=way.constraints, conditions=way.conditions))
            found = found & either
        return np.broadcast_to(found, self.shape)

    def matched(self, match: Match) -> Mask:
        """Return which packets of the whole universe (both families) a match takes."""
        if id(match) not in self._masks:
            self._masks[id(match)] = self._match(match)
        return self._masks[id(match)]

    def packets_of(self, families: Iterable[int]) -> Mask:
        """Return the packets of these address families; a packet never mixes families."""
        found = np.zeros((1,) * len(self.shape), dtype=bool)
        for family in families:
            values = {4: IPV4_ALL, 6: IPV6_ALL}[family]
            found = found | (self.within(Field.SOURCE, values) & self.within(Field.DESTINATION, values))
        return np.broadcast_to(found, self.shape)

    @cached_property
    def weights(self) -> Weights:
        """Return how many packets each representative stands for, relative to the size of the packet space."""
        total = np.ones((1,) * len(self.shape), dtype=np.longdouble)
        for axis, (name, pieces) in enumerate(self.pieces.items()):
            column = np.array([np.longdouble(size) / np.longdouble(DOMAIN[name].size) for _, size in pieces])
            total = total * self._along(axis, column).astype(np.longdouble)
        return np.broadcast_to(total, self.shape)

    def share(self, part: Mask, whole: Mask) -> float:
        """Return the fraction of the packets of ``whole`` that are in ``part``."""
        return float(self.weights[part & whole].sum() / self.weights[whole].sum())

    def listed(self) -> Iterator[tuple[tuple[int, ...], dict[Field, int], dict[str, bool]]]:
        """Yield every representative as position, packet and truths."""
        names = list(self.pieces)
        for position in product(*(range(length) for length in self.shape)):
            fields, truths = position[: len(names)], position[len(names) :]
            packet = {name: self.pieces[name][place][0] for name, place in zip(names, fields, strict=True)}
            yield position, packet, {key: bool(truth) for key, truth in zip(self.keys, truths, strict=True)}

    def locate(self, values: dict[Field, int], truths: dict[str, bool]) -> tuple[int | slice, ...]:
        """Return the index of the representatives of a packet; conditions without a truth stay free."""
        places: list[int | slice] = []
        for name, pieces in self.pieces.items():
            number = values[name]
            places.append(next(i for i, (low, size) in enumerate(pieces) if low <= number < low + size))
        places.extend(int(truths[key]) if key in truths else slice(None) for key in self.keys)
        return tuple(places)
