"""Service clauses: protocols, ports and ICMP messages, literal or from objects and groups.

Every clause of an access list entry (protocol, source ports, destination ports, ICMP message) becomes a
tuple of services, and the entry's service is their intersection. That gives one meaning to a service group
in the protocol slot, in the port slot, and to a typed group under another protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from parsers.cisco.asa.values import Unclear
from parsers.cisco.vocabulary import (
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    PORT_OPERATORS,
    SCTP,
    TCP,
    UDP,
    WITH_PORTS,
    icmp_message,
    icmp_set,
    is_number,
    port_number,
    port_set,
    protocol_number,
)
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service
from rulecheck.model.provenance import Origin

Side = Literal["source", "destination"]

PORT_PROTOCOLS = IntervalSet.points(WITH_PORTS)
ICMP_PROTOCOLS = IntervalSet.points((ICMP, ICMP6))
_TYPES = {
    "tcp": IntervalSet.points((TCP,)),
    "udp": IntervalSet.points((UDP,)),
    "sctp": IntervalSet.points((SCTP,)),
    "tcp-udp": IntervalSet.points((TCP, UDP)),
}


def protocol_set(word: str) -> IntervalSet | None:
    """Return the protocols of a word (``tcp``, ``tcp-udp``, ``47``); None for ``ip``: every protocol.

    Raises:
        Unclear: the word is no protocol.
    """
    if word in ANY_PROTOCOL:
        return None
    if word in _TYPES:
        return _TYPES[word]
    number = protocol_number(word)
    if number is None:
        raise Unclear("RC606", f"{word} is not a protocol")
    return IntervalSet.points((number,))


def group_type(qualifier: str) -> IntervalSet:
    """Return the protocols of a typed service group; without a type, all protocols that have ports.

    Raises:
        Unclear: the type is unknown.
    """
    if not qualifier:
        return PORT_PROTOCOLS
    if qualifier not in _TYPES:
        raise Unclear("RC606", f"{qualifier} is not a type of service group")
    return _TYPES[qualifier]


def read_ports(words: Sequence[str], start: int, protocol: IntervalSet | None) -> tuple[IntervalSet, int]:
    """Return the ports of the operator at ``start`` and the position behind it.

    Raises:
        Unclear: a port is missing or unknown.
    """
    operator = words[start]
    end = start + (3 if operator == "range" else 2)
    if end > len(words):
        raise Unclear("RC606", f"the port behind {operator} is missing")
    only = protocol.lowest if protocol is not None and protocol.size == 1 else None
    ports = [_port(word, only) for word in words[start + 1 : end]]
    return port_set(operator, ports), end


def _port(word: str, protocol: int | None) -> int:
    number = port_number(word, protocol)
    if number is None:
        raise Unclear("RC606", f"{word} is not a port")
    return number


def port_service(text: str, origin: Origin, protocol: IntervalSet, ports: IntervalSet, side: Side) -> Service:
    """Return the service that restricts one side's ports."""
    if side == "source":
        return Service(text, origin, protocol, source_ports=ports)
    return Service(text, origin, protocol, destination_ports=ports)


def read_icmp(words: Sequence[str], start: int, protocol: int) -> tuple[IntervalSet, int]:
    """Return the ICMP values of ``type [code]`` at ``start`` and the position behind them.

    Raises:
        Unclear: the type is unknown or a number is out of range.
    """
    word = words[start]
    if is_number(word):
        kind, code = _byte(word), None
    else:
        message = icmp_message(word, 6 if protocol == ICMP6 else 4)
        if message is None:
            raise Unclear("RC606", f"{word} is not an ICMP message")
        kind, code = message
    end = start + 1
    if end < len(words) and is_number(words[end]):
        code, end = _byte(words[end]), end + 1
    return icmp_set(kind, code), end


def _byte(word: str) -> int:
    if len(word) > 3 or int(word) > 255:
        raise Unclear("RC606", f"{word} is not an ICMP type or code")
    return int(word)


def read_service(words: Sequence[str], origin: Origin) -> Service:
    """Return the service of ``service …`` or ``service-object …`` without the first word.

    Ports without ``source`` or ``destination`` before them are destination ports.

    Raises:
        Unclear: a part is missing, unknown or left over.
    """
    if not words:
        raise Unclear("RC606", "the protocol is missing")
    protocol = protocol_set(words[0])
    service = Service(" ".join(words), origin, protocol)
    if protocol is not None and protocol.size == 1 and protocol.lowest in (ICMP, ICMP6) and len(words) > 1:
        messages, end = read_icmp(words, 1, protocol.lowest)
        service = replace(service, icmp=messages)
    else:
        service, end = _read_service_ports(words, service)
    if end < len(words):
        raise Unclear("RC602", f"{words[end]} is not part of a service")
    return service


def _read_service_ports(words: Sequence[str], service: Service) -> tuple[Service, int]:
    position = 1
    while position < len(words):
        side: Side = "source" if words[position] == "source" else "destination"
        if words[position] in ("source", "destination"):
            position += 1
        if position >= len(words) or words[position] not in PORT_OPERATORS:
            break
        ports, position = read_ports(words, position, service.protocol)
        protocol = both(service.protocol, PORT_PROTOCOLS)
        if side == "source":
            service = replace(service, protocol=protocol, source_ports=ports)
        else:
            service = replace(service, protocol=protocol, destination_ports=ports)
    return service, position


def both(one: IntervalSet | None, two: IntervalSet | None) -> IntervalSet | None:
    """Return the intersection of two field sets, where None is unrestricted."""
    if one is None or two is None:
        return two if one is None else one
    return one & two


def intersect(one: Iterable[Service], two: Sequence[Service]) -> tuple[Service, ...]:
    """Return the services in both unions; the text and origin are those of the second, narrower clause."""
    pairs = (_common(left, right) for left in one for right in two)
    return tuple(service for service in pairs if service is not None)


def _common(one: Service, two: Service) -> Service | None:
    fields = (
        both(one.protocol, two.protocol),
        both(one.source_ports, two.source_ports),
        both(one.destination_ports, two.destination_ports),
        both(one.icmp, two.icmp),
    )
    if any(values is not None and not values for values in fields):
        return None
    protocol, source, destination, icmp = fields
    text = two.text if one.protocol is None else f"{one.text} {two.text}"
    condition = _all_of(one.condition, two.condition)
    return Service(text, two.origin, protocol, source, destination, icmp, condition=condition)


def _all_of(one: Condition | None, two: Condition | None) -> Condition | None:
    if one is None or two is None:
        return two if one is None else one
    if one.key == two.key:
        return one
    return Condition(f"{one.key} & {two.key}", f"{one.reason}, and {two.reason}", two.origin)


def builtin_service(name: str, origin: Origin) -> Service | None:
    """Return a predefined service object: a protocol (``ospf``) or an ICMP message (``icmp-echo``); or None."""
    try:
        if name.startswith("icmp-"):
            return read_service(("icmp", name.removeprefix("icmp-")), origin)
        return read_service((name,), origin)
    except Unclear:
        return None
