"""The one home of Hypothesis strategies: random policies over tiny domains, where coincidences are common.

A device draws small pools of operands first and its rules share them, so that rules overlap, contain and
repeat each other often. Condition-free policies are the bulk; ``conditional=True`` adds unknown tests.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rulecheck.model.device import Policy
from rulecheck.model.fields import (
    ADDRESS_ALL,
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
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Schedule, Verb
from tests.render.abstract import ANY, ANY6, ANY_PORT, WITH_PORTS, Line, Network, Operand, Ports, Sketch

SCALE = float(os.environ.get("RULECHECK_EXAMPLES", "1"))
"""Multiplies the number of examples of every differential test, for long runs at home."""

FIXED_DRAW = bool(os.environ.get("CI")) and "RULECHECK_EXAMPLES" not in os.environ
"""Whether every run draws the same examples."""


def thorough(examples: int) -> settings:
    """Return settings for differential tests: a failing example is printed to be replayed.

    Each run draws new examples, except in CI, where a change must not fail by the luck of another's draw.
    """
    return settings(
        max_examples=max(1, int(examples * SCALE)),
        deadline=None,
        database=None,
        derandomize=FIXED_DRAW,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def origin(line: int, text: str = "") -> Origin:
    return Origin("random.cfg", line, text or f"rule {line}")


# --- conditions -------------------------------------------------------------------------------------------

CONDITIONS = (
    Condition("fqdn:www.example.com", "the FQDN www.example.com is not resolved", origin(1)),
    Condition("limit:7", "it only matches within a rate limit", origin(7), fresh=True),
    Condition("recent:9", "it only matches addresses seen before", origin(9), fresh=False),
)

SCHEDULE = Condition("time-range:WORK", "it is only active in time-range WORK", origin(13), independent=True)
INDEPENDENT = (
    Condition("mark:1", "it depends on the packet's mark", origin(11), independent=True),
    Condition("seen:2", "it depends on which packets came before", origin(12), fresh=False, independent=True),
    SCHEDULE,
)
"""Tests of something beside the packet's fields; only whole rules ask for them."""


def negated(condition: Condition) -> Condition:
    """Return the clause that asks for the opposite; what the test answers without history stays the same."""
    return replace(condition, holds=not condition.holds)


def conditions() -> st.SearchStrategy[Condition]:
    return st.sampled_from([*CONDITIONS, *map(negated, CONDITIONS)])


def independent() -> st.SearchStrategy[Condition]:
    return st.sampled_from([*INDEPENDENT, *map(negated, INDEPENDENT)])


# --- operands ---------------------------------------------------------------------------------------------


def intervals(low: int, high: int, most: int = 2) -> st.SearchStrategy[IntervalSet]:
    """Return sets of up to ``most`` intervals within ``low..high``."""
    number = st.integers(low, high)
    pair = st.tuples(number, number).map(lambda ends: (min(ends), max(ends)))
    return st.lists(pair, min_size=1, max_size=most).map(IntervalSet.merged)


def address_values() -> st.SearchStrategy[IntervalSet]:
    return st.one_of(
        intervals(0, 7),
        intervals(0, 7),
        intervals(IPV6_BASE, IPV6_BASE + 3, most=1),
        st.sampled_from([IPV4_ALL, IPV6_ALL, ADDRESS_ALL]),
    )


@st.composite
def addresses(draw: st.DrawFn, *, conditional: bool = False) -> Addresses:
    """Return an address operand: up to three elements, sometimes negated, sometimes an empty group."""
    sets = draw(st.lists(address_values(), min_size=0 if draw(st.integers(0, 9)) == 0 else 1, max_size=3))
    elements = []
    for place, values in enumerate(sets):
        unknown = draw(conditions()) if conditional and draw(st.integers(0, 3)) == 0 else None
        elements.append(Element(f"member {place}", values, origin(100 + place), unknown))
    return Addresses("operand", tuple(elements), negated=draw(st.integers(0, 5)) == 0)


