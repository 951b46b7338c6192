"""Addresses as the ASA writes them, read into interval sets. Netmasks, never wildcards."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet

IPV4_BITS = 32
IPV6_BITS = 128
_MAX_FREE_BITS = 12
"""A mask with holes may leave at most this many bits free above its lowest run: 4,096 intervals."""
_OCTETS = {str(value): value for value in range(256)}


class Unclear(Exception):
    """A clause that cannot be read exactly. ``code`` is the diagnostic code, ``message`` says what and why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def ip4(word: str) -> int | None:
    """Return a dotted IPv4 address as an integer, or None."""
    parts = word.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        octet = _OCTETS.get(part)
        if octet is None:
            return None
        value = value << 8 | octet
    return value


def ip6(word: str) -> int | None:
    """Return an IPv6 address without a zone as an integer on the model's number line, or None."""
    if ":" not in word or "%" in word:
        return None
    try:
        return int(IPv6Address(word)) + IPV6_BASE
    except ValueError:
        return None


def ip(word: str) -> int | None:
    """Return an address of either family on the model's number line, or None."""
    return ip6(word) if ":" in word else ip4(word)


def single(value: int) -> IntervalSet:
    """Return the set of one address."""
    return IntervalSet(((value, value),))


def prefix(word: str) -> IntervalSet | None:
    """Return the addresses of ``address/length``; host bits do not matter. None if it is not a prefix."""
    address, slash, length = word.partition("/")
    value = ip(address)
    if not slash or value is None or not (length.isascii() and length.isdecimal()) or len(length) > 3:
        return None
    bits = IPV6_BITS if ":" in address else IPV4_BITS
    if int(length) > bits:
        return None
    free = (1 << (bits - int(length))) - 1
    return IntervalSet(((value & ~free, value | free),))


def masked(address: int, mask: int) -> IntervalSet:
    """Return the IPv4 addresses that equal ``address`` in the one bits of ``mask``, which may have holes.

    Raises:
        Unclear: the mask has so many holes that the set cannot be written out (a wildcard by mistake).
    """
    free = ~mask & 0xFFFFFFFF
    if free & (free + 1) == 0:
        return IntervalSet(((address & mask, address & mask | free),))
    run = (free ^ (free + 1)) >> 1
    holes = [1 << bit for bit in range(IPV4_BITS) if (free & ~run) >> bit & 1]
    if len(holes) > _MAX_FREE_BITS:
        raise Unclear("RC606", f"{IPv4Address(mask)} is not a netmask (the ASA does not take wildcard masks)")
    bases = [address & mask]
    for bit in holes:
        bases += [base | bit for base in bases]
    return IntervalSet.merged((base, base | run) for base in bases)


def span(low: int, high: int) -> IntervalSet:
    """Return the addresses from ``low`` to ``high``.

    Raises:
        Unclear: the ends are upside down or of different families.
    """
    if low > high or (low < IPV6_BASE) != (high < IPV6_BASE):
        raise Unclear("RC606", "the range of addresses is upside down or mixes address families")
    return IntervalSet(((low, high),))
