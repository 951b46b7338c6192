"""What all generators share: operands, services, a list that numbers its rules, and skewed choice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address
from itertools import accumulate
from random import Random
from typing import TypeVar

from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, Outcome, Rule

FILE = "generated"
TCP, UDP, ICMP = 6, 17, 1

_T = TypeVar("_T")


def origin(text: str, line: int = 0) -> Origin:
    """Return the place of something generated."""
    return Origin(FILE, line, text)


def ipv4(value: int) -> str:
    """Return an IPv4 address as people write it."""
    return str(IPv4Address(value))


def network(base: int, length: int) -> Element:
    """Return an IPv4 network; bits of ``base`` behind the prefix are dropped."""
    size = 1 << (32 - length)
    low = base // size * size
    text = ipv4(low) if length == 32 else f"{ipv4(low)}/{length}"
    return Element(text, IntervalSet(((low, low + size - 1),)), origin(text))


def network6(base: int, length: int) -> Element:
    """Return an IPv6 network; bits of ``base`` behind the prefix are dropped."""
    size = 1 << (128 - length)
    low = base // size * size
    text = f"{IPv6Address(low)}/{length}"
    return Element(text, IntervalSet(((IPV6_BASE + low, IPV6_BASE + low + size - 1),)), origin(text))


def span(low: int, high: int) -> Element:
    """Return a range of IPv4 addresses."""
    text = f"{ipv4(low)}-{ipv4(high)}"
    return Element(text, IntervalSet(((low, high),)), origin(text))


def single(element: Element) -> Addresses:
    """Return an operand of one element."""
    return Addresses(element.text, (element,))


def service(
    text: str,
    protocol: int,
    *,
    source_ports: IntervalSet | None = None,
    destination_ports: IntervalSet | None = None,
    icmp: IntervalSet | None = None,
    tcp_flags: IntervalSet | None = None,
) -> Service:
    """Return a service of one protocol; None is unrestricted."""
    protocols = IntervalSet.points((protocol,))
    return Service(text, origin(text), protocols, source_ports, destination_ports, icmp, tcp_flags)


def ports(protocol: int, low: int, high: int | None = None) -> Service:
    """Return a service with a range of destination ports, or with one."""
    high = low if high is None else high
    text = f"{'tcp' if protocol == TCP else 'udp'}/{low}" + (f"-{high}" if high != low else "")
    return service(text, protocol, destination_ports=IntervalSet(((low, high),)))


def one_service(element: Service) -> Services:
    """Return an operand of one service."""
    return Services(element.text, (element,))


class RuleList:
    """Rules of one policy in the order in which they are added."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def __len__(self) -> int:
        return len(self.rules)

    def add(
        self,
        outcome: Outcome,
        source: Addresses = ANY_ADDRESS,
        destination: Addresses = ANY_ADDRESS,
        services: Services | None = None,
    ) -> Rule:
        """Append a rule."""
        index = len(self.rules)
        text = f"{outcome.label} {services.label if services else 'ip'} {source.label} {destination.label}"
        rule = Rule(index, origin(text, index + 1), Match(source, destination, services), outcome)
        self.rules.append(rule)
        return rule

    def policy(self, name: str, families: tuple[int, ...] = (4, 6)) -> Policy:
        """Return the list as a policy that denies what no rule matches."""
        return Policy(name, "generated", tuple(self.rules), DENY, families)


class Zipf:
    """Choice with few favourites: item k has the weight ``1 / (k + 1) ** exponent``."""

    def __init__(self, random: Random, exponent: float) -> None:
        self._random = random
        self._exponent = exponent
        self._sums: list[float] = []

    def choose(self, items: Sequence[_T]) -> _T:
        """Return one of the items; the first ones come up most."""
        if len(self._sums) < len(items):
            self._sums = list(accumulate((position + 1) ** -self._exponent for position in range(len(items))))
        return items[bisect_left(self._sums, self._random.random() * self._sums[len(items) - 1], 0, len(items) - 1)]


def shuffled(random: Random, items: Iterable[_T]) -> list[_T]:
    """Return the items in a random order."""
    result = list(items)
    random.shuffle(result)
    return result
