"""Random devices for long runs: plain seeded draws, many per second. A seed alone gives its device again.

Like the strategies for property tests, a device draws small pools first and its rules share them; here every feature
of the model has its share, and nothing is kept simple for the sake of shrinking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from rulecheck.model.match import (
    ANY_ADDRESS,
    Addresses,
    Alternative,
    Condition,
    Constraint,
    Element,
    Match,
    Service,
    Services,
)
from rulecheck.model.names import name_set, prefix_set
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Schedule, Verb
from tests.strategies import CONDITIONS, DECISIONS, FAMILIES, INDEPENDENT, LOG, SCHEDULE, UNORDERED, negated, origin

SHAPES = {
    "list": 45,
    "calls": 20,
    "list, conditions": 17,
    "calls, conditions": 8,
    "hosts": 5,
    "unordered": 7,
    "unordered, conditions": 3,
}
"""What a device is, and how often."""

_LAST4, _LAST6 = IPV4_ALL.intervals[-1][1], IPV6_ALL.intervals[-1][1]
_PROTOCOLS = {"tcp": (6,), "udp": (17,), "tcp-udp": (6, 17), "gre": (47,)}
_FLAGS = (TCP_ESTABLISHED, tcp_flag_values(0x12, 0x02), tcp_flag_values(0x17, 0x02))
_ICMP = tuple(IntervalSet.of(one) for one in ((2048, 2303), (2048, 2048), (0, 255), (768, 769)))

_SETS: dict[Field, tuple[IntervalSet, ...]] = {
    Field.IN_INTERFACE: (name_set("eth0"), name_set("eth1", "lo"), prefix_set("eth"), prefix_set("tun")),
    Field.OUT_INTERFACE: (name_set("eth0"), prefix_set("eth"), name_set("eth0", "ppp0")),
    Field.SOURCE_ZONE: (name_set("inside"), name_set("inside", "dmz"), name_set("outside")),
    Field.DESTINATION_ZONE: (name_set("outside"), name_set("outside", "dmz"), name_set("inside")),
    Field.APPLICATION: (name_set("ssl"), name_set("ssl", "web-browsing"), name_set("dns")),
    Field.USER: (name_set("corp\\alice"), name_set("corp\\alice", "corp\\bob"), prefix_set("corp\\")),
    Field.URL_CATEGORY: (name_set("gambling"), name_set("gambling", "news")),
    Field.CONNECTION_STATE: tuple(IntervalSet.points(one) for one in ([1, 2], [3], [0], [1, 2, 3])),
    Field.TOS: (IntervalSet.of((184, 187)), IntervalSet.of((160, 191))),
    Field.TTL: (IntervalSet.of((0, 1)), IntervalSet.of((64, 255)), IntervalSet.of((255, 255))),
    Field.PACKET_LENGTH: (IntervalSet.of((0, 59)), IntervalSet.of((60, 1500))),
    Field.FRAGMENT: (IntervalSet.points([0]), IntervalSet.points([1])),
    Field.SOURCE_MAC: (IntervalSet.points([0x020000000001]), IntervalSet.of((0, 0x0200000000FF))),
    Field.DESTINATION_PORT: (IntervalSet.of((0, 1)), IntervalSet.points([1, 3])),
}
"""What constraints may ask for. A destination port is also there for "each application on its own ports"."""

_PAIRS = (
    [Field.SOURCE_ZONE, Field.DESTINATION_ZONE],
    [Field.IN_INTERFACE, Field.OUT_INTERFACE],
    [Field.APPLICATION, Field.DESTINATION_PORT],
)


@dataclass(frozen=True)
class _Pools:
    """What the rules of one device choose from."""

    sources: Sequence[Addresses]
    destinations: Sequence[Addresses]
    services: Sequence[Services | None]
    sets: Mapping[Field, Sequence[IntervalSet]]
    conditions: Sequence[Condition]


def device(seed: int) -> tuple[Policy, ...]:
    """Return the policies of the device with this number."""
    random = Random(f"device {seed}")
    shape = random.choices(list(SHAPES), list(SHAPES.values()))[0]
    pools = _pools(random, conditional="conditions" in shape)
    families = random.choice(FAMILIES)
    if "calls" in shape:
        return _calling(random, pools, families)
    if shape == "hosts":
        return (_hosts_list(random, families),)
    if "unordered" in shape:
        return (_unordered(random, pools, families),)
    return (_list(random, pools, families),)


# --- pools ------------------------------------------------------------------------------------------------


def _pools(random: Random, *, conditional: bool) -> _Pools:
    style = random.choice(("addresses", "ports", "services", "services", "fields", "fields"))
    known = random.sample((*CONDITIONS, *INDEPENDENT), random.choice((1, 2, 2, 3))) if conditional else []
    unknown = [*known, *(negated(one) for one in known if one is not SCHEDULE)]
    both_sides = style in ("addresses", "ports")
    sources = [_addresses(random, unknown) for _ in range(random.choice((1, 2, 3, 4)))]
    destinations = [_addresses(random, unknown) for _ in range(random.choice((1, 2, 3)) if both_sides else 0)]
    if random.random() < 0.3:
        sources, destinations = destinations, sources
    groups: list[Services | None] = []
    if style in ("ports", "services") or random.random() < 0.15:
        rich = style == "services"
        groups = [_services(random, unknown, rich=rich) for _ in range(random.choice((1, 2, 3)))]
    sets = {name: _field_sets(random, name) for name in _fields(random)} if style == "fields" else {}
    return _Pools([*sources, ANY_ADDRESS], [*destinations, ANY_ADDRESS], [*groups, None], sets, unknown)


def _fields(random: Random) -> list[Field]:
    """Return one or two fields; zones and interfaces, as real rules have them, more often than the others."""
    if random.random() < 0.3:
        return random.choice(_PAIRS)
    return random.sample(list(_SETS), random.choice((1, 2, 2)))


def _field_sets(random: Random, name: Field) -> list[IntervalSet]:
    """Return some of a field's sets, and now and then the complement of one."""
    found = random.sample(_SETS[name], min(len(_SETS[name]), random.choice((1, 2, 3))))
    return [*found, DOMAIN[name] - random.choice(found)] if random.random() < 0.3 else found


