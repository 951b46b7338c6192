"""The protocol, port and ICMP slots of an access list entry."""

from __future__ import annotations

from parsers.cisco.asa.address_slot import AddressSlot
from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.asa.entry import Clause, Entry
from parsers.cisco.asa.service_groups import ServiceGroups, ServiceOperand
from parsers.cisco.asa.services import (
    ICMP_PROTOCOLS,
    PORT_PROTOCOLS,
    Side,
    both,
    port_service,
    protocol_set,
    read_icmp,
    read_ports,
)
from parsers.cisco.asa.values import Unclear
from parsers.cisco.vocabulary import ANY_PROTOCOL, PORT_OPERATORS
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Service

_REFERENCES = ("object", "object-group")
_KINDS = ("service", "protocol", "icmp-type")


class ServiceSlot:
    """Reads the parts of an entry that restrict its service."""

    def __init__(self, catalogue: Catalogue, services: ServiceGroups, addresses: AddressSlot) -> None:
        self._catalogue = catalogue
        self._services = services
        self._addresses = addresses

    def protocol(self, entry: Entry) -> None:
        """Read the protocol slot.

        Raises:
            Unclear: it is missing or unknown.
        """
        word = entry.take("the protocol")
        if word in _REFERENCES:
            name = entry.take(f"the name behind {word}")
            operand = self._services.protocol_slot(word, name, entry.line, entry.origin)
            self._reference(entry, word, name, operand)
            return
        protocol = protocol_set(word)
        entry.protocol = word
        if protocol is not None:
            entry.clauses.append(Clause((word,), (Service(word, entry.origin, protocol),)))

    def source(self, entry: Entry) -> None:
        """Read source ports, if there are any.

        Raises:
            Unclear: a port is malformed, or the protocol has no ports.
        """
        word = entry.peek()
        if word in PORT_OPERATORS and not (word == "range" and self._addresses.starts(entry, 1)):
            self._literal_ports(entry, "source")
        elif word in _REFERENCES and self._names_source_ports(entry):
            self._named_ports(entry, "source")

    def destination(self, entry: Entry) -> None:
        """Read destination ports or the ICMP message, if there are any.

        Raises:
            Unclear: a port or message is malformed, or the protocol has no ports.
        """
        icmp = self._icmp_protocol(entry)
        word = entry.peek()
        if icmp is not None:
            self._icmp(entry, icmp)
        elif word in PORT_OPERATORS:
            self._literal_ports(entry, "destination")
        elif word in _REFERENCES:
            self._named_ports(entry, "destination")

    def _names_source_ports(self, entry: Entry) -> bool:
        """Return whether the reference behind the source address is a port group, not the destination."""
        keyword, name = entry.peek(), entry.peek(1)
        if self._catalogue.get(f"{keyword} network", name):
            return False
        if self._services.is_service(keyword, name):
            return True
        return entry.protocol not in ANY_PROTOCOL and self._addresses.starts(entry, 2)

    def _literal_ports(self, entry: Entry, side: Side) -> None:
        protocol = self._port_protocols(entry)
        start = entry.position
        ports, entry.position = read_ports(entry.words, start, protocol)
        words = entry.words[start : entry.position]
        service = port_service(" ".join(words), entry.origin, protocol, ports, side)
        entry.clauses.append(Clause(_labelled(words, side), (service,)))

    def _port_protocols(self, entry: Entry) -> IntervalSet:
        """Return the protocols of the entry that have ports.

        Raises:
            Unclear: there are none.
        """
        if not entry.clauses:
            raise Unclear("RC602", f"protocol {entry.protocol} has no ports")
        found = IntervalSet.union_of(
            both(service.protocol, PORT_PROTOCOLS) or PORT_PROTOCOLS
            for service in entry.clauses[0].services
            if service.protocol is None or service.protocol & PORT_PROTOCOLS
        )
        if not found:
            raise Unclear("RC602", f"protocol {entry.protocol or 'in the group'} has no ports")
        return found

    def _named_ports(self, entry: Entry, side: Side) -> None:
        keyword = entry.take("a service")
        name = entry.take(f"the name behind {keyword}")
        operand = self._services.port_slot(keyword, name, side, entry.line, entry.origin)
        self._reference(entry, keyword, name, operand, side)

    def _icmp_protocol(self, entry: Entry) -> int | None:
        """Return 1 or 58 if the entry is about ICMP alone, so that a message may follow."""
        if not entry.clauses:
            return None
        protocols = [service.protocol for service in entry.clauses[0].services]
        if not protocols or any(one is None or not one <= ICMP_PROTOCOLS for one in protocols):
            return None
        first = protocols[0]
        return None if first is None or not first else first.lowest

    def _icmp(self, entry: Entry, protocol: int) -> None:
        word = entry.peek()
        if word == "object-group":
            entry.position += 1
            name = entry.take("the name of an ICMP type group")
            operand = self._services.icmp_slot(name, protocol, entry.line, entry.origin)
            self._reference(entry, word, name, operand)
        elif word and word not in ("log", "inactive", "time-range"):
            start = entry.position
            values, entry.position = read_icmp(entry.words, start, protocol)
            words = entry.words[start : entry.position]
            service = Service(" ".join(words), entry.origin, IntervalSet.points((protocol,)), icmp=values)
            entry.clauses.append(Clause(words, (service,)))

    def _reference(
        self, entry: Entry, keyword: str, name: str, operand: ServiceOperand, side: Side = "destination"
    ) -> None:
        shared = not any(service.origin is entry.origin for service in operand.services)
        entry.clauses.append(Clause(_labelled((keyword, name), side), operand.services, shared))
        entry.conditions.extend(operand.conditions)
        kinds = (f"{keyword} {kind}" for kind in _KINDS)
        kind = next((kind for kind in kinds if self._catalogue.get(kind, name)), f"{keyword} service")
        entry.uses.append((kind, name))


def _labelled(words: tuple[str, ...], side: Side) -> tuple[str, ...]:
    return ("source", *words) if side == "source" else words
