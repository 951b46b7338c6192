"""Larger policies as real ones look: wide networks of both families, groups, port lists, exceptions.

Seeded instead of drawn: a policy of 200 rules is of no use to a shrinking search, and a seed replays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rulecheck.model.device import Policy
from rulecheck.model.fields import (
    ADDRESS_ALL,
    DOMAIN,
    IPV4_ALL,
    IPV6_ALL,
    IPV6_BASE,
    TCP_ESTABLISHED,
    Field,
    tcp_flag_values,
)
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Constraint, Element, Match, Service, Services
from rulecheck.model.names import name_set, prefix_set
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule, Verb
from tests.strategies import LOG, origin

_PORTS = (22, 25, 53, 80, 123, 443, 445, 1433, 3389, 8080, 8443)
_STATES = ([1, 2], [3], [0], [1, 2, 3])
_REJECT = Outcome(Verb.REJECT, ("icmp-port-unreachable",))


def prefix4(random: Random) -> IntervalSet:
    """Return a network below 10.0.0.0/8, from a /8 to a host, dense enough that networks nest."""
    length = random.choice((8, 16, 20, 22, 24, 24, 24, 26, 28, 30, 32, 32))
    address = (10 << 24) | random.choice((0, 1, 2)) << 18 | random.choice((0, 3, 64, 65)) << 10 | random.getrandbits(10)
    return _prefix(address, length, 32, 0)


def prefix6(random: Random) -> IntervalSet:
    """Return a network below 2001:db8::/32."""
    length = random.choice((32, 40, 48, 48, 56, 64, 64, 96, 128))
    address = 0x20010DB8 << 96 | random.randrange(3) << 80 | random.randrange(4) << 64 | random.randrange(6)
    return _prefix(address, length, 128, IPV6_BASE)


def _prefix(address: int, length: int, width: int, base: int) -> IntervalSet:
    low = address >> (width - length) << (width - length)
    return IntervalSet(((base + low, base + low + (1 << (width - length)) - 1),))


def _range4(random: Random) -> IntervalSet:
    low = prefix4(random).lowest
    return IntervalSet(((low, low + random.randrange(1, 3000)),))


def _element(random: Random, number: int, family: int) -> Element:
    four = random.choice((prefix4, prefix4, _range4))
    make = four if family == 4 else prefix6
    return Element(f"member {number}", make(random), origin(number))


def _any(family: int) -> Addresses:
    return Addresses("any", (Element("any", {4: IPV4_ALL, 6: IPV6_ALL, 0: ADDRESS_ALL}[family], origin(0)),))


def _operand(random: Random, family: int) -> Addresses:
    """Return a network or a group; family 0 mixes both."""
    count = random.choice((1, 1, 1, 1, 2, 4, 15))
    elements = (_element(random, i, family or random.choice((4, 6))) for i in range(count))
    return Addresses("group", tuple(elements), negated=random.random() < 0.04)


def _ports(random: Random) -> IntervalSet:
    sets = [IntervalSet.points([random.choice(_PORTS)]) for _ in range(random.choice((1, 1, 2, 4)))]
    if random.random() < 0.25:
        low = random.choice((0, 1, 1024, 8000))
        sets.append(IntervalSet.of((low, random.choice((8100, 0xFFFF)))))
    return IntervalSet.union_of(sets)


def _service(random: Random) -> Service:
    kind = random.choice(("tcp", "tcp", "tcp", "udp", "icmp", "gre", "established", "syn"))
    if kind == "icmp":
        low = random.choice((0, 3, 8, 11)) * 256
        return Service("icmp", origin(0), IntervalSet.points([1]), icmp=IntervalSet.of((low, low + 255)))
    if kind == "gre":
        return Service("gre", origin(0), IntervalSet.points([47]))
    flags = {"established": TCP_ESTABLISHED, "syn": tcp_flag_values(0x17, 0x02)}.get(kind)
    protocol = IntervalSet.points([17 if kind == "udp" else 6])
    sources = IntervalSet.of((1024, 0xFFFF)) if random.random() < 0.15 else None
    destinations = None if random.random() < 0.2 else _ports(random)
    return Service(kind, origin(0), protocol, sources, destinations, tcp_flags=flags)


def _services(random: Random) -> Services | None:
    if random.random() < 0.3:
        return None
    return Services("services", tuple(_service(random) for _ in range(random.choice((1, 1, 1, 2, 4)))))


def _constraints(random: Random, *, interfaces: bool) -> tuple[Constraint, ...]:
    found = []
    if interfaces and random.random() < 0.3:
        values = random.choice((name_set("eth0"), name_set("eth1", "lo"), prefix_set("eth"), prefix_set("tun")))
        values = DOMAIN[Field.IN_INTERFACE] - values if random.random() < 0.2 else values
        found.append(Constraint(Field.IN_INTERFACE, values, "-i", origin(0)))
    if interfaces and random.random() < 0.2:
        states = IntervalSet.points(random.choice(_STATES))
        found.append(Constraint(Field.CONNECTION_STATE, states, "--ctstate", origin(0)))
    return tuple(found)


@dataclass(frozen=True)
class _Pools:
    operands: dict[int, tuple[Addresses, ...]]
    services: tuple[Services | None, ...]


def wide_policy(seed: int, rules: int) -> Policy:
    """Return a policy with this many rules: the later, the more general; repetitions and exceptions anywhere."""
    random = Random(seed)
    count = max(6, rules // 4)
    pool = _Pools(
        {family: tuple(_operand(random, family) for _ in range(count)) for family in (0, 4, 6)},
        tuple(_services(random) for _ in range(max(4, rules // 8))),
    )
    interfaces = random.random() < 0.4
    made = [_rule(random, index, index / rules, pool, interfaces=interfaces) for index in range(rules)]
    default = PERMIT if random.random() < 0.2 else DENY
    return Policy("WIDE", "acl", tuple(made), default, random.choice(((4, 6), (4, 6), (4,))))


def _rule(random: Random, index: int, depth: float, pool: _Pools, *, interfaces: bool) -> Rule:
    """Return one rule; ``depth`` is its place in the list, 0 to 1: wide operands come late."""
    family = random.choice((4, 4, 4, 4, 6, 6, 0))
    wide = 0.02 + 0.3 * depth**3
    sides = [
        _any(family) if random.random() < wide else random.choice((_operand(random, family), *pool.operands[family]))
        for _ in range(2)
    ]
    services = random.choice(pool.services) if random.random() < 0.6 else _services(random)
    match = Match(sides[0], sides[1], services, _constraints(random, interfaces=interfaces))
    outcome = random.choices((PERMIT, DENY, _REJECT, LOG), (55, 35, 5, 5))[0]
    return Rule(index, origin(index + 1), match, outcome, enabled=random.random() > 0.03)
