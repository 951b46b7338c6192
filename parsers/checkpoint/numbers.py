"""Addresses and numbers as the management API writes them."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from parsers.json_text import JsonNode
from rulecheck.model.fields import IPV6_BASE, PORT_ALL
from rulecheck.model.intervals import EMPTY, IntervalSet

_PORT = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")
_COMPARED = re.compile(r"\s*([<>])(=?)\s*(\d{1,5})\s*")
_MOST_WILDCARD_BITS = 16


def address(text: str) -> int | None:
    """Return an address of either family on the model's number line, or None."""
    try:
        if ":" in text:
            return int(IPv6Address(text.partition("%")[0])) + IPV6_BASE
        return int(IPv4Address(text))
    except (AddressValueError, ValueError):
        return None


def prefix(start: str, length: int) -> IntervalSet | None:
    """Return the addresses of a network, or None where it is malformed."""
    low = address(start)
    bits = 128 if ":" in start else 32
    if low is None or not 0 <= length <= bits:
        return None
    size = 1 << (bits - length)
    base = IPV6_BASE if bits == 128 else 0
    first = base + (low - base) // size * size
    return IntervalSet(((first, first + size - 1),))


def span(first: str, last: str) -> IntervalSet | None:
    """Return a range of addresses of one family, or None where it is malformed."""
    low, high = address(first), address(last)
    if low is None or high is None or low > high or (low >= IPV6_BASE) is not (high >= IPV6_BASE):
        return None
    return IntervalSet(((low, high),))


def mask_length(mask: str) -> int | None:
    """Return the prefix length of a contiguous IPv4 netmask, or None."""
    value = address(mask)
    if value is None or value >= IPV6_BASE:
        return None
    length = value.bit_count()
    return length if value == (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF else None


def wildcard(start: str, mask: str) -> IntervalSet | None:
    """Return the addresses that equal ``start`` in every bit that ``mask`` has as 0, or None.

    None also for a mask with so many scattered bits that the addresses cannot be listed.
    """
    low, free = address(start), address(mask)
    if low is None or free is None or (low >= IPV6_BASE) is not (free >= IPV6_BASE):
        return None
    base = IPV6_BASE if low >= IPV6_BASE else 0
    low, free = low - base, free - base
    tail = (~free & (free + 1)).bit_length() - 1
    scattered = [bit for bit in range(tail, free.bit_length()) if free >> bit & 1]
    if len(scattered) > _MOST_WILDCARD_BITS:
        return None
    starts = [low & ~free]
    for bit in scattered:
        starts.extend([one | 1 << bit for one in starts])
    size = (1 << tail) - 1
    return IntervalSet.merged((base + one, base + one + size) for one in starts)


def ports(text: str) -> IntervalSet | None:
    """Return the ports of ``80``, ``1024-2048``, ``>1023``, ``<1024``, or a list with commas; None if malformed.

    Source: Check Point Management API reference, "port" of service-tcp and service-udp.
    """
    found = EMPTY
    for part in text.split(","):
        one = _port_part(part)
        if one is None:
            return None
        found |= one
    return found


def _port_part(text: str) -> IntervalSet | None:
    if match := _PORT.fullmatch(text):
        low, high = int(match[1]), int(match[2] or match[1])
        return IntervalSet(((low, high),)) if low <= high <= 0xFFFF else None
    if match := _COMPARED.fullmatch(text):
        edge = int(match[3])
        if edge > 0xFFFF:
            return None
        if match[1] == ">":
            low = edge if match[2] else edge + 1
            return IntervalSet(((low, 0xFFFF),)) if low <= 0xFFFF else EMPTY
        high = edge if match[2] else edge - 1
        return IntervalSet(((0, high),)) if high >= 0 else EMPTY
    return PORT_ALL if text.strip().lower() == "any" else None


def small(node: JsonNode | None, highest: int) -> int | None:
    """Return a whole number from 0 to ``highest``, written as a number or as a string, or None."""
    if node is None:
        return None
    value = node.as_whole()
    if isinstance(node.value, str) and node.value.isascii() and node.value.isdecimal() and len(node.value) <= 9:
        value = int(node.value)
    return value if value is not None and 0 <= value <= highest else None
