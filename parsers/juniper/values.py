"""Addresses as Junos writes them: prefixes, hosts, masks with gaps, ranges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet

MOST_PIECES = 4096
"""Intervals that a mask with gaps may stand for; beyond that it is not spelled out."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Addresses of one family. ``length`` is the prefix length, None where the mask has gaps.

    ``host_bits``: the address has bits set outside the mask, which Junos ignores.
    """

    values: IntervalSet
    family: int
    length: int | None
    host_bits: bool = False


def prefix(text: str) -> Prefix | None:
    """Read ``10.0.0.0/8``, ``10/8``, ``10.1.1.1``, ``10.0.0.1/255.0.0.255``, ``2001:db8::/32``; else None."""
    if "." not in text.partition("/")[2]:
        return _plain(text)
    first, _, mask = text.partition("/")
    four, bits = address_four(first, pad=True), address_four(mask)
    return None if four is None or bits is None else masked(four, bits)


@lru_cache(maxsize=65_536)
def _plain(text: str) -> Prefix | None:
    address, slash, mask = text.partition("/")
    if ":" in address:
        return _six(address, mask if slash else "128")
    four = address_four(address, pad=bool(slash))
    if four is None:
        return None
    length = _length(mask if slash else "32", 32)
    return None if length is None else _prefix(four, length, 32, 0, 4)


@lru_cache(maxsize=65_536)
def address(text: str) -> int | None:
    """Return one address on the common number line, or None."""
    if ":" in text:
        six = _address_six(text)
        return None if six is None else IPV6_BASE + six
    return address_four(text)


def address_four(text: str, *, pad: bool = False) -> int | None:
    """Return an IPv4 address as a number; ``pad`` accepts ``10`` or ``172.16`` with zeros left out."""
    parts = text.split(".")
    if len(parts) > 4 or (len(parts) < 4 and not pad):
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdecimal() and len(part) <= 3 and int(part) <= 255):
            return None
        value = value << 8 | int(part)
    return value << 8 * (4 - len(parts))


def masked(four: int, mask: int) -> Prefix | None:
    """Return the IPv4 addresses that agree with ``four`` where ``mask`` has ones; None where they are too scattered."""
    host = four & ~mask & 0xFFFFFFFF
    base = four & mask
    free = ~mask & 0xFFFFFFFF
    low = 0
    while free >> low & 1:
        low += 1
    gaps = [bit for bit in range(low, 32) if free >> bit & 1]
    block = (1 << low) - 1
    if not gaps:
        return Prefix(IntervalSet(((base, base + block),)), 4, 32 - low, bool(host))
    if 1 << len(gaps) > MOST_PIECES:
        return None
    starts = [base]
    for bit in gaps:
        starts += [start | 1 << bit for start in starts]
    return Prefix(IntervalSet.merged((start, start + block) for start in starts), 4, None, bool(host))


def is_scattered(text: str) -> bool:
    """Return whether a text is an IPv4 address with a mask that has too many gaps to be spelled out."""
    first, _, mask = text.partition("/")
    four, bits = address_four(first, pad=True), address_four(mask)
    return four is not None and bits is not None and masked(four, bits) is None


def _six(text: str, mask: str) -> Prefix | None:
    six, length = _address_six(text), _length(mask, 128)
    return None if six is None or length is None else _prefix(six, length, 128, IPV6_BASE, 6)


def _address_six(text: str) -> int | None:
    try:
        return int(IPv6Address(text)) if "%" not in text else None
    except (AddressValueError, ValueError):
        return None


def _length(text: str, highest: int) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        return None
    return int(text) if int(text) <= highest else None


def _prefix(value: int, length: int, bits: int, base: int, family: int) -> Prefix:
    size = 1 << (bits - length)
    low = value & ~(size - 1)
    return Prefix(IntervalSet(((base + low, base + low + size - 1),)), family, length, low != value)