def _intervals(random: Random, low: int, high: int, most: int) -> IntervalSet:
    pairs = (sorted((random.randint(low, high), random.randint(low, high))) for _ in range(random.randint(1, most)))
    return IntervalSet.merged((first, last) for first, last in pairs)


def _values(random: Random) -> IntervalSet:
    """Return addresses near the ends of both families, in one or more intervals."""
    kind = random.random()
    if kind < 0.6:
        return _intervals(random, 0, random.choice((3, 5, 7)), random.choice((1, 1, 2, 3)))
    if kind < 0.8:
        return _intervals(random, IPV6_BASE, IPV6_BASE + 3, random.choice((1, 1, 2)))
    if kind < 0.86:
        return _intervals(random, _LAST4 - 2, _LAST4, 1)
    if kind < 0.9:
        return _intervals(random, _LAST6 - 1, _LAST6, 1)
    return random.choice((IPV4_ALL, IPV6_ALL, ADDRESS_ALL))


def _addresses(random: Random, unknown: Sequence[Condition]) -> Addresses:
    count = 0 if random.random() < 0.04 else random.choice((1, 1, 1, 2, 2, 3))
    elements = []
    for place in range(count):
        condition = random.choice(unknown) if unknown and random.random() < 0.25 else None
        if condition is not None and condition.independent:
            condition = None
        elements.append(Element(f"member {place}", _values(random), origin(100 + place), condition))
    return Addresses("operand", tuple(elements), negated=random.random() < 0.15)


def _hosts(random: Random) -> list[Addresses]:
    """Return single addresses: rules with them have little in common, and can often become one."""
    numbers = (0, 1, 2, 3, 4, IPV6_BASE, IPV6_BASE + 1, _LAST4)
    drawn = random.sample(numbers, len(numbers))
    return [Addresses("host", (Element("host", IntervalSet.points([one]), origin(100)),)) for one in drawn]


def _ports(random: Random) -> IntervalSet | None:
    kind = random.random()
    if kind < 0.3:
        return None
    return IntervalSet.of((2, 0xFFFF)) if kind < 0.45 else _intervals(random, 0, 3, random.choice((1, 1, 2)))


