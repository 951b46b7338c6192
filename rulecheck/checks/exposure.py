"""What permits let in: the packets of each rule in force that can begin a connection, and where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rulecheck.checks.settings import Settings
from rulecheck.checks.site import Site
from rulecheck.model.device import Policy
from rulecheck.model.fields import ADDRESS_ALL, CONNECTION_STATES, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term
from rulecheck.model.names import NAME_BYTES
from rulecheck.model.rule import Rule, Verb

_SPECIAL_4 = (
    (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12),
    (0xC0000000, 24), (0xC0A80000, 16), (0xC6120000, 15), (0xE0000000, 3),
)  # fmt: skip
_SPECIAL_6 = ((0x0000, 16), (0xFC00, 7), (0xFE80, 10), (0xFF00, 8))
"""The first 16 bits and the prefix length."""


def _special() -> Iterator[tuple[int, int]]:
    for base, length in _SPECIAL_4:
        yield base, base + (1 << (32 - length)) - 1
    for head, length in _SPECIAL_6:
        base = IPV6_BASE + (head << 112)
        yield base, base + (1 << (128 - length)) - 1


PUBLIC = ADDRESS_ALL - IntervalSet.of(*_special())
"""Addresses that can appear on the Internet: all but those that the IANA special-purpose registries (RFC 6890) keep
from it and multicast. The addresses for documentation count as public, so that examples mean what they show."""

_NOT_FILTERING = re.compile(
    r"\b(translation|nat|srcnat|dstnat|mangle|raw|conntrack|class-map|route-map|policy-map|match address|crypto|snmp"
    r"|ntp|qos|distribute-list|prefix-list|split-tunnel\S*|ospf|bgp|eigrp|rip|multicast|pim|igmp|capture|debug|wccp|pbr)\b",
    re.IGNORECASE,
)
"""Words in the places where a list is used that say that it selects traffic for something else than filtering."""

_OUTBOUND = frozenset({"out", "output", "egress", "outbound", "postrouting"})
_INBOUND = frozenset({"in", "input", "ingress", "inbound", "prerouting", "forward"})
_LOOPBACK = frozenset({"lo", "lo0", "loopback", "loopback0"})

_ZONES = (Field.SOURCE_ZONE, Field.IN_INTERFACE)
_INTERFACES = (Field.IN_INTERFACE, Field.OUT_INTERFACE)
_PLAIN = frozenset(
    {
        Field.SOURCE, Field.DESTINATION, Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP,
        Field.TCP_FLAGS, Field.FRAGMENT, Field.CONNECTION_STATE, Field.IN_INTERFACE, Field.OUT_INTERFACE,
        Field.SOURCE_ZONE, Field.DESTINATION_ZONE, Field.APPLICATION,
    }
)  # fmt: skip
PLACES = frozenset({Field.IN_INTERFACE, Field.OUT_INTERFACE, Field.SOURCE_ZONE, Field.DESTINATION_ZONE})
"""Fields that say where packets enter and leave."""

_SERVICE = frozenset(
    {
        Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP, Field.TCP_FLAGS, Field.FRAGMENT,
        Field.APPLICATION,
    }
)  # fmt: skip
_NEW = CONNECTION_STATES.index("NEW")
_SYN = 2
_WAYS = 16
"""Ways into a called list that are followed; what further ones let in is not claimed."""


class Side(StrEnum):
    """Where packets come from, by the names of zones and interfaces."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class View:
    """A permit in force: its packets that can begin a connection, as products of field sets with their sides.

    ``outbound``: they come from lists for traffic that leaves only.
    """

    policy: Policy
    rule: Rule
    outbound: bool
    terms: tuple[tuple[Side, Term], ...]


_IPV4_SIZE, _IPV6_SIZE = IPV4_ALL.size, IPV6_ALL.size


def is_any(values: IntervalSet) -> bool:
    """Return whether addresses are all of a family but for a small part (of IPv4 two /8, private networks say)."""
    if not values:
        return False
    whole = _IPV6_SIZE if values.lowest >= IPV6_BASE else _IPV4_SIZE
    return whole - values.size << 7 <= whole


def any_source(term: Term) -> bool:
    """Return whether the source is any address of a family."""
    return is_any(term.sets[Field.SOURCE])


def any_destination(term: Term) -> bool:
    """Return whether the destination is any address of a family."""
    return is_any(term.sets[Field.DESTINATION])


def any_service(term: Term) -> bool:
    """Return whether neither protocol nor ports nor application are restricted."""
    return _SERVICE.isdisjoint(term.sets)


def views(site: Site) -> tuple[View, ...]:
    """Return the permits in force of all lists that filter traffic, along every way into their lists."""
    return tuple(_views(site))


def _views(site: Site) -> Iterator[View]:
    inward = [number for number, policy in enumerate(site.device.policies) if policy.entry and not is_outbound(policy)]
    entries = [number for number, policy in enumerate(site.device.policies) if policy.entry]
    ways, coming = _ways(site.device.policies, entries), _ways(site.device.policies, inward)
    for number, policy in enumerate(site.device.policies):
        if not filters(policy):
            continue
        hint, outward = _policy_side(policy, site.settings), bool(ways[number]) and not coming[number]
        for rule in policy.rules:
            if rule.enabled and rule.outcome.verb is Verb.PERMIT and not site.is_dead(policy, rule):
                terms = tuple(_opening(policy, rule, ways[number]))
                if terms:
                    sides = tuple((_side(term, hint, site.settings), term) for term in terms)
                    yield View(policy, rule, outward, sides)