TCP, UDP, ICMP, GRE = (IntervalSet.points([number]) for number in (6, 17, 1, 47))
_PORTS = st.one_of(st.none(), intervals(0, 3), intervals(0, 3), st.just(IntervalSet.of((2, 0xFFFF))))
_ICMP = st.sampled_from(
    [None, IntervalSet.of((8 * 256, 8 * 256 + 255)), IntervalSet.points([8 * 256]), IntervalSet.of((0, 255))]
)
_FLAGS = st.sampled_from([None, None, TCP_ESTABLISHED, tcp_flag_values(0x12, 0x02), tcp_flag_values(0x17, 0x02)])


@st.composite
def services(draw: st.DrawFn, *, conditional: bool = False, rich: bool = False) -> Service:
    """Return one service. ``rich`` adds source ports, ICMP types and TCP flags."""
    text, line = "service", origin(200)
    unknown = draw(conditions()) if conditional and draw(st.integers(0, 5)) == 0 else None
    kind = draw(st.sampled_from(["tcp", "tcp", "udp", "tcp-udp", "icmp", "gre", "not gre", "any"]))
    if kind in ("tcp", "udp", "tcp-udp"):
        protocol = {"tcp": TCP, "udp": UDP, "tcp-udp": TCP | UDP}[kind]
        sources = draw(_PORTS) if rich else None
        flags = draw(_FLAGS) if rich and kind == "tcp" else None
        return Service(text, line, protocol, sources, draw(_PORTS), tcp_flags=flags, condition=unknown)
    if kind == "icmp":
        return Service(text, line, ICMP, icmp=draw(_ICMP) if rich else None, condition=unknown)
    protocols = {"gre": GRE, "not gre": IntervalSet.of((0, 255)) - GRE, "any": None}
    return Service(text, line, protocols[kind], condition=unknown)


@st.composite
def service_groups(draw: st.DrawFn, *, conditional: bool = False, rich: bool = False) -> Services | None:
    """Return a service operand: None for any protocol, else up to three services, rarely none at all."""
    if draw(st.integers(0, 3)) == 0:
        return None
    least = 0 if draw(st.integers(0, 15)) == 0 else 1
    return Services(
        "group", tuple(draw(st.lists(services(conditional=conditional, rich=rich), min_size=least, max_size=3)))
    )


_ETH = prefix_set("eth")
_CONSTRAINTS = {
    Field.IN_INTERFACE: [name_set("eth0"), name_set("eth1", "lo"), _ETH, IntervalSet(((0, (1 << 512) - 1),)) - _ETH],
    Field.SOURCE_ZONE: [name_set("inside"), name_set("inside", "dmz")],
    Field.DESTINATION_ZONE: [name_set("outside"), name_set("outside", "dmz")],
    Field.CONNECTION_STATE: [IntervalSet.points(s) for s in ([1, 2], [3], [0], [1, 2, 3], [0, 1, 2, 3, 4])],
    Field.APPLICATION: [name_set("ssl"), name_set("ssl", "web-browsing"), name_set("dns")],
    Field.USER: [name_set("corp\\alice"), name_set("corp\\alice", "corp\\bob"), prefix_set("corp\\")],
    Field.TOS: [IntervalSet.of((184, 187)), IntervalSet.of((160, 191))],
    Field.FRAGMENT: [IntervalSet.points([0]), IntervalSet.points([1])],
}


@st.composite
def constraints(draw: st.DrawFn, fields: Sequence[Field]) -> tuple[Constraint, ...]:
    found = []
    for name in fields:
        if draw(st.booleans()):
            values = draw(st.sampled_from(_CONSTRAINTS[name]))
            found.append(Constraint(name, values, f"{name} clause", origin(300)))
    return tuple(found)


# --- rules ------------------------------------------------------------------------------------------------