def _services(random: Random, unknown: Sequence[Condition], *, rich: bool) -> Services:
    count = 0 if random.random() < 0.04 else random.choice((1, 1, 1, 2, 2, 3))
    return Services("group", tuple(_service(random, unknown, rich=rich) for _ in range(count)))


def _service(random: Random, unknown: Sequence[Condition], *, rich: bool) -> Service:
    """Return one service. ``rich`` adds source ports, ICMP types, TCP flags and fragments."""
    condition = random.choice(unknown) if unknown and random.random() < 0.15 else None
    if condition is not None and condition.independent:
        condition = None
    kind = random.choice(("tcp", "tcp", "udp", "tcp-udp", "icmp", "gre", "not gre", "any"))
    if kind == "any":
        return Service(kind, origin(200), condition=condition)
    if kind == "icmp":
        types = random.choice((None, *_ICMP)) if rich else None
        return Service(kind, origin(200), IntervalSet.points([1]), icmp=types, condition=condition)
    if kind == "not gre":
        protocols = DOMAIN[Field.PROTOCOL] - IntervalSet.points([47])
        return Service(kind, origin(200), protocols, condition=condition)
    ports = None if kind == "gre" else _ports(random)
    sources = _ports(random) if rich and kind != "gre" and random.random() < 0.3 else None
    flags = random.choice(_FLAGS) if rich and kind == "tcp" and random.random() < 0.4 else None
    fragment = IntervalSet.points([random.randint(0, 1)]) if rich and random.random() < 0.1 else None
    return Service(
        kind,
        origin(200),
        IntervalSet.points(_PROTOCOLS[kind]),
        sources,
        ports,
        tcp_flags=flags,
        condition=condition,
        fragment=fragment,
    )


# --- rules ------------------------------------------------------------------------------------------------


def _match(random: Random, pools: _Pools) -> Match:
    needs: tuple[Condition, ...] = ()
    if pools.conditions and random.random() < 0.3:
        needs = tuple(random.choice(pools.conditions) for _ in range(random.choice((1, 1, 2))))
    choices: tuple[tuple[Alternative, ...], ...] = ()
    if pools.sets and random.random() < 0.3:
        choices = tuple(_choice(random, pools) for _ in range(random.choice((1, 1, 2))))
    return Match(
        random.choice(pools.sources),
        random.choice(pools.destinations),
        random.choice(pools.services),
        _constraints(random, pools, 0.6),
        needs,
        choices,
    )


def _constraints(random: Random, pools: _Pools, often: float) -> tuple[Constraint, ...]:
    return tuple(
        Constraint(name, random.choice(sets), f"{name} clause", origin(300))
        for name, sets in pools.sets.items()
        if random.random() < often
    )


def _choice(random: Random, pools: _Pools) -> tuple[Alternative, ...]:
    """Return what no product of fields can say: alternatives of which one at least holds."""
    found = []
    for _ in range(random.choice((1, 2, 2, 3))):
        needs = (random.choice(pools.conditions),) if pools.conditions and random.random() < 0.2 else ()
        found.append(Alternative(_constraints(random, pools, 0.75), needs))
    return tuple(found)


def _rules(
    random: Random, pools: _Pools, count: int, calls: Sequence[str], *, returns: bool, base: int = 0
) -> tuple[Rule, ...]:
    verbs = [Verb.PERMIT] * 12 + [Verb.CONTINUE] + ([Verb.CALL] * 5 + [Verb.GOTO] * 2 if calls else [])
    verbs += [Verb.RETURN] * 3 if returns else []
    found: list[Rule] = []
    for index in range(count):
        if found and random.random() < 0.15:
            found.append(_sibling(random, pools, random.choice(found), index, base))
            continue
        verb, called, outcome = random.choice(verbs), None, LOG
        if verb is Verb.PERMIT:
            outcome = random.choice(DECISIONS)
        elif verb is Verb.RETURN:
            outcome = RETURN
        elif verb is not Verb.CONTINUE:
            called = random.choice(calls)
            outcome = Outcome(verb, (called,))
        found.append(_rule(random, pools, index, outcome, called, base))
    return tuple(found)


