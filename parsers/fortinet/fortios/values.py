"""Values of settings as interval sets. Every function raises ``ValueError`` with a message for people."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, IPV6_BASE
from rulecheck.model.intervals import IntervalSet

EVERYTHING = {4: IPV4_ALL, 6: IPV6_ALL}
MOST_INTERVALS = 4096
"""A wildcard with more separate ranges than this is not written out."""

MOST_TOGETHER = 1_000_000
"""Ranges of all wildcards of one VDOM: past them further ones are not written out."""

_ALL32 = (1 << 32) - 1
_NUMBER = re.compile(r"[0-9]{1,10}\Z")
_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?\Z")


class TooManyIntervalsError(ValueError):
    """A wildcard is valid, but has too many separate ranges."""


def number(text: str, high: int, what: str) -> int:
    """Return a decimal number from 0 to ``high``."""
    if not _NUMBER.match(text) or int(text) > high:
        raise ValueError(f"{what} {text[:40]!r} is not a number from 0 to {high}")
    return int(text)


def ipv4(text: str) -> int:
    """Return an IPv4 address as a number."""
    try:
        return int(IPv4Address(text))
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not an IPv4 address") from None


def ipv6(text: str) -> int:
    """Return an IPv6 address on the model's number line."""
    try:
        return int(IPv6Address(text)) + IPV6_BASE
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not an IPv6 address") from None


@lru_cache(maxsize=65_536)
def subnet(text: str) -> IntervalSet:
    """Return ``a.b.c.d m.m.m.m`` or ``a.b.c.d/len`` (a lone address is a host)."""
    parts = text.replace("/", " ").split()
    if not 1 <= len(parts) <= 2:
        raise ValueError(f"{text[:80]!r} is not an address with a mask")
    mask = _mask(parts[1]) if len(parts) == 2 else _ALL32
    free = _ALL32 ^ mask
    if free & (free + 1):
        raise ValueError(f"{parts[1]} is not the mask of a subnet")
    low = ipv4(parts[0]) & mask
    return IntervalSet(((low, low + free),))


def _mask(text: str) -> int:
    if _NUMBER.match(text):
        length = number(text, 32, "prefix length")
        return _ALL32 ^ ((1 << (32 - length)) - 1)
    return ipv4(text)


@lru_cache(maxsize=64)
def wildcard(text: str, *, scattered: bool = True) -> IntervalSet:
    """Return ``base mask``: the addresses that equal the base in the bits that the mask has set.

    Few are remembered: each may be large.

    Raises:
        ValueError: it is malformed.
        TooManyIntervalsError: there are more than :data:`MOST_INTERVALS` ranges, or not one, without ``scattered``.
    """
    parts = text.split()
    if len(parts) != 2:
        raise ValueError(f"{text[:80]!r} is not a wildcard address")
    base, mask = ipv4(parts[0]), ipv4(parts[1])
    free = _ALL32 ^ mask
    trailing = ((free + 1) & ~free) - 1
    holes = free ^ trailing
    if 1 << holes.bit_count() > (MOST_INTERVALS if scattered else 1):
        raise TooManyIntervalsError(f"the wildcard {text[:60]} has too many separate ranges")
    first, found, part = base & mask, [0], 0
    while part != holes:
        part = (part - holes) & holes
        found.append(part)
    return IntervalSet(tuple((first + part, first + part + trailing) for part in found))


@lru_cache(maxsize=65_536)
def prefix6(text: str) -> IntervalSet:
    """Return ``address/length`` of IPv6 (a lone address is a host)."""
    host, slash, length_text = text.partition("/")
    length = number(length_text, 128, "prefix length") if slash else 128
    free = (1 << (128 - length)) - 1
    low = (ipv6(host) - IPV6_BASE) & ~free
    return IntervalSet(((low + IPV6_BASE, low + IPV6_BASE + free),))


def span(first: str, last: str, family: int) -> IntervalSet:
    """Return the addresses from ``first`` to ``last``."""
    read = ipv4 if family == 4 else ipv6
    low, high = read(first), read(last)
    if low > high:
        raise ValueError(f"the range {first[:40]}-{last[:40]} is upside down")
    return IntervalSet(((low, high),))


def addresses(text: str, family: int) -> IntervalSet:
    """Return one address, or ``first-last``."""
    first, _, last = text.partition("-")
    return span(first.strip(), (last or first).strip(), family)


@lru_cache(maxsize=65_536)
def port_range(text: str) -> IntervalSet:
    """Return ``low`` or ``low-high``."""
    found = _RANGE.match(text)
    if not found:
        raise ValueError(f"{text[:40]!r} is not a port range")
    low, high = int(found.group(1)), int(found.group(2) or found.group(1))
    if high > 0xFFFF:
        raise ValueError(f"port {high} is above 65535")
    if low > high:
        raise ValueError(f"the port range {text} is upside down")
    return IntervalSet(((low, high),))


def ports(text: str) -> tuple[IntervalSet, IntervalSet | None]:
    """Return destination and source ports of ``destination[:source]``."""
    destination, colon, source = text.partition(":")
    return port_range(destination), port_range(source) if colon else None


def multiport(text: str) -> IntervalSet:
    """Return ``low-high`` ranges that commas separate, as a policy or a VIP has them."""
    return IntervalSet.union_of(port_range(part.strip()) for part in text.split(","))
