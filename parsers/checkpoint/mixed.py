"""Columns that name things of two kinds: addresses or zones, services or applications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Constraint, Element, Service, on_side


def addresses_or(operand: Addresses, other: Constraint, side: Field) -> tuple[Alternative, ...]:
    """Return the choice between an address operand that is not negated and a zone."""
    exact = IntervalSet.union_of(one.values for one in operand.elements if one.condition is None)
    found = [_address(exact, operand.elements[0], side)] if exact else []
    found += [_address(one.values, one, side) for one in operand.elements if one.condition is not None]
    return (*found, Alternative((other,)))


def _address(values: IntervalSet, one: Element, side: Field) -> Alternative:
    conditions = (on_side(one.condition, side),) if one.condition is not None else ()
    return Alternative((Constraint(side, values, one.text, one.origin),), conditions)


def services_or(services: Iterable[Service], other: Constraint) -> tuple[Alternative, ...]:
    """Return the choice between services and applications."""
    return (*_services(services), Alternative((other,)))


def _services(services: Iterable[Service]) -> Iterator[Alternative]:
    """Yield one alternative for all services that differ in destination ports alone, or else for each."""
    ports: dict[tuple[object, ...], list[IntervalSet]] = {}
    first: dict[tuple[object, ...], tuple[Service, dict[Field, IntervalSet]]] = {}
    for one in services:
        sets = one.sets()
        values = sets.pop(Field.DESTINATION_PORT, None)
        key: tuple[object, ...] = (tuple(sets.items()), one.condition, values is None)
        first.setdefault(key, (one, sets))
        ports.setdefault(key, []).extend([] if values is None else [values])
    for key, (one, sets) in first.items():
        if ports[key]:
            sets[Field.DESTINATION_PORT] = IntervalSet.union_of(ports[key])
        constraints = tuple(Constraint(name, values, one.text, one.origin) for name, values in sets.items())
        conditions: tuple[Condition, ...] = (one.condition,) if one.condition is not None else ()
        yield Alternative(constraints, conditions)
