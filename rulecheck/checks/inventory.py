"""The objects of a device: what they contain, and which of them are used."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from rulecheck.checks.site import Site
from rulecheck.model.device import Device, ObjectDefinition
from rulecheck.model.match import Addresses, Services
from rulecheck.model.observation import ObjectRef, Place

CHAIN = "chain"
"""The kind of objects that are lists of rules; RC307 looks at those."""


def reference(one: ObjectDefinition) -> ObjectRef:
    """Return an object as an observation cites it."""
    return ObjectRef(one.kind, one.name)


def place(one: ObjectDefinition) -> Place:
    """Return the definition of an object as a place."""
    return Place(one.origin.line, one.origin.text)


def is_empty(one: ObjectDefinition) -> bool:
    """Return whether an object stands for no address or no service at all, and surely so."""
    content = one.content
    if isinstance(content, Addresses):
        return not content.parts
    return isinstance(content, Services) and not content.products


def content_key(one: ObjectDefinition) -> Hashable | None:
    """Return what an object stands for, equal for equal contents; None where that is nothing, or not known."""
    content = one.content
    if content is None or is_empty(one):
        return None
    if isinstance(content, Addresses):
        return frozenset(
            (part.family, part.values, frozenset((c.key, c.holds) for c in part.conditions)) for part in content.parts
        )
    return frozenset(
        (frozenset(sets.items()), frozenset((c.key, c.holds) for c in needs)) for sets, needs in content.products
    )


def unused(site: Site) -> tuple[ObjectDefinition, ...]:
    """Return the objects to which no rule and no other part of the configuration leads, in order of definition."""
    return tuple(_unused(site.device))


def _unused(device: Device) -> Iterable[ObjectDefinition]:
    by_name: dict[str, list[int]] = {}
    for number, one in enumerate(device.objects):
        by_name.setdefault(one.name, []).append(number)
    exact = {(one.kind, one.name): number for number, one in enumerate(device.objects)}
    queue = [number for use in device.uses for number in _meant(exact, by_name, use.kind, use.name)]
    seen = set(queue)
    while queue:
        for member in device.objects[queue.pop()].members:
            fresh = [number for number in by_name.get(member, ()) if number not in seen]
            seen.update(fresh)
            queue.extend(fresh)
    return (one for number, one in enumerate(device.objects) if number not in seen and one.kind != CHAIN)


def _meant(
    exact: Mapping[tuple[str, str], int], by_name: Mapping[str, list[int]], kind: str, name: str
) -> Iterable[int]:
    """Return the objects that a use can mean: the one of its kind, or else all of its name."""
    number = exact.get((kind, name))
    return by_name.get(name, ()) if number is None else (number,)
