"""Service, protocol and ICMP type objects and groups, resolved once and shared by all rules that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsers.cisco.asa.catalogue import Catalogue, Definition, Member
from parsers.cisco.asa.flatten import FlatGroup, Flattener
from parsers.cisco.asa.services import (
    PORT_PROTOCOLS,
    Side,
    builtin_service,
    group_type,
    port_service,
    protocol_set,
    read_icmp,
    read_ports,
    read_service,
)
from parsers.cisco.asa.values import Unclear
from parsers.cisco.vocabulary import ICMP, PORT_OPERATORS
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service
from rulecheck.model.provenance import Origin

_GroupReader = Callable[[Definition, Member, Origin], tuple[Service, ...]]


@dataclass(frozen=True, slots=True)
class ServiceOperand:
    """A resolved clause and the conditions under which the whole rule stands."""

    services: tuple[Service, ...]
    conditions: tuple[Condition, ...] = ()


class ServiceGroups:
    """Resolves everything that a rule can name in its protocol, port or ICMP slot; each is resolved once."""

    def __init__(self, catalogue: Catalogue, flattener: Flattener) -> None:
        self._catalogue = catalogue
        self._flattener = flattener
        self._resolved: dict[tuple[str, str, str], ServiceOperand] = {}

    def is_service(self, keyword: str, name: str) -> bool:
        """Return whether ``object NAME`` or ``object-group NAME`` can stand in a port or protocol slot."""
        if keyword == "object":
            return self._catalogue.get("object service", name) is not None
        kinds = ("object-group service", "object-group protocol", "object-group icmp-type")
        return any(self._catalogue.get(kind, name) for kind in kinds)

    def protocol_slot(self, keyword: str, name: str, line: int, origin: Origin) -> ServiceOperand:
        """Return what ``object NAME`` or ``object-group NAME`` means in place of a protocol."""
        kinds = ("object service",) if keyword == "object" else ("object-group protocol", "object-group service")
        for kind in kinds:
            definition = self._catalogue.get(kind, name)
            if definition is not None:
                return self.resolve(definition)
        known = builtin_service(name, origin) if keyword == "object" else None
        if known is not None:
            return ServiceOperand((known,))
        return self._unknown(kinds[-1], keyword, name, line, origin)

    def port_slot(self, keyword: str, name: str, side: Side, line: int, origin: Origin) -> ServiceOperand:
        """Return what a service group or object means in place of source or destination ports.

        Raises:
            Unclear: the group names destinations of its own and stands in place of source ports.
        """
        kind = "object service" if keyword == "object" else "object-group service"
        definition = self._catalogue.get(kind, name)
        if definition is None:
            return self._unknown(kind, keyword, name, line, origin)
        operand = self.resolve(definition, side)
        if side == "source" and any(service.destination_ports for service in operand.services):
            raise Unclear("RC602", f"{kind} {name} cannot stand in place of source ports")
        return operand

    def icmp_slot(self, name: str, protocol: int, line: int, origin: Origin) -> ServiceOperand:
        """Return what an ICMP type group (or a service group) means behind the addresses of an ICMP rule."""
        definition = self._catalogue.get("object-group icmp-type", name)
        if definition is not None:
            return self.resolve(definition, str(protocol))
        definition = self._catalogue.get("object-group service", name)
        if definition is not None:
            return self.resolve(definition)
        return self._unknown("object-group icmp-type", "object-group", name, line, origin)

    def resolve_icmp(self, definition: Definition) -> ServiceOperand:
        """Return the services of an ICMP type group for ICMP of IPv4."""
        return self.resolve(definition, str(ICMP))

    def resolve(self, definition: Definition, variant: str = "destination") -> ServiceOperand:
        """Return the services of an object or group.

        ``variant`` is the side for port groups and the protocol number for ICMP type groups.
        """
        key = (definition.kind, definition.name, variant)
        if key not in self._resolved:
            self._resolved[key] = self._read(definition, variant)
        return self._resolved[key]

    def _read(self, definition: Definition, variant: str) -> ServiceOperand:
        if definition.kind == "object service":
            return ServiceOperand(self._object(definition, (definition.name,)))
        reader = self._reader(definition.kind, variant)
        flat = self._flattener.flatten(definition)
        services: list[Service] = []
        for owner, member, path in flat.members:
            services.extend(self._guarded(reader, owner, member, path))
        services.extend(self._undefined(flat))
        return ServiceOperand(tuple(services), self._flattener.group_conditions(definition, flat))

    def _reader(self, kind: str, variant: str) -> _GroupReader:
        if kind == "object-group protocol":
            return _read_protocol_member
        if kind == "object-group icmp-type":
            return lambda _, member, origin: _read_icmp_member(member, int(variant), origin)
        side: Side = "source" if variant == "source" else "destination"
        return lambda owner, member, origin: self._read_service_member(owner, member, side, origin)

    def _guarded(
        self, reader: _GroupReader, owner: Definition, member: Member, path: tuple[str, ...]
    ) -> tuple[Service, ...]:
        """Read a member; one that is not clear becomes any service under a condition."""
        origin = self._flattener.origin(member, path)
        try:
            return reader(owner, member, origin)
        except Unclear as problem:
            condition = self._flattener.malformed(member, problem.message, problem.code, origin)
            return (Service(" ".join(member.words), origin, condition=condition),)

    def _read_service_member(
        self, owner: Definition, member: Member, side: Side, origin: Origin
    ) -> tuple[Service, ...]:
        words = member.words
        if words[0] == "port-object":
            return (_read_port_member(owner, member, side, origin),)
        if words[1:2] == ("object",) and len(words) == 3:
            return self._object_reference(words[2], member, origin)
        return (read_service(words[1:], origin),)

    def _object_reference(self, name: str, member: Member, origin: Origin) -> tuple[Service, ...]:
        inner = self._catalogue.get("object service", name)
        if inner is not None:
            return self._object(inner, (*origin.path, name))
        known = builtin_service(name, origin)
        if known is not None:
            return (known,)
        condition = self._flattener.undefined("object service", name, member.line, origin)
        return (Service(f"object {name}", origin, condition=condition),)

    def _object(self, definition: Definition, path: tuple[str, ...]) -> tuple[Service, ...]:
        """Return the value of a service object: its last value line, or nothing for an object without one."""
        if not definition.members:
            return ()
        return self._guarded(_read_service_line, definition, definition.members[-1], path)

    def _undefined(self, flat: FlatGroup) -> list[Service]:
        found = []
        for kind, name, member, path in flat.undefined:
            origin = self._flattener.origin(member, path)
            condition = self._flattener.undefined(kind, name, member.line, origin)
            found.append(Service(f"object-group {name}", origin, condition=condition))
        return found

    def _unknown(self, kind: str, keyword: str, name: str, line: int, origin: Origin) -> ServiceOperand:
        condition = self._flattener.undefined(kind, name, line, origin)
        return ServiceOperand((Service(f"{keyword} {name}", origin, condition=condition),))


def _read_service_line(owner: Definition, member: Member, origin: Origin) -> tuple[Service, ...]:
    """Read ``service …`` of a service object; the protocol may stand in the object's own line."""
    words = list(member.words[1:])
    if words and words[0] in ("source", "destination") and owner.qualifier:
        words.insert(0, owner.qualifier)
    return (read_service(words, origin),)