DECISIONS = (
    PERMIT,
    PERMIT,
    PERMIT,
    DENY,
    DENY,
    DENY,
    Outcome(Verb.REJECT, ("tcp-reset",)),
    Outcome(Verb.TRANSLATE, ("SNAT", "192.0.2.1")),
)
LOG = Outcome(Verb.CONTINUE, ("log",))


@dataclass(frozen=True)
class Pools:
    """The operands that the rules of one device choose from."""

    sources: tuple[Addresses, ...]
    destinations: tuple[Addresses, ...]
    services: tuple[Services | None, ...]
    fields: tuple[Field, ...]
    conditional: bool


@st.composite
def pools(draw: st.DrawFn, *, conditional: bool = False) -> Pools:
    """Return pools for one of several styles, each narrow enough to enumerate."""
    style = draw(st.sampled_from(["addresses", "ports", "rich", "constraints"]))
    operands = st.lists(addresses(conditional=conditional), min_size=1, max_size=3)
    sources = tuple(draw(operands))
    destinations = tuple(draw(operands)) if style in ("addresses", "ports") else ()
    groups: tuple[Services | None, ...] = (None,)
    if style in ("ports", "rich"):
        groups = tuple(
            draw(st.lists(service_groups(conditional=conditional, rich=style == "rich"), min_size=1, max_size=3))
        )
    chosen = st.lists(st.sampled_from(list(_CONSTRAINTS)), min_size=1, max_size=2, unique=True)
    fields = tuple(draw(chosen)) if style == "constraints" else ()
    return Pools((*sources, ANY_ADDRESS), (*destinations, ANY_ADDRESS), (*groups, None), fields, conditional)


@st.composite
def rule_matches(draw: st.DrawFn, pool: Pools) -> Match:
    needs: tuple[Condition, ...] = ()
    if pool.conditional and draw(st.integers(0, 3)) == 0:
        needs = tuple(draw(st.lists(conditions() | independent(), min_size=1, max_size=2)))
    return Match(
        draw(st.sampled_from(pool.sources)),
        draw(st.sampled_from(pool.destinations)),
        draw(st.sampled_from(pool.services)),
        draw(constraints(pool.fields)) if pool.fields else (),
        needs,
        draw(choices(pool)) if pool.fields and draw(st.integers(0, 2)) == 0 else (),
    )


@st.composite
def choices(draw: st.DrawFn, pool: Pools) -> tuple[tuple[Alternative, ...], ...]:
    """Return what no product of fields can say: at least one alternative of each choice has to hold."""
    needs = st.lists(conditions() | independent(), max_size=1 if pool.conditional else 0).map(tuple)
    ways = st.builds(Alternative, constraints(pool.fields), needs)
    return tuple(draw(st.lists(st.lists(ways, min_size=1, max_size=3).map(tuple), min_size=1, max_size=2)))


def _schedule(match: Match) -> Schedule | None:
    return Schedule("WORK") if SCHEDULE in match.conditions else None


@st.composite
def rule_lists(
    draw: st.DrawFn, pool: Pools, calls: Sequence[str] = (), *, most: int = 8, returns: bool = False, base: int = 0
) -> tuple[Rule, ...]:
    """Return rules with rising indexes. ``calls`` are lists that they may call; ``base`` numbers their lines."""
    verbs = [Verb.PERMIT] * 6 + [Verb.CONTINUE] + ([Verb.CALL] * 3 + [Verb.GOTO] if calls else [])
    verbs += [Verb.RETURN] * 2 if returns else []
    rules = []
    for index in range(draw(st.sampled_from(range(most, 0, -1)) if most > 1 else st.just(1))):
        match = draw(rule_matches(pool))
        verb, called, outcome = draw(st.sampled_from(verbs)), None, LOG
        if verb is Verb.PERMIT:
            outcome = draw(st.sampled_from(DECISIONS))
        elif verb is Verb.RETURN:
            outcome = RETURN
        elif verb is not Verb.CONTINUE:
            called = draw(st.sampled_from(list(calls)))
            outcome = Outcome(verb, (called,))
        enabled = draw(st.integers(0, 11)) > 0
        rules.append(
            Rule(
                index,
                origin(base + index + 1),
                match,
                outcome,
                calls=called,
                enabled=enabled,
                disabled_because="" if enabled else "inactive",
                schedule=_schedule(match),
            )
        )
    return tuple(rules)


