"""Sets of field values in words, as people write them: ``10.1.0.0/16``, ``80, 443``, ``any except eth0``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

from rulecheck.model.fields import (
    CONNECTION_STATES,
    DOMAIN,
    IPV4_ALL,
    IPV6_ALL,
    IPV6_BASE,
    NAME_FIELDS,
    Field,
)
from rulecheck.model.flagwords import flag_phrase, flag_tests
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import NAME_BYTES, decode_name

PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "icmpv6", 132: "sctp"}
"""Protocols that are named; others are shown by number."""

NOTHING = "nothing"
ANY = "any"


def parts(field: Field, values: IntervalSet) -> tuple[str, ...]:
    """Return the members of a set one by one, each a value, a network, or a range: exactly the set, whatever its size.

    A set that holds every value of its field is the one word ``any``.
    """
    if values == DOMAIN[field]:
        return (ANY,)
    if field in (Field.SOURCE, Field.DESTINATION):
        return tuple(_addresses(values))
    if field in NAME_FIELDS:
        return tuple(_name(low, high) for low, high in values)
    if field is Field.TCP_FLAGS:
        return flag_tests(values)
    one = _WORDS.get(field, str)
    if field in (Field.PROTOCOL, Field.CONNECTION_STATE):
        return tuple(one(number) for low, high in values for number in range(low, high + 1))
    if field is Field.ICMP:
        return tuple(_icmp(values))
    return tuple(one(low) if low == high else f"{one(low)}-{one(high)}" for low, high in values)


def phrase(field: Field, values: IntervalSet, most: int = 8) -> str:
    """Return a set as a short phrase: as an exception where that is shorter, and cut off after ``most`` members."""
    if not values:
        return NOTHING
    if field is Field.TCP_FLAGS and values != DOMAIN[field]:
        return flag_phrase(values)
    listed = _cut(_members(field, values, most), most)
    for whole, name in _wholes(field):
        rest = whole - values
        if values <= whole and rest and len(rest.intervals) < len(values.intervals):
            return f"{name} except {_cut(_members(field, rest, most), most)}"
    return listed


def _wholes(field: Field) -> Iterator[tuple[IntervalSet, str]]:
    if field in (Field.SOURCE, Field.DESTINATION):
        yield IPV4_ALL, "any IPv4"
        yield IPV6_ALL, "any IPv6"
    yield DOMAIN[field], ANY


def _members(field: Field, values: IntervalSet, most: int) -> tuple[str, ...]:
    """Return the members of a set, networks joined to ranges where they would be too many."""
    found = parts(field, values)
    if field in (Field.SOURCE, Field.DESTINATION) and len(found) > most:
        return tuple(_range(low, high) for low, high in values)
    if field is Field.PROTOCOL and len(found) > most:
        return tuple(_protocol(low) if low == high else f"{low}-{high}" for low, high in values)
    return found


def _cut(members: tuple[str, ...], most: int) -> str:
    if len(members) <= most:
        return ", ".join(members)
    return f"{', '.join(members[: most - 1])} and {len(members) - most + 1:,} more"


def address(value: int) -> str:
    """Return an encoded address as people write it."""
    return str(IPv6Address(value - IPV6_BASE) if value >= IPV6_BASE else IPv4Address(value))


def _addresses(values: IntervalSet) -> Iterator[str]:
    """Yield networks for intervals that are few networks, ranges for others; families by name where whole."""
    for family, whole, name in ((4, IPV4_ALL, "any IPv4"), (6, IPV6_ALL, "any IPv6")):
        mine = values & whole
        if mine == whole:
            yield name
            continue
        for low, high in mine:
            yield from _networks(low, high, family)


_FEW_NETWORKS = 3


def _networks(low: int, high: int, family: int) -> Iterator[str]:
    if low == high:
        yield address(low)
        return
    if family == 4:
        found = [str(one) for one in summarize_address_range(IPv4Address(low), IPv4Address(high))]
    else:
        ends = IPv6Address(low - IPV6_BASE), IPv6Address(high - IPV6_BASE)
        found = [str(one) for one in summarize_address_range(*ends)]
    if len(found) <= _FEW_NETWORKS:
        yield from (one.removesuffix("/32" if family == 4 else "/128") for one in found)
    else:
        yield f"{address(low)}-{address(high)}"


def _range(low: int, high: int) -> str:
    if low < IPV6_BASE <= high:
        return f"{address(low)}-{address(high)}"
    found = list(_networks(low, high, 6 if low >= IPV6_BASE else 4))
    return found[0] if len(found) == 1 else f"{address(low)}-{address(high)}"


def _name(low: int, high: int) -> str:
    """Return a name, ``eth*`` for all names with a prefix, or a range of names."""
    if low == high:
        return decode_name(low) or "no name"
    stem = low.to_bytes(NAME_BYTES, "big").rstrip(b"\0")
    if stem and high == int.from_bytes(stem.ljust(NAME_BYTES, b"\xff"), "big"):
        return f"{stem.decode('utf-8', 'replace')}*"
    return f"names from {_end(low) or 'the first'} to {_end(high)}"


def _end(value: int) -> str:
    raw = value.to_bytes(NAME_BYTES, "big")
    text = raw.rstrip(b"\0") if not raw.endswith(b"\xff") else raw.rstrip(b"\xff")
    shown = text.decode("utf-8", "replace")
    return f"{shown or ''}…" if raw.endswith(b"\xff") else shown


def _icmp(values: IntervalSet) -> Iterator[str]:
    """Yield whole types as ``type 8``, single codes as ``type 3 code 1``."""
    for low, high in values:
        while low <= high:
            kind, code = divmod(low, 256)
            end = min(high, kind * 256 + 255)
            last = high // 256 if (high + 1) % 256 == 0 else high // 256 - 1
            if code == 0 and last >= kind:
                yield f"type {kind}" if last == kind else f"types {kind}-{last}"
                low = (last + 1) * 256
                continue
            codes = f"code {code}" if low == end else f"codes {code}-{end % 256}"
            yield f"type {kind} {codes}"
            low = end + 1


def _protocol(number: int) -> str:
    return PROTOCOLS.get(number, str(number))


def _mac(number: int) -> str:
    return ":".join(f"{byte:02x}" for byte in number.to_bytes(6, "big"))


_WORDS: dict[Field, Callable[[int], str]] = {
    Field.PROTOCOL: _protocol,
    Field.SOURCE_MAC: _mac,
    Field.CONNECTION_STATE: lambda number: CONNECTION_STATES[number],
    Field.FRAGMENT: lambda number: "later fragments" if number else "whole packets and first fragments",
}