def filters(policy: Policy) -> bool:
    """Return whether a list filters traffic, as far as its places of use tell: it is neither unused nor for NAT."""
    if policy.applied is False:
        return False
    if _NOT_FILTERING.search(policy.kind) or _NOT_FILTERING.search(policy.scope.replace("_", " ")):
        return False
    return not policy.applied_to or not all(_NOT_FILTERING.search(place) for place in policy.applied_to)


def is_outbound(policy: Policy) -> bool:
    """Return whether a list is applied to traffic that leaves, everywhere where it is applied."""
    places = [_words(one) for one in policy.applied_to]
    if not any(place & (_INBOUND | _OUTBOUND) for place in places):
        places = [_words(policy.name.rpartition(" ")[2])]
    return all(place & _OUTBOUND and not place & _INBOUND for place in places)


def _words(text: str) -> set[str]:
    """Return the words of a name, also without numbers at their ends: ``wan1`` is ``wan1`` and ``wan``."""
    whole = {word for word in re.split(r"[^a-z0-9]+", text.lower()) if word}
    return whole | {word.rstrip("0123456789") for word in whole} - {""}


def _opening(policy: Policy, rule: Rule, ways: Sequence[Term]) -> Iterator[Term]:
    """Yield the products of a rule that can begin a connection and whose truth is known."""
    for term in rule.match.terms(policy.families):
        if not _certain(rule, term):
            continue
        if policy.entry:
            if _opens(term):
                yield term
            continue
        for way in ways:
            common = term & way
            if common is not None and _opens(common):
                yield common


def _certain(rule: Rule, term: Term) -> bool:
    """Return whether a product is matched for certain, at least while the rule's schedule is active."""
    if not term.conditions:
        return True
    if rule.schedule is None:
        return False
    apart = {one.key for one in rule.match.conditions if one.independent and one.holds}
    return term.conditions.keys() <= apart


def _opens(term: Term) -> bool:
    sets = term.sets
    if not sets.keys() <= _PLAIN or _is_loopback(term):
        return False
    return (
        (Field.CONNECTION_STATE not in sets or _NEW in sets[Field.CONNECTION_STATE])
        and (Field.TCP_FLAGS not in sets or _SYN in sets[Field.TCP_FLAGS])
        and (Field.FRAGMENT not in sets or 0 in sets[Field.FRAGMENT])
    )


def _is_loopback(term: Term) -> bool:
    return any(name in _LOOPBACK for field in _INTERFACES if field in term.sets for name in _names(term.sets[field]))


def _ways(policies: Sequence[Policy], entries: Iterable[int]) -> Mapping[int, list[Term]]:
    """Return for each list the products of packets that come to it from ``entries``, where nothing is restricted."""
    numbers = {(policy.scope, policy.name): number for number, policy in reversed(list(enumerate(policies)))}
    found: dict[int, list[Term]] = {number: [] for number in range(len(policies))}
    queue: list[tuple[int, Term]] = [(number, Term({})) for number in entries]
    waiting = Counter(number for number, _ in queue)
    for number, way in queue:
        policy = policies[number]
        found[number].append(way)
        for rule in (*policy.rules, *policy.implicit):
            callee = numbers.get((policy.scope, rule.calls)) if rule.calls and rule.enabled else None
            if callee is None or waiting[callee] >= _WAYS:
                continue
            common = [one for term in rule.match.must(policy.families) if (one := term & way) is not None]
            queue += ((callee, one) for one in common[: _WAYS - waiting[callee]])
            waiting[callee] += len(common)
    return found


def _side(term: Term, hint: Side, settings: Settings) -> Side:
    for field in _ZONES:
        if field in term.sets:
            names = list(_names(term.sets[field]))
            return _side_of(names, settings) if names else Side.UNKNOWN
    return hint


def _names(values: IntervalSet) -> Iterator[str]:
    if len(values.intervals) <= _WAYS:
        for low, _ in values:
            yield low.to_bytes(NAME_BYTES, "big").rstrip(b"\0").decode("utf-8", "replace")


def _side_of(names: Iterable[str], settings: Settings) -> Side:
    sides = {_named(name, settings) for name in names}
    if Side.OUTSIDE in sides:
        return Side.OUTSIDE
    return Side.INSIDE if sides == {Side.INSIDE} else Side.UNKNOWN


def _named(name: str, settings: Settings) -> Side:
    words = {name.lower(), *name.lower().split(), *_words(name)}
    outside, inside = bool(words & settings.outside), bool(words & settings.inside)
    if outside is inside:
        return Side.UNKNOWN
    return Side.OUTSIDE if outside else Side.INSIDE


def _policy_side(policy: Policy, settings: Settings) -> Side:
    """Return the side that the places of use name, or else the name of the list."""
    named = _side_of((place.partition(" to ")[0] for place in policy.applied_to), settings)
    return named if named is not Side.UNKNOWN else _named(policy.name.partition(" to ")[0], settings)
