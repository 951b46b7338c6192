"""Filter sets in the manner of ClassBench (Taylor and Turner, IEEE/ACM Transactions on Networking, 2007).

Own code and own parameters, after the published description: prefixes come from a skewed walk down a binary trie,
so that they nest and cluster; ports are of five classes (any, high, low, one range, one port); the protocol decides
which classes are likely. Three kinds as in the paper: access control lists, firewalls, and IP chains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.generators.building import TCP, UDP, RuleList, network, service, single
from rulecheck.model.device import Policy
from rulecheck.model.fields import PORT_ALL, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Services
from rulecheck.model.rule import DENY, PERMIT, Outcome

Weights = dict[int, float]
"""How often each value is drawn."""


@dataclass(frozen=True, slots=True)
class Flavour:
    """Distributions of one kind of filter set: prefix lengths, protocols (-1: any), and port classes by letter.

    Port classes: ``a`` any, ``h`` 1024-65535, ``l`` 0-1023, ``r`` one of few ranges, ``e`` one port.
    """

    source_lengths: Weights
    destination_lengths: Weights
    protocols: Weights
    source_ports: str
    destination_ports: str


FLAVOURS = {
    "acl": Flavour(
        {32: 0.45, 24: 0.2, 28: 0.1, 23: 0.1, 16: 0.1, 0: 0.05},
        {32: 0.7, 29: 0.05, 27: 0.1, 24: 0.15},
        {TCP: 0.85, UDP: 0.08, 1: 0.03, -1: 0.04},
        "aaaaaaaaae",
        "eeeeeeerrha",
    ),
    "fw": Flavour(
        {0: 0.35, 32: 0.3, 24: 0.15, 28: 0.1, 16: 0.1},
        {0: 0.25, 32: 0.45, 24: 0.15, 27: 0.15},
        {TCP: 0.6, UDP: 0.25, 1: 0.08, 47: 0.03, -1: 0.04},
        "aaahhere",
        "eeeerrhla",
    ),
    "ipc": Flavour(
        {32: 0.4, 24: 0.2, 30: 0.1, 16: 0.1, 8: 0.05, 0: 0.15},
        {32: 0.4, 24: 0.2, 26: 0.15, 16: 0.1, 0: 0.15},
        {TCP: 0.5, UDP: 0.25, 1: 0.1, -1: 0.15},
        "aaaaaehr",
        "aaeeeerhl",
    ),
}
PORT_RANGES = ((6000, 6063), (1300, 1349), (8000, 8099), (33_434, 33_600), (5000, 5010), (20, 21), (137, 139))


class Prefixes:
    """A binary trie whose branches are taken with fixed, uneven odds at every node."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._odds: dict[tuple[int, int], float] = {}

    def draw(self, length: int) -> int:
        """Return the first address of a prefix of the given length."""
        value = 0
        for depth in range(length):
            odds = self._odds.get((depth, value))
            if odds is None:
                even = 0.5 if depth > 22 else self._random.choice((0.05, 0.2, 0.8, 0.95))
                odds = self._odds[depth, value] = even
            value = value << 1 | (self._random.random() < odds)
        return value << (32 - length)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: two prefixes as (address, length), two port ranges, protocol (-1: any), and TCP flags or None."""

    source: tuple[int, int]
    destination: tuple[int, int]
    source_ports: tuple[int, int]
    destination_ports: tuple[int, int]
    protocol: int
    flags: tuple[int, int] | None = None

    @property
    def is_default(self) -> bool:
        """Return whether it leaves hardly anything to those behind it: any addresses and any ports."""
        everything = PORT_ALL.intervals[0]
        return not self.source[1] + self.destination[1] and self.source_ports == self.destination_ports == everything

    @property
    def free_bits(self) -> float:
        """Return how wide the filter is."""
        spans = (self.source_ports, self.destination_ports)
        ports = sum((high - low + 1).bit_length() - 1 for low, high in spans)
        return 64 - self.source[1] - self.destination[1] + ports + (8 if self.protocol < 0 else 0)


class FilterSet:
    """Draws filters of one flavour."""

    def __init__(self, flavour: Flavour, random: Random) -> None:
        self._flavour = flavour
        self._random = random
        self._sources, self._destinations = Prefixes(random), Prefixes(random)
        self._popular = [random.randrange(1, 49_152) for _ in range(120)]

    def draw(self, count: int) -> list[Filter]:
        """Return distinct filters, mostly the narrower ones first, as ClassBench orders nested filters."""
        found: dict[Filter, float] = {}
        for one in self._endless(200 * count):
            if one.is_default:
                continue
            found.setdefault(one, one.free_bits + self._random.gauss(0, 6))
            if len(found) == count:
                break
        return sorted(found, key=lambda one: found[one])

    def _endless(self, most: int) -> Iterator[Filter]:
        flavour = self._flavour
        for _ in range(most):
            lengths = self._weighted(flavour.source_lengths), self._weighted(flavour.destination_lengths)
            prefixes = (self._sources.draw(lengths[0]), lengths[0]), (self._destinations.draw(lengths[1]), lengths[1])
            protocol = self._weighted(flavour.protocols)
            ported = protocol in (TCP, UDP)
            source_ports = self._ports(flavour.source_ports if ported else "a")
            destination_ports = self._ports(flavour.destination_ports if ported else "a")
            flags = None
            if protocol == TCP and self._random.random() < 0.1:
                flags = self._random.choice(((0x10, 0x10), (0x04, 0x04), (0x12, 0x02)))
            yield Filter(*prefixes, source_ports, destination_ports, protocol, flags)

    def _weighted(self, weights: Weights) -> int:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _ports(self, kinds: str) -> tuple[int, int]:
        kind = self._random.choice(kinds)
        if kind == "r":
            return self._random.choice(PORT_RANGES)
        if kind == "e":
            port = self._popular[int(len(self._popular) * self._random.random() ** 2)]
            return port, port
        return {"a": (0, 65_535), "h": (1024, 65_535), "l": (0, 1023)}[kind]


class FilterRules:
    """Turns filters into rules; equal operands are one object."""

    def __init__(self) -> None:
        self.list = RuleList()
        self._addresses: dict[tuple[int, int], Addresses] = {}
        self._services: dict[Filter, Services | None] = {}

    def add(self, outcome: Outcome, one: Filter) -> None:
        """Append the rule for a filter."""
        self.list.add(outcome, self._prefix(one.source), self._prefix(one.destination), self._service(one))

    def _prefix(self, prefix: tuple[int, int]) -> Addresses:
        if prefix not in self._addresses:
            base, length = prefix
            self._addresses[prefix] = single(network(base, length)) if length else ANY_ADDRESS
        return self._addresses[prefix]

    def _service(self, one: Filter) -> Services | None:
        key = Filter((0, 0), (0, 0), one.source_ports, one.destination_ports, one.protocol, one.flags)
        if key not in self._services:
            self._services[key] = _services(one)
        return self._services[key]


def _services(one: Filter) -> Services | None:
    if one.protocol < 0:
        return None
    text = f"{one.protocol} {one.source_ports} {one.destination_ports} {one.flags or ''}".strip()
    flags = tcp_flag_values(*one.flags) if one.flags else None
    source, destination = _restricted(one.source_ports), _restricted(one.destination_ports)
    made = service(text, one.protocol, source_ports=source, destination_ports=destination, tcp_flags=flags)
    return Services(text, (made,))


def _restricted(pair: tuple[int, int]) -> IntervalSet | None:
    return None if pair == PORT_ALL.intervals[0] else IntervalSet((pair,))


def filter_set(flavour: str, rules: int, seed: int) -> Policy:
    """Return a filter set with a final deny; three in four filters permit."""
    random = Random(f"filters {flavour} {seed}")
    made = FilterRules()
    for one in FilterSet(FLAVOURS[flavour], random).draw(rules - 1):
        made.add(PERMIT if random.random() < 0.75 else DENY, one)
    made.list.add(DENY)
    return made.list.policy(f"filters-{flavour}", (4,))
