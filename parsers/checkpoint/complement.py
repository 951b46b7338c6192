"""Everything but some services: what a negated service column matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rulecheck.model.fields import DOMAIN, PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service
from rulecheck.model.provenance import Origin

_PROTOCOLS = DOMAIN[Field.PROTOCOL]


def complement(services: Sequence[Service], label: str, origin: Origin) -> tuple[Service, ...]:
    """Return the packets that are in none of the services.

    What is only in services with conditions is in the result under the condition that none of them holds.
    """
    refused = _refused(services, label, origin)
    found: list[Service] = []
    for protocols, members in _classes(services):
        exact = [one for one in members if one.condition is None]
        for sources, destinations, icmp in _outside(members, ()):
            found.append(Service(label, origin, protocols, sources, destinations, icmp))
        doubtful = [one for one in members if one.condition is not None]
        for sources, destinations, icmp in _outside(exact, doubtful) if doubtful else ():
            found.append(Service(label, origin, protocols, sources, destinations, icmp, condition=refused))
    return tuple(replace(one, protocol=None if one.protocol == _PROTOCOLS else one.protocol) for one in found)


def _refused(services: Sequence[Service], label: str, origin: Origin) -> Condition | None:
    conditions = {one.condition.key: one.condition for one in services if one.condition is not None}
    if len(conditions) == 1:
        (only,) = conditions.values()
        return replace(only, holds=not only.holds)
    if not conditions:
        return None
    keys = " or ".join(sorted(conditions))
    return Condition(f"none of {keys}", f"what {label} stands for is not known exactly", origin)


def _classes(services: Sequence[Service]) -> Iterator[tuple[IntervalSet, list[Service]]]:
    """Yield sets of protocols that are in exactly the same services, with these services."""
    classes: dict[tuple[int, ...], list[int]] = {}
    for number in range(256):
        inside = tuple(at for at, one in enumerate(services) if one.protocol is None or number in one.protocol)
        classes.setdefault(inside, []).append(number)
    for inside, numbers in classes.items():
        yield IntervalSet.points(numbers), [services[at] for at in inside]


Box = tuple[IntervalSet | None, IntervalSet | None, IntervalSet | None]


def _outside(inner: Sequence[Service], within: Sequence[Service]) -> Iterator[Box]:
    """Yield what of ``within`` (of everything, where it is empty) is outside ``inner``, for one class of protocols."""
    if any(one.icmp is not None for one in (*inner, *within)):
        values = _icmp(within) if within else PORT_ALL
        values -= _icmp(inner)
        if values:
            yield None, None, values if values != PORT_ALL else None
        return
    for sources, destinations in _rows(inner, within):
        yield _open(sources), _open(destinations), None


def _rows(inner: Sequence[Service], within: Sequence[Service]) -> Iterator[tuple[IntervalSet, IntervalSet]]:
    """Yield the remainder as rows: source ports with the destination ports that are left for them."""
    rows: dict[IntervalSet, list[tuple[int, int]]] = {}
    for low, high in _pieces((*inner, *within)):
        left = PORT_ALL if not within else _at(within, low)
        left -= _at(inner, low)
        if left:
            rows.setdefault(left, []).append((low, high))
    for destinations, pairs in rows.items():
        yield IntervalSet.merged(pairs), destinations


def _pieces(services: Sequence[Service]) -> Iterator[tuple[int, int]]:
    """Yield the source ports in pieces inside which no service has a boundary."""
    edges = {0, 0x10000}
    for one in services:
        for low, high in one.source_ports or ():
            edges |= {low, high + 1}
    ordered = sorted(edges)
    yield from ((low, following - 1) for low, following in pairwise(ordered))


def _at(services: Sequence[Service], source: int) -> IntervalSet:
    """Return the destination ports of the services that have a source port."""
    return IntervalSet.union_of(
        PORT_ALL if one.destination_ports is None else one.destination_ports for one in services if _has(one, source)
    )


def _has(one: Service, source: int) -> bool:
    return one.source_ports is None or source in one.source_ports


def _icmp(services: Sequence[Service]) -> IntervalSet:
    return IntervalSet.union_of(PORT_ALL if one.icmp is None else one.icmp for one in services)


def _open(values: IntervalSet) -> IntervalSet | None:
    return None if values == PORT_ALL else values
