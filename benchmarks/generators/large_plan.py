"""What large generated configurations have in common: addresses, groups of them, services, and rules about these.

Hosts lie in 10.0.0.0/8 and 2001:db8::/32, one object in eight is a network. One group in a hundred has 500 members,
the others up to 20, and half of the groups hold another one as well. A rule names one to three sources and
destinations, half of them groups, and one to three services.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

BIG_GROUP = 500
SERVICES = tuple((protocol, port) for protocol in ("tcp", "udp") for port in range(1_024, 1_224))
ZONES = ("inside", "dmz", "partner", "guest", "outside")


@dataclass(frozen=True, slots=True)
class Address:
    """One object: a host or a network."""

    name: str
    base: int
    length: int
    six: bool = False

    @property
    def text(self) -> str:
        """Return the address without its length."""
        return str(IPv6Address(self.base) if self.six else IPv4Address(self.base))

    @property
    def prefix(self) -> str:
        """Return the address with its length."""
        return f"{self.text}/{self.length}"

    @property
    def mask(self) -> str:
        """Return the net mask of an IPv4 address."""
        return str(IPv4Address((1 << 32) - (1 << (32 - self.length))))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Sources and destinations are names of objects or groups; services are indexes of :data:`SERVICES`."""

    name: str
    number: int
    zones: tuple[str, str]
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    services: tuple[int, ...]
    permit: bool
    log: bool


class Plan:
    """Endless streams of objects, groups and rules that refer to those before them; the same for the same seed."""

    def __init__(self, seed: int, *, six: bool = True) -> None:
        self._chance = random.Random(seed)
        self._six = six
        self.addresses: list[Address] = []
        self.groups: list[str] = []

    def make_addresses(self, count: int) -> Iterator[Address]:
        """Yield addresses, which groups and rules then use."""
        for number in range(count):
            six = self._six and number % 10 == 9
            width = 128 if six else 32
            length = width - self._chance.choice((0, 0, 0, 0, 0, 0, 0, 8))
            low = self._chance.getrandbits(80 if six else 24) >> (width - length) << (width - length)
            base = (0x20010DB8 << 96 if six else 10 << 24) + low
            self.addresses.append(Address(f"{'v6' if six else 'h'}-{number}", base, length, six))
            yield self.addresses[-1]

    def make_groups(self, count: int) -> Iterator[tuple[str, list[str], str | None]]:
        """Yield name, members, and the group that is a member as well, if any."""
        for number in range(count):
            size = BIG_GROUP if number % 100 == 0 else self._chance.randint(2, 20)
            start = self._chance.randrange(max(1, len(self.addresses) - size))
            members = [one.name for one in self.addresses[start : start + size]]
            inner = self._chance.choice(self.groups[-50:]) if self.groups and number % 2 else None
            self.groups.append(f"g-{number}")
            yield self.groups[-1], members, inner

    def make_rules(self, count: int) -> Iterator[Rule]:
        """Yield rules."""
        for number in range(count):
            first, second = self._chance.sample(ZONES, 2)
            yield Rule(
                f"rule-{number}",
                number,
                (first, second),
                self._operands(),
                self._operands(),
                tuple(sorted(self._chance.sample(range(len(SERVICES)), self._chance.randint(1, 3)))),
                self._chance.random() < 0.8,
                self._chance.random() < 0.5,
            )

    def one_address(self) -> Address:
        """Return any address."""
        return self._chance.choice(self.addresses)

    def _operands(self) -> tuple[str, ...]:
        chosen = {self._operand() for _ in range(self._chance.randint(1, 3))}
        return tuple(sorted(chosen))

    def _operand(self) -> str:
        if self.groups and self._chance.random() < 0.5:
            return self._chance.choice(self.groups)
        return self._chance.choice(self.addresses).name
