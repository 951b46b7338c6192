"""Addresses, wildcards and masks as Cisco writes them, turned into interval sets."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet

MAX_INTERVALS = 65_536
"""Most intervals that one wildcard may become; past that the operand is treated as not exact."""

MAX_PIECES = 1_000_000
"""Most intervals that the scattered wildcards of one configuration may become together."""

_V4_MAX = (1 << 32) - 1


@lru_cache(maxsize=65_536)
def parse_v4(word: str) -> int | None:
    """Return the 32-bit number of a dotted quad, or None. Leading zeros are decimal, as on IOS."""
    parts = word.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdecimal() and len(part) <= 3 and int(part) <= 255):
            return None
        value = value << 8 | int(part)
    return value


@lru_cache(maxsize=65_536)
def parse_v6(word: str) -> int | None:
    """Return the 128-bit number of an IPv6 address, or None."""
    if ":" not in word or "%" in word:
        return None
    try:
        return int(IPv6Address(word))
    except AddressValueError:
        return None


def wildcard_set(address: int, wildcard: int, base: int = 0) -> IntervalSet | None:
    """Return all addresses that equal ``address`` where the wildcard has zero bits.

    Host bits under the wildcard are masked. ``base`` is added to every value (IPv6). None when the wildcard
    leaves more than :data:`MAX_INTERVALS` intervals.
    """
    if wildcard & (wildcard + 1):
        return _scattered_set(address & ~wildcard, wildcard, base)
    return _block(address & ~wildcard, wildcard, base)


@lru_cache(maxsize=16_384)
def _block(start: int, wildcard: int, base: int) -> IntervalSet:
    return IntervalSet(((start + base, start + base + wildcard),))


@lru_cache(maxsize=64)
def _scattered_set(first: int, wildcard: int, base: int) -> IntervalSet | None:
    """Return the addresses for a wildcard with holes. Few are remembered: each may be megabytes."""
    trailing = (wildcard ^ (wildcard + 1)) >> 1
    scattered = wildcard & ~trailing
    if 1 << scattered.bit_count() > MAX_INTERVALS:
        return None
    start = first + base
    pairs: list[tuple[int, int]] = []
    part = 0
    while True:
        pairs.append((start + part, start + part + trailing))
        part = (part - scattered) & scattered
        if part == 0:
            return IntervalSet(tuple(pairs))


def prefix_set(address: int, length: int, family: int) -> IntervalSet:
    """Return the addresses of a prefix; bits behind its length are masked."""
    width, base = (32, 0) if family == 4 else (128, IPV6_BASE)
    span = 1 << (width - length)
    low = address - address % span + base
    return IntervalSet(((low, low + span - 1),))


@lru_cache(maxsize=16_384)
def parse_prefix(word: str, family: int) -> IntervalSet | None:
    """Return the addresses of ``address/length``, or None when it is not a prefix of the family."""
    address, slash, length = word.partition("/")
    value = parse_v4(address) if family == 4 else parse_v6(address)
    if value is None or not slash or not (length.isascii() and length.isdecimal() and len(length) <= 3):
        return None
    if int(length) > (32 if family == 4 else 128):
        return None
    return prefix_set(value, int(length), family)


def mask_length(mask: int) -> int | None:
    """Return the prefix length of an IPv4 netmask, or None when its ones are not contiguous."""
    inverse = mask ^ _V4_MAX
    return None if inverse & (inverse + 1) else 32 - inverse.bit_length()
