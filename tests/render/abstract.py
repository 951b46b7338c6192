"""Policies in a form that every platform can express, and the model that they must be parsed to.

The model is built here by itself, without any parser: it is what the parsed configurations are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Rule

NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47}
WITH_PORTS = ("tcp", "udp")
HERE = Origin("sketch", 0, "")


@dataclass(frozen=True)
class Network:
    """A network of one family: address and prefix length; length 0 is any address of the family."""

    address: int
    length: int
    family: int = 4

    @property
    def text(self) -> str:
        return str(IPv4Address(self.address) if self.family == 4 else IPv6Address(self.address))

    @property
    def prefix(self) -> str:
        return f"{self.text}/{self.length}"

    @property
    def is_host(self) -> bool:
        return self.length == self.bits

    @property
    def bits(self) -> int:
        return 32 if self.family == 4 else 128

    @property
    def mask(self) -> str:
        return Network((0xFFFFFFFF << (32 - self.length)) & 0xFFFFFFFF, 32).text

    @property
    def wildcard(self) -> str:
        return Network((1 << (32 - self.length)) - 1, 32).text

    @property
    def values(self) -> IntervalSet:
        first = self.address + (IPV6_BASE if self.family == 6 else 0)
        return IntervalSet(((first, first + (1 << (self.bits - self.length)) - 1),))


@dataclass(frozen=True)
class Operand:
    """One network, or an object group of several (``group`` names it); ``negated``: all other addresses."""

    networks: tuple[Network, ...]
    group: str = ""
    negated: bool = False

    @property
    def family(self) -> int:
        return self.networks[0].family


@dataclass(frozen=True)
class Ports:
    """One port or range of ports, low to high."""

    low: int
    high: int

    @property
    def is_any(self) -> bool:
        return (self.low, self.high) == (0, 0xFFFF)


ANY_PORT = Ports(0, 0xFFFF)


@dataclass(frozen=True)
class Line:
    """One rule: protocol None is any. ``icmp`` is an ICMP type; ``log`` adds a log clause where there is one.

    Source and destination are of one family, so that a negated operand means the other addresses of that family.
    """

    permit: bool
    protocol: str | None
    source: Operand
    destination: Operand
    source_ports: Ports = ANY_PORT
    destination_ports: Ports = ANY_PORT
    icmp: int | None = None
    log: bool = False
    disabled: bool = False
    name: str = ""

    @property
    def family(self) -> int:
        return self.source.family


@dataclass(frozen=True)
class Sketch:
    """A list of rules with a default."""

    lines: tuple[Line, ...]
    permit_by_default: bool = False

    @property
    def families(self) -> tuple[int, ...]:
        """The address families of the rules; IPv4 where there is none."""
        return tuple(sorted({line.family for line in self.lines})) or (4,)

    @property
    def is_ipv6(self) -> bool:
        """Whether all rules are for IPv6: a list of its own where a platform has one list for each family."""
        return self.families == (6,)

    @property
    def groups(self) -> dict[str, Operand]:
        """The object groups in use, by name."""
        operands = (operand for line in self.lines for operand in (line.source, line.destination))
        return {operand.group: operand for operand in operands if operand.group}


def _addresses(operand: Operand) -> Addresses:
    elements = tuple(Element(net.text, net.values, HERE) for net in operand.networks)
    return Addresses("operand", elements, negated=operand.negated)


def _ports(ports: Ports) -> IntervalSet | None:
    return None if ports.is_any else IntervalSet(((ports.low, ports.high),))


def _services(line: Line) -> Services | None:
    if line.protocol is None:
        return None
    icmp = None if line.icmp is None else IntervalSet(((line.icmp * 256, line.icmp * 256 + 255),))
    protocol = IntervalSet.points([NUMBERS[line.protocol]])
    sources, destinations = _ports(line.source_ports), _ports(line.destination_ports)
    return Services("", (Service("", HERE, protocol, sources, destinations, icmp),))


def model_of(sketch: Sketch) -> Policy:
    """Return what a sketch means, for the families of its rules: the renderers write nothing that matches others."""
    rules = tuple(
        Rule(
            index,
            Origin("sketch", index + 1, ""),
            Match(_addresses(line.source), _addresses(line.destination), _services(line)),
            PERMIT if line.permit else DENY,
            name=line.name or None,
            enabled=not line.disabled,
            disabled_because="disabled" if line.disabled else "",
        )
        for index, line in enumerate(sketch.lines)
    )
    return Policy("SKETCH", "acl", rules, PERMIT if sketch.permit_by_default else DENY, sketch.families)


ANY = Operand((Network(0, 0),))
ANY6 = Operand((Network(0, 0, 6),))
