"""Addresses, protocols, ports and ICMP types as cloud exports write them.

Every function raises ``ValueError`` with a message for people when the value is malformed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_network

from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet

PORTED = frozenset({6, 17, 132})
"""Protocols with ports that the clouds filter by: TCP, UDP and SCTP."""

TCP_UDP = IntervalSet.points((6, 17))

_NAMES = {
    "icmp": 1,
    "igmp": 2,
    "ipip": 94,
    "tcp": 6,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmpv6": 58,
    "sctp": 132,
}
"""Protocol names of the consoles and command lines (IANA protocol numbers)."""

_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_LOOKS = re.compile(r"[0-9.]+(?:/[0-9.]+)?\Z|(?=.*:)[0-9a-fA-F:.]+(?:/[0-9]+)?\Z")


def looks_like_address(text: str) -> bool:
    """Return whether a text is meant as an address or network and not as a name."""
    return _LOOKS.match(text) is not None


@lru_cache(maxsize=65_536)
def network(text: str) -> IntervalSet:
    """Return the addresses of an address or a network of either family; host bits are ignored."""
    try:
        found = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not an address or network") from None
    base = IPV6_BASE if found.version == 6 else 0
    return IntervalSet(((base + int(found.network_address), base + int(found.broadcast_address)),))


@lru_cache(maxsize=65_536)
def address_range(text: str) -> IntervalSet:
    """Return the addresses of ``first-last``."""
    first, _, last = text.partition("-")
    low, high = network(first).lowest, network(last).lowest
    if low > high or (low < IPV6_BASE) != (high < IPV6_BASE):
        raise ValueError(f"{text[:80]!r} is not a range of addresses")
    return IntervalSet(((low, high),))


def whole(text: str, most: int, what: str) -> int:
    """Return a number from 0 to ``most``."""
    if not (text.isascii() and _NUMBER.match(text)) or int(text) > most:
        raise ValueError(f"{text[:40]!r} is not a {what}")
    return int(text)


def protocol(text: str) -> int | None:
    """Return a protocol's number; None for a name that is not known."""
    name = text.strip().lower()
    if name in _NAMES:
        return _NAMES[name]
    return whole(name, 255, "protocol") if name.isdigit() else None


@lru_cache(maxsize=65_536)
def ports(text: str) -> IntervalSet:
    """Return the ports of ``n`` or ``low-high``."""
    first, dash, last = text.strip().partition("-")
    low = whole(first.strip(), 0xFFFF, "port")
    high = whole(last.strip(), 0xFFFF, "port") if dash else low
    if low > high:
        raise ValueError(f"the port range {text[:40]!r} is upside down")
    return IntervalSet(((low, high),))


def icmp(kind: int, code: int) -> IntervalSet | None:
    """Return ICMP types and codes as ``type * 256 + code``; -1 stands for every type or code."""
    if kind == -1:
        return None
    if not 0 <= kind <= 255 or not -1 <= code <= 255:
        raise ValueError(f"{kind}/{code} is not an ICMP type and code")
    low, high = (0, 255) if code == -1 else (code, code)
    return IntervalSet(((kind * 256 + low, kind * 256 + high),))