def _sibling(random: Random, pools: _Pools, rule: Rule, index: int, base: int) -> Rule:
    """Return a rule like an earlier one but for one operand, as administrators write them."""
    kind = random.choice(("source", "source", "destination", "service"))
    match = rule.match
    if kind == "source":
        match = replace(match, source=random.choice(pools.sources))
    elif kind == "destination":
        match = replace(match, destination=random.choice(pools.destinations))
    else:
        match = replace(match, services=random.choice(pools.services))
    return replace(rule, index=index, origin=origin(base + index + 1), match=match)


def _rule(random: Random, pools: _Pools, index: int, outcome: Outcome, called: str | None, base: int) -> Rule:
    match, enabled = _match(random, pools), random.random() > 0.06
    return Rule(
        index,
        origin(base + index + 1),
        match,
        outcome,
        calls=called,
        enabled=enabled,
        disabled_because="" if enabled else "inactive",
        schedule=Schedule("WORK") if SCHEDULE in match.conditions else None,
    )


# --- devices ----------------------------------------------------------------------------------------------


def _list(random: Random, pools: _Pools, families: tuple[int, ...]) -> Policy:
    """Return one list: either default, sometimes a final catch-all, sometimes an implicit rule behind it."""
    count = random.choice((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14))
    rules = _rules(random, pools, count, (), returns=random.random() < 0.2)
    default = random.choice((DENY, DENY, PERMIT))
    if random.random() < 0.25:
        rules = (*rules, Rule(count, origin(count + 1), Match(), random.choice((DENY, DENY, PERMIT))))
    implicit: tuple[Rule, ...] = ()
    if random.random() < 0.15:
        implicit = (Rule(len(rules), origin(0), _match(random, replace(pools, conditions=())), PERMIT),)
    return Policy("LIST", "acl", rules, default, families, implicit=implicit)


def _hosts_list(random: Random, families: tuple[int, ...]) -> Policy:
    """Return a list for single hosts: its rules have little in common, and many can become one."""
    hosts = _hosts(random)
    groups = (_services(random, (), rich=False), None, None, None)
    wide = Addresses("wide", (Element("wide", IntervalSet.of((0, 2), (IPV6_BASE, IPV6_BASE)), origin(100)),))
    rules = []
    for index in range(random.choice((3, 5, 7, 8))):
        source = wide if random.random() < 0.15 else hosts[index]
        destination = random.choice((ANY_ADDRESS, ANY_ADDRESS, ANY_ADDRESS, hosts[0], wide))
        outcome = random.choice((PERMIT, PERMIT, PERMIT, Outcome(Verb.REJECT, ("tcp-reset",)), LOG))
        match = Match(source, destination, random.choice(groups))
        rules.append(Rule(index, origin(index + 1), match, outcome))
    return Policy("HOSTS", "acl", tuple(rules), DENY, families)


def _unordered(random: Random, pools: _Pools, families: tuple[int, ...]) -> Policy:
    """Return a list in which the order of the rules means nothing: all of them have one outcome."""
    outcome, default = random.choice(UNORDERED)
    count = random.choice((2, 3, 4, 5, 6, 8, 10))
    rules = tuple(_rule(random, pools, index, outcome, None, 0) for index in range(count))
    return Policy("GROUP", "security-group", rules, default, families, ordered=False)


def _calling(random: Random, pools: _Pools, families: tuple[int, ...]) -> tuple[Policy, ...]:
    """Return one or two entry lists and some chains that call each other downwards."""
    names = [f"CHAIN{number}" for number in range(random.choice((1, 2, 2, 3)))]
    chains = []
    for place, name in enumerate(names):
        count, base = random.choice((1, 2, 3, 4)), 1000 * (place + 2)
        rules = _rules(random, pools, count, names[place + 1 :], returns=True, base=base)
        chains.append(Policy(name, "chain", rules, RETURN, families, scope="filter", entry=False))
    entries = []
    for place in range(random.choice((1, 1, 2))):
        count, returns = random.choice((2, 3, 4, 5)), random.random() < 0.25
        rules = _rules(random, pools, count, names, returns=returns, base=1000 * place)
        default = random.choice((DENY, PERMIT))
        entries.append(Policy(f"ENTRY{place}", "chain", rules, default, families, scope="filter"))
    return (*entries, *chains)