FAMILIES = ((4, 6), (4,), (4, 6), (4,), (4, 6), (6,))
_IMPLICIT = Match(services=Services("nd", (Service("nd", origin(0), ICMP),)))


@st.composite
def single_policies(draw: st.DrawFn, *, conditional: bool = False, most: int = 8) -> tuple[Policy, ...]:
    """Return a device with one list: either default, sometimes an implicit rule before it."""
    rules = draw(rule_lists(draw(pools(conditional=conditional)), most=most, returns=draw(st.integers(0, 4)) == 0))
    implicit = (Rule(len(rules), origin(0), _IMPLICIT, PERMIT),) if draw(st.integers(0, 4)) == 0 else ()
    default = draw(st.sampled_from([DENY, DENY, PERMIT]))
    return (Policy("LIST", "acl", rules, default, draw(st.sampled_from(FAMILIES)), implicit=implicit),)


UNORDERED = ((PERMIT, DENY), (PERMIT, DENY), (PERMIT, PERMIT), (DENY, PERMIT))
"""Outcome of all rules and default of a list without an order."""


@st.composite
def unordered_policies(draw: st.DrawFn, *, conditional: bool = False) -> tuple[Policy, ...]:
    """Return a device with one list in which the order of the rules means nothing: all of them have one outcome."""
    found = draw(rule_lists(draw(pools(conditional=conditional)), most=8))
    outcome, default = draw(st.sampled_from(UNORDERED))
    rules = tuple(replace(rule, outcome=outcome) for rule in found)
    families = draw(st.sampled_from(FAMILIES))
    return (Policy("GROUP", "security-group", rules, default, families, ordered=False),)


@st.composite
def chained_policies(draw: st.DrawFn, *, conditional: bool = False) -> tuple[Policy, ...]:
    """Return a device with one or two entry lists and one to three chains that call each other downwards."""
    pool = draw(pools(conditional=conditional))
    families = draw(st.sampled_from(FAMILIES))
    names = [f"CHAIN{number}" for number in range(draw(st.integers(1, 3)))]
    chains = []
    for place, name in enumerate(names):
        rules = draw(rule_lists(pool, names[place + 1 :], most=4, returns=True, base=1000 * (place + 2)))
        chains.append(Policy(name, "chain", rules, RETURN, families, scope="filter", entry=False))
    entries = []
    for place in range(draw(st.integers(1, 2))):
        rules = draw(rule_lists(pool, names, most=5, returns=draw(st.integers(0, 3)) == 0, base=1000 * place))
        default = draw(st.sampled_from([DENY, PERMIT]))
        entries.append(Policy(f"ENTRY{place}", "chain", rules, default, families, scope="filter"))
    return (*entries, *chains)


# --- policies that every platform can express ---------------------------------------------------------------


def _networks(family: int = 4) -> st.SearchStrategy[Network]:
    """Return networks that nest and coincide often: a few bits of 10.0.0.0/8 at a few lengths.

    Those of IPv6 are alike, at the end of 2001:db8::/32.
    """
    bits = 32 if family == 4 else 128
    base = 10 << 24 if family == 4 else 0x20010DB8 << 96

    def network(parts: tuple[int, int]) -> Network:
        number, length = parts
        address = base | (number & 3) << 16 | (number >> 2 & 3) << 8 | number >> 4
        host = bits - 32 + length
        return Network(address >> (bits - host) << (bits - host), host, family)

    return st.tuples(st.integers(0, 63), st.sampled_from([32, 31, 24, 23, 16, 15, 8])).map(network)