def _read_protocol_member(_owner: Definition, member: Member, origin: Origin) -> tuple[Service, ...]:
    if len(member.words) != 2:
        raise Unclear("RC606", "a protocol is expected")
    return (Service(member.words[1], origin, protocol_set(member.words[1])),)


def _read_icmp_member(member: Member, protocol: int, origin: Origin) -> tuple[Service, ...]:
    if len(member.words) < 2:
        raise Unclear("RC606", "an ICMP message is expected")
    values, end = read_icmp(member.words, 1, protocol)
    if end < len(member.words):
        raise Unclear("RC602", f"{member.words[end]} is not part of an ICMP message")
    text = " ".join(member.words[1:])
    return (Service(text, origin, IntervalSet.points((protocol,)), icmp=values),)


def _read_port_member(owner: Definition, member: Member, side: Side, origin: Origin) -> Service:
    words = member.words
    if len(words) < 2 or words[1] not in PORT_OPERATORS:
        raise Unclear("RC606", "eq or range and a port are expected")
    protocol = group_type(owner.qualifier) & PORT_PROTOCOLS
    ports, end = read_ports(words, 1, protocol)
    if end < len(words):
        raise Unclear("RC602", f"{words[end]} is not part of a port")
    return port_service(" ".join(words[1:]), origin, protocol, ports, side)
