"""Policies in a form that every platform can express, and the model that they must be parsed to.

The model is built here by itself, without any parser: it is what the parsed configurations are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulecheck.model.device import Policy
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Rule

NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47}
WITH_PORTS = ("tcp", "udp")
HERE = Origin("sketch", 0, "")


@dataclass(frozen=True)
class Network:
    """An IPv4 network: address and prefix length; length 0 is any address."""

    address: int
    length: int

    @property
    def text(self) -> str:
        return ".".join(str(self.address >> shift & 255) for shift in (24, 16, 8, 0))

    @property
    def mask(self) -> str:
        return Network((0xFFFFFFFF << (32 - self.length)) & 0xFFFFFFFF, 32).text

    @property
    def wildcard(self) -> str:
        return Network((1 << (32 - self.length)) - 1, 32).text

    @property
    def values(self) -> IntervalSet:
        return IntervalSet(((self.address, self.address + (1 << (32 - self.length)) - 1),))


@dataclass(frozen=True)
class Operand:
    """One network, or an object group of several (``group`` names it)."""

    networks: tuple[Network, ...]
    group: str = ""


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
    """One rule: protocol None is any. ``icmp`` is an ICMP type; ``log`` adds a log clause where there is one."""

    permit: bool
    protocol: str | None
    source: Operand
    destination: Operand
    source_ports: Ports = ANY_PORT
    destination_ports: Ports = ANY_PORT
    icmp: int | None = None
    log: bool = False


@dataclass(frozen=True)
class Sketch:
    """A list of rules with a default."""

    lines: tuple[Line, ...]
    permit_by_default: bool = False

    @property
    def groups(self) -> dict[str, Operand]:
        """The object groups in use, by name."""
        operands = (operand for line in self.lines for operand in (line.source, line.destination))
        return {operand.group: operand for operand in operands if operand.group}


def _addresses(operand: Operand) -> Addresses:
    return Addresses("operand", tuple(Element(net.text, net.values, HERE) for net in operand.networks))


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
    """Return what a sketch means. Only IPv4: the renderers write nothing that matches IPv6."""
    rules = tuple(
        Rule(
            index,
            Origin("sketch", index + 1, ""),
            Match(_addresses(line.source), _addresses(line.destination), _services(line)),
            PERMIT if line.permit else DENY,
        )
        for index, line in enumerate(sketch.lines)
    )
    return Policy("SKETCH", "acl", rules, PERMIT if sketch.permit_by_default else DENY, families=(4,))


ANY = Operand((Network(0, 0),))
