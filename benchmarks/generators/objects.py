"""The objects of a policy-like set: networks of an invented company, groups of them, and services."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.generators.building import (
    ICMP,
    TCP,
    UDP,
    Zipf,
    network,
    network6,
    one_service,
    ports,
    service,
    shuffled,
    single,
)
from rulecheck.model.fields import TCP_ESTABLISHED, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element, Service, Services

WELL_KNOWN = (443, 80, 22, 53, 25, 3389, 445, 389, 636, 1433, 1521, 3306, 5432, 8080, 8443, 123, 161, 514, 88, 135)
INSIDE, PUBLIC, INSIDE6 = 10 << 24, 198 << 24, 0x20010DB8 << 96


@dataclass(frozen=True, slots=True)
class AddressObject:
    """An operand and the operands that lie within it (its members, or parts of its network)."""

    operand: Addresses
    inner: tuple[Addresses, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceObject:
    """An operand and the operands that lie within it; None is any protocol."""

    operand: Services | None
    inner: tuple[Services, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the company: a /17 of IPv4, a /48 of IPv6."""

    number: int

    @property
    def base(self) -> int:
        """Return its first IPv4 address."""
        return INSIDE + (self.number << 15)

    @property
    def base6(self) -> int:
        """Return its first IPv6 address as an integer."""
        return INSIDE6 + (self.number << 80)


class Objects:
    """All objects for a set of a given size; sites, groups and single objects grow with the number of rules."""

    def __init__(self, random: Random, rules: int) -> None:
        self.random = random
        self.sites = [Site(number) for number in range(min(30 + rules // 350, 500))]
        groups = 100 + rules // 35
        self.singles = [self._single() for _ in range(200 + rules // 4)]
        self.groups = [self._group(f"G{number}") for number in range(groups)]
        self.groups += [self._group_of_groups(f"R{number}") for number in range(groups // 12)]
        random.shuffle(self.groups)
        self.services = self._services(60 + rules // 400)
        self._favourite_group = Zipf(random, 0.85)
        self._favourite_single = Zipf(random, 0.7)
        self._favourite_service = Zipf(random, 0.9)

    def address(self, any_share: float, any_object: AddressObject) -> AddressObject:
        """Return a group, a single object or, with the given probability, ``any``."""
        chance = self.random.random()
        if chance < any_share:
            return any_object
        if chance < any_share + 0.45:
            return self._favourite_group.choose(self.groups)
        if chance < 0.85:
            return self._favourite_single.choose(self.singles)
        return self._single()

    def service(self) -> ServiceObject:
        """Return a service, a service group, or any protocol."""
        chance = self.random.random()
        if chance < 0.04:
            return ServiceObject(None)
        if chance < 0.12:
            low = self.random.randrange(10_000, 60_000)
            return _plain(ports(TCP, low, low + self.random.randrange(1, 400)))
        return self._favourite_service.choose(self.services)

    def _single(self) -> AddressObject:
        """Return a host, a subnet, a network on the internet or, rarely, an IPv6 subnet."""
        pick = self.random
        site, chance = pick.choice(self.sites), pick.random()
        if chance < 0.55:
            return AddressObject(single(network(site.base + pick.randrange(1 << 15), 32)))
        if chance < 0.9:
            length = pick.choice((24, 24, 24, 25, 26, 23, 22, 28, 29))
            return _subnet(pick, network(site.base + pick.randrange(1 << 15), length))
        if chance < 0.96:
            return AddressObject(single(network(PUBLIC + pick.randrange(1 << 24), pick.choice((32, 32, 29, 24)))))
        return AddressObject(single(network6(site.base6 + (pick.randrange(1 << 16) << 64), 64)))

    def _group(self, name: str) -> AddressObject:
        """Return a group of hosts or subnets, mostly of one site, sometimes dual stack."""
        pick = self.random
        size = min(2 + int(pick.expovariate(1 / 11)), 60) if pick.random() < 0.97 else pick.randrange(80, 500)
        home = pick.choice(self.sites)
        hosts = pick.random() < 0.6
        members: list[Element] = []
        for _ in range(size):
            site = home if pick.random() < 0.8 else pick.choice(self.sites)
            length = 32 if hosts else pick.choice((24, 24, 25, 26, 27, 28))
            members.append(network(site.base + pick.randrange(1 << 15), length))
        if pick.random() < 0.08:
            members.append(network6(home.base6 + (pick.randrange(1 << 16) << 64), 64))
        return AddressObject(Addresses(name, tuple(members)), tuple(single(one) for one in members))

    def _group_of_groups(self, name: str) -> AddressObject:
        pick = self.random
        inner = [one.operand for one in pick.sample(self.groups, pick.randrange(2, 7))]
        members = tuple(element for one in inner for element in one.elements)
        return AddressObject(Addresses(name, members), tuple(inner))

    def _services(self, groups: int) -> list[ServiceObject]:
        """Return service objects with the popular ones first."""
        popular = [_plain(ports(UDP if port in (53, 123, 161, 514) else TCP, port)) for port in WELL_KNOWN]
        made = [self._service_group(f"S{number}") for number in range(groups)]
        rare = [_plain(ports(TCP, self.random.randrange(1024, 49_152))) for _ in range(groups)]
        special = [_plain(one) for one in _special_services()]
        rest = shuffled(self.random, [*made, *rare, *special])
        return [*popular[:6], *shuffled(self.random, [*popular[6:], *rest])]

    def _service_group(self, name: str) -> ServiceObject:
        pick = self.random
        members: list[Service] = []
        for _ in range(pick.randrange(2, 10)):
            protocol = TCP if pick.random() < 0.8 else UDP
            low = pick.choice(WELL_KNOWN) if pick.random() < 0.5 else pick.randrange(1024, 49_152)
            members.append(ports(protocol, low, low + (0 if pick.random() < 0.8 else pick.randrange(1, 64))))
        if pick.random() < 0.1:
            members.append(_special_services()[0])
        return ServiceObject(Services(name, tuple(members)), tuple(one_service(one) for one in members))


def _subnet(random: Random, element: Element) -> AddressObject:
    low, high = element.values.intervals[0]
    host = network(random.randrange(low, high + 1), 32)
    half = network(low, 33 - (high - low + 1).bit_length() + 1)
    return AddressObject(single(element), (single(host), single(half)))


def _plain(element: Service) -> ServiceObject:
    return ServiceObject(one_service(element))


def _special_services() -> list[Service]:
    """Return services that need more than destination ports: ICMP, source ports, TCP flags, other protocols."""
    high = IntervalSet(((1024, 0xFFFF),))
    echo, unreachable = IntervalSet(((8 << 8, (8 << 8) + 255),)), IntervalSet(((3 << 8, (3 << 8) + 255),))
    ntp = IntervalSet.points((123,))
    web = IntervalSet.points((80, 443))
    return [
        service("icmp/echo", ICMP, icmp=echo),
        service("icmp/unreachable", ICMP, icmp=unreachable),
        service("icmp", ICMP),
        service("ntp both ports", UDP, source_ports=ntp, destination_ports=ntp),
        service("web from high ports", TCP, source_ports=high, destination_ports=web),
        service("web answers", TCP, source_ports=web, destination_ports=high),
        service("web answers established", TCP, source_ports=web, tcp_flags=TCP_ESTABLISHED),
        service("new connections", TCP, tcp_flags=tcp_flag_values(0x12, 0x02)),
        service("dns from high ports", UDP, source_ports=high, destination_ports=IntervalSet.points((53,))),
        service("gre", 47),
        service("esp", 50),
    ]