@st.composite
def _operands(draw: st.DrawFn, *, groups: bool) -> tuple[Operand, ...]:
    """Return the operands of one sketch: networks, any, and groups with their names."""
    found = [ANY, *(Operand((network,)) for network in draw(st.lists(_networks(), min_size=2, max_size=5)))]
    for number in range(draw(st.integers(1, 3)) if groups else 0):
        members = draw(st.lists(_networks(), min_size=1, max_size=4, unique=True))
        found.append(Operand(tuple(members), group=f"GROUP-{number}"))
    return tuple(found)


@st.composite
def _few_operands(draw: st.DrawFn, family: int) -> tuple[Operand, ...]:
    """Return all addresses, two networks, a group, and one of them negated: few enough to decide every packet."""
    first, second = draw(_networks(family)), draw(_networks(family))
    members = tuple(draw(st.lists(_networks(family), min_size=1, max_size=2, unique=True)))
    found = [Operand((first,)), Operand((second,)), Operand(members, group=f"GROUP-{family}")]
    negated = replace(draw(st.sampled_from(found)), negated=True)
    return (ANY if family == 4 else ANY6, *found, negated)


def _port_ranges() -> st.SearchStrategy[Ports]:
    numbers = st.sampled_from([0, 1, 22, 23, 80, 443, 1023, 1024, 65535])
    ranges = st.tuples(numbers, numbers).map(lambda ends: Ports(min(ends), max(ends)))
    return st.one_of(st.just(ANY_PORT), numbers.map(lambda number: Ports(number, number)), ranges)


@st.composite
def sketches(draw: st.DrawFn, *, groups: bool = False, either_default: bool = False, most: int = 12) -> Sketch:
    """Return lists that ASA and IOS can express, and iptables as well without ``groups``."""
    operands = st.sampled_from(draw(_operands(groups=groups)))
    ports = st.sampled_from([*draw(st.lists(_port_ranges(), min_size=1, max_size=4)), ANY_PORT])
    lines = []
    for _ in range(draw(st.sampled_from(range(most, 0, -1)))):
        protocol = draw(st.sampled_from([None, "tcp", "tcp", "udp", "icmp", "gre"]))
        sides = (draw(ports), draw(ports)) if protocol in WITH_PORTS else (ANY_PORT, ANY_PORT)
        icmp = draw(st.sampled_from([None, 0, 3, 8])) if protocol == "icmp" else None
        permit, log = draw(st.booleans()), draw(st.booleans())
        lines.append(Line(permit, protocol, draw(operands), draw(operands), *sides, icmp, log))
    return Sketch(tuple(lines), permit_by_default=either_default and draw(st.booleans()))


@st.composite
def rich_sketches(draw: st.DrawFn, *, most: int = 8) -> Sketch:
    """Return lists with everything that a sketch can have: groups, negation, disabled rules, and both families.

    No platform can express all of it; :mod:`tests.render.platforms` leaves each what it can.
    """
    families = st.sampled_from(draw(st.sampled_from([(4,), (4,), (6,), (4, 6)])))
    pools = {family: st.sampled_from(draw(_few_operands(family))) for family in (4, 6)}
    ports = st.sampled_from([draw(_port_ranges()), draw(_port_ranges()), ANY_PORT])
    lines = []
    for _ in range(draw(st.sampled_from(range(most, 0, -1)))):
        family = draw(families)
        protocols = [None, "tcp", "tcp", "udp", *(("icmp", "gre") if family == 4 else ())]
        protocol = draw(st.sampled_from(protocols))
        sides = (draw(ports), draw(ports)) if protocol in WITH_PORTS else (ANY_PORT, ANY_PORT)
        icmp = draw(st.sampled_from([None, 0, 8])) if protocol == "icmp" else None
        permit, log, disabled = draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 7)) == 0
        source, destination = draw(pools[family]), draw(pools[family])
        if source.negated:  # two negated operands would match the other family as well
            destination = replace(destination, negated=False)
        lines.append(Line(permit, protocol, source, destination, *sides, icmp, log, disabled))
    return Sketch(tuple(lines), permit_by_default=draw(st.booleans()))
