"""The named objects of a device as operands of a question."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from rulecheck.model.device import Device
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element, Service, Services
from rulecheck.model.rule import Rule


class Objects:
    """What the names in a configuration stand for.

    The definition counts where the parser resolved it; else what the rules that use the object were resolved to.
    """

    def __init__(self, device: Device) -> None:
        self._device = device

    def addresses(self, name: str) -> tuple[Element, ...] | None:
        """Return the addresses of an object, None where it has none or is not known."""
        return self._addresses.get(name)

    def services(self, name: str) -> tuple[Service, ...] | None:
        """Return the services of an object, None where it has none or is not known."""
        return self._services.get(name)

    @property
    def address_names(self) -> tuple[str, ...]:
        """Return the names of objects with addresses."""
        return tuple(self._addresses)

    @property
    def service_names(self) -> tuple[str, ...]:
        """Return the names of objects with services."""
        return tuple(self._services)

    @cached_property
    def fields(self) -> frozenset[Field]:
        """Return the fields beyond addresses that any rule of the device looks at."""
        found: set[Field] = set()
        services: dict[int, Services] = {}
        for rule in self._rules():
            match = rule.match
            found.update(one.field for one in match.constraints)
            found.update(one.field for choice in match.choices for way in choice for one in way.constraints)
            if match.services is not None:
                services[id(match.services)] = match.services
        found.update(name for group in services.values() for one in group.elements for name in one.sets())
        return frozenset(found)

    @cached_property
    def by_content(self) -> dict[IntervalSet, str]:
        """Return a name for sets of addresses that are exactly those of one object."""
        found: dict[IntervalSet, str] = {}
        for name, elements in sorted(self._addresses.items()):
            values = IntervalSet.union_of(one.values for one in elements)
            if not any(one.condition for one in elements) and len(elements) > 1:
                found.setdefault(values, name)
        return found

    @cached_property
    def _addresses(self) -> dict[str, tuple[Element, ...]]:
        found: dict[str, dict[Element, None]] = {}
        for operand in self._operands():
            for element in operand.elements:
                for name in element.origin.path:
                    found.setdefault(name, {})[element] = None
        used = {name: tuple(elements) for name, elements in found.items()}
        contents = ((one.name, one.content) for one in self._device.objects)
        defined = {name: content.elements for name, content in contents if isinstance(content, Addresses)}
        return {**used, **defined}

    @cached_property
    def _services(self) -> dict[str, tuple[Service, ...]]:
        found: dict[str, dict[Service, None]] = {}
        for rule in self._rules():
            for service in rule.match.services.elements if rule.match.services is not None else ():
                for name in service.origin.path:
                    found.setdefault(name, {})[service] = None
        used = {name: tuple(services) for name, services in found.items()}
        contents = ((one.name, one.content) for one in self._device.objects)
        defined = {name: content.elements for name, content in contents if isinstance(content, Services)}
        return {**used, **defined}

    def _rules(self) -> Iterator[Rule]:
        for policy in self._device.policies:
            yield from policy.rules
            yield from policy.implicit

    def _operands(self) -> Iterator[Addresses]:
        """Yield each operand once: groups are shared between rules."""
        seen: set[int] = set()
        for rule in self._rules():
            for operand in (rule.match.source, rule.match.destination):
                if id(operand) not in seen:
                    seen.add(id(operand))
                    yield operand
