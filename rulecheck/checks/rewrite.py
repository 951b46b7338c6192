"""Operands in the notation of a platform: what a rule would be rewritten with, where that is short and plain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network, summarize_address_range

from rulecheck.model.fields import ADDRESS_ALL, DOMAIN, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.finding import Rewrite
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match
from rulecheck.model.rule import Rule
from rulecheck.model.wording import address, parts

MOST = 8
"""Values that a rewrite has at most: more of them are no simplification."""

_MASKS = frozenset({"cisco_asa"})
"""Platforms that write networks with a mask."""

_WILDCARDS = frozenset({"cisco_ios", "cisco_xr"})
"""Platforms that write networks with a wildcard, and have no ranges of addresses."""


def operand_values(field: Field, values: IntervalSet, platform: str) -> tuple[str, ...]:
    """Return a set in a platform's notation, empty where it takes more than :data:`MOST` values or no plain ones."""
    if field not in (Field.SOURCE, Field.DESTINATION):
        plain = field is Field.TCP_FLAGS or len(values.intervals) <= MOST
        found = parts(field, values) if plain else ()
        return found if len(found) <= MOST and not any(_obscure(one) for one in found) else ()
    listed: list[str] = []
    if _is_rest(values):
        return ()
    for one in _addresses(values, platform):
        listed.append(one)
        if len(listed) > MOST:
            return ()
    return tuple(listed)


def _is_rest(values: IntervalSet) -> bool:
    """Return whether a set is what exceptions leave of all addresses: a list of ranges that nobody would write."""
    ends = [one for whole in (IPV4_ALL, IPV6_ALL) if values & whole != whole for one in whole.intervals[0]]
    return any(one in values for one in ends)


def _obscure(text: str) -> bool:
    return "…" in text or text.startswith("names from ")


def _addresses(values: IntervalSet, platform: str) -> Iterator[str]:
    if values == ADDRESS_ALL:
        yield "any"
        return
    for whole, name in ((IPV4_ALL, "any IPv4"), (IPV6_ALL, "any IPv6")):
        mine = values & whole
        if mine == whole:
            yield name
            continue
        for low, high in mine:
            yield from _interval(low, high, platform)


_FEW = 2
"""Networks that are written instead of a range."""


def _interval(low: int, high: int, platform: str) -> Iterator[str]:
    if low == high:
        yield f"host {address(low)}" if platform in _MASKS | _WILDCARDS else address(low)
        return
    networks = _networks(low, high)
    if platform in _WILDCARDS or len(networks) <= _FEW:
        yield from (_network(one, platform) for one in networks)
    elif platform in _MASKS:
        yield f"range {address(low)} {address(high)}"
    else:
        yield f"{address(low)}-{address(high)}"


def _networks(low: int, high: int) -> list[str]:
    if high < IPV6_BASE:
        return [str(one) for one in summarize_address_range(IPv4Address(low), IPv4Address(high))]
    ends6 = IPv6Address(low - IPV6_BASE), IPv6Address(high - IPV6_BASE)
    return [str(one) for one in summarize_address_range(*ends6)]


def _network(text: str, platform: str) -> str:
    network = ip_network(text)
    if not isinstance(network, IPv4Network):
        return text
    if network.prefixlen == network.max_prefixlen:
        return f"host {network.network_address}" if platform in _MASKS | _WILDCARDS else str(network.network_address)
    if platform in _MASKS:
        return f"{network.network_address} {network.netmask}"
    return f"{network.network_address} {network.hostmask}" if platform in _WILDCARDS else text


def union_values(rules: Sequence[Rule], operand: str, platform: str) -> tuple[str, ...]:
    """Return the union of one operand of some rules in a platform's notation, empty where it is no short list."""
    if operand == "service":
        return _short(rule.match.services.label if rule.match.services else "any" for rule in rules)
    values = [_values(rule.match, Field(operand)) for rule in rules]
    if any(one is None for one in values):
        return _short(_label(rule.match, operand) for rule in rules)
    return operand_values(Field(operand), IntervalSet.union_of(one for one in values if one), platform)


def _short(labels: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(labels))
    return found if len(found) <= MOST else ()


def _label(match: Match, operand: str) -> str:
    side = match.source if operand == Field.SOURCE else match.destination
    return f"not {side.label}" if side.negated else side.label


def _values(match: Match, field: Field) -> IntervalSet | None:
    """Return an operand's values, None where they depend on something that is not known."""
    if field in (Field.SOURCE, Field.DESTINATION):
        sides = match.source.parts if field is Field.SOURCE else match.destination.parts
        if any(one.conditions for one in sides):
            return None
        return IntervalSet.union_of(one.values for one in sides)
    found: IntervalSet | None = None
    for one in match.constraints:
        if one.field is field:
            found = one.values if found is None else found & one.values
    return DOMAIN[field] if found is None else found


def narrowed(fields: Sequence[tuple[Field, IntervalSet]], platform: str) -> tuple[Rewrite, ...]:
    """Return smaller operands in a platform's notation, nothing where they are not short and plain together."""
    found = tuple(Rewrite(field.value, operand_values(field, values, platform)) for field, values in fields)
    pieces = sum(len(one.values) for one in found)
    return found if pieces <= MOST and all(one.values for one in found) else ()


_ONE_PROTOCOL = frozenset({"iptables", "ip6tables"})
"""Platforms whose rules name one protocol, with a list of ports, and one interface."""


def can_be_written(rules: Sequence[Rule], operand: str, platform: str) -> bool:
    """Return whether a platform can write the union of an operand of some rules in one rule, perhaps with a group."""
    if platform not in _ONE_PROTOCOL or operand in (Field.SOURCE, Field.DESTINATION, Field.CONNECTION_STATE):
        return True
    if operand == "service":
        shapes = {frozenset(_without_ports(rule)) for rule in rules}
        return len(shapes) == 1 and all(len(one) == 1 for one in shapes)
    return len(union_values(rules, operand, platform)) == 1


def _without_ports(rule: Rule) -> Iterator[tuple[tuple[Field, IntervalSet], ...]]:
    for sets, _ in rule.match.services.products if rule.match.services else ():
        yield tuple(item for item in sets.items() if item[0] is not Field.DESTINATION_PORT)
