"""Literal values: addresses, ranges, wildcards and ports."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network

from rulecheck.model.fields import IPV4_ALL, IPV6_BASE
from rulecheck.model.intervals import IntervalSet

MAX_WILDCARD_PARTS = 4096
"""A wildcard mask that stands for more ranges than this is not written out."""


def parse_address(text: str) -> IntervalSet | None:
    """Return the addresses of ``10.0.0.1``, ``10.0.0.0/8``, ``10.0.0.1-10.0.0.9`` or the same in IPv6, else None.

    Bits behind the prefix are ignored, as the device does.
    """
    try:
        if "-" in text:
            low, _, high = text.partition("-")
            return _range(low.strip(), high.strip())
        if "/" in text:
            network = ip_network(text, strict=False)
            base = IPV6_BASE if network.version == 6 else 0
            return IntervalSet(((base + int(network.network_address), base + int(network.broadcast_address)),))
        value = _number(text)
        return IntervalSet(((value, value),))
    except ValueError:
        return None


def _number(text: str) -> int:
    address = ip_address(text)
    return int(address) + (IPV6_BASE if address.version == 6 else 0)


def _range(low: str, high: str) -> IntervalSet | None:
    first, last = _number(low), _number(high)
    if first > last or (first >= IPV6_BASE) != (last >= IPV6_BASE):
        return None
    return IntervalSet(((first, last),))


def parse_wildcard(text: str, most: int = MAX_WILDCARD_PARTS) -> IntervalSet | None:
    """Return the addresses of ``10.1.0.0/0.0.248.255``: a bit that is 1 in the mask may have any value.

    None where the text is malformed; no interval where the mask stands for more ranges than ``most``, or than
    :data:`MAX_WILDCARD_PARTS`.
    """
    address, _, mask = text.partition("/")
    try:
        base, free = _number(address), _number(mask)
    except ValueError:
        return None
    if base >= IPV6_BASE or free >= IPV6_BASE:
        return None
    low_bits = (~free & (free + 1)).bit_length() - 1
    block = 1 << low_bits
    high_bits = [1 << bit for bit in range(low_bits, 32) if free >> bit & 1]
    if high_bits and 1 << len(high_bits) > min(most, MAX_WILDCARD_PARTS):
        return IntervalSet()
    starts = [base & ~free & IPV4_ALL.intervals[0][1]]
    for bit in high_bits:
        starts += [start | bit for start in starts]
    return IntervalSet.merged((start, start + block - 1) for start in starts)


@lru_cache(maxsize=4096)
def parse_ports(text: str) -> IntervalSet | None:
    """Return the ports of ``80``, ``1-1024`` or ``80,443,8000-8080``, None where malformed or out of range."""
    pairs: list[tuple[int, int]] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not _is_port(low) or (dash and not _is_port(high)):
            return None
        first, last = int(low), int(high) if dash else int(low)
        if first > last:
            return None
        pairs.append((first, last))
    return IntervalSet.merged(pairs)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 0xFFFF
