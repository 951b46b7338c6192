"""Values of RouterOS properties as interval sets. Every function raises ``ValueError`` with a message for people."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from rulecheck.model.fields import CONNECTION_STATES, IPV4_ALL, IPV6_ALL, IPV6_BASE, TCP_FLAG_NAMES, tcp_flag_values
from rulecheck.model.intervals import IntervalSet

EVERYTHING = {4: IPV4_ALL, 6: IPV6_ALL}
WITH_PORTS = frozenset({6, 17, 33, 132, 136})
"""TCP, UDP, DCCP, SCTP and UDP-Lite."""

PROTOCOLS = {
    "icmp": 1, "igmp": 2, "ggp": 3, "ip-encap": 4, "ipencap": 4, "st": 5, "tcp": 6, "egp": 8, "pup": 12, "udp": 17,
    "hmp": 20, "xns-idp": 22, "rdp": 27, "iso-tp4": 29, "dccp": 33, "xtp": 36, "ddp": 37, "idpr-cmtp": 38, "ipv6": 41,
    "ipv6-encap": 41, "ipv6-route": 43, "ipv6-frag": 44, "rsvp": 46, "gre": 47, "ipsec-esp": 50, "ipsec-ah": 51,
    "ipv6-icmp": 58, "icmpv6": 58, "ipv6-nonxt": 59, "ipv6-opts": 60, "rspf": 73, "vmtp": 81, "ospf": 89, "ipip": 94,
    "etherip": 97, "encap": 98, "pim": 103, "ipcomp": 108, "vrrp": 112, "l2tp": 115, "isis": 124, "sctp": 132,
    "udp-lite": 136, "hip": 139,
}  # fmt: skip
"""Protocol names that RouterOS exports (RouterOS manual, "Common Firewall Matchers"; numbers: IANA)."""

_BITS = {4: 32, 6: 128}
_BASE = {4: 0, 6: IPV6_BASE}
_NAME = re.compile(r"(?=[^/]*[A-Za-z])[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]{0,253})\Z")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}\Z")


class HostNameError(ValueError):
    """The value is a DNS name, which the router resolves."""


def number(text: str, low: int, high: int, what: str) -> int:
    """Return a decimal number between ``low`` and ``high``."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10) or not low <= int(text) <= high:
        raise ValueError(f"{what} {text[:40]!r} is not a number from {low} to {high}")
    return int(text)


def _one(text: str, family: int) -> int:
    try:
        return int(IPv4Address(text) if family == 4 else IPv6Address(text)) + _BASE[family]
    except ValueError:
        pass
    if _NAME.match(text):
        raise HostNameError(text)
    raise ValueError(f"{text[:60]!r} is not an IPv{family} address")


@lru_cache(maxsize=65_536)
def addresses(text: str, family: int) -> IntervalSet:
    """Return one address, a prefix, or a range.

    Raises:
        HostNameError: it is a DNS name.
    """
    try:
        return _addresses(text, family)
    except HostNameError as error:
        if "/" in text:
            raise ValueError(f"{text[:60]!r} is not an address") from error
        raise HostNameError(text) from error


def _addresses(text: str, family: int) -> IntervalSet:
    first, dash, last = text.partition("-")
    if dash and (":" in text or first.replace(".", "").isdecimal()):
        low, high = _one(first, family), _one(last, family)
        if low > high:
            raise ValueError(f"the range {text[:80]} is upside down")
        return IntervalSet(((low, high),))
    host, slash, length_text = text.partition("/")
    if not slash:
        return IntervalSet.points([_one(text, family)])
    free = _free_bits(length_text, family)
    low = _one(host, family) - _BASE[family] & ~free
    return IntervalSet(((low + _BASE[family], low + _BASE[family] + free),))


def _free_bits(text: str, family: int) -> int:
    if family == 4 and "." in text:
        free = (1 << 32) - 1 ^ _one(text, 4)
        if free & (free + 1):
            raise ValueError(f"{text[:40]} is not the mask of a subnet")
        return free
    length = number(text, 0, _BITS[family], "prefix length")
    return (1 << (_BITS[family] - length)) - 1


@lru_cache(maxsize=65_536)
def ports(text: str) -> IntervalSet:
    """Return a list of ports and ranges."""
    return _list(text, 0xFFFF, "port")


@lru_cache(maxsize=4096)
def span(text: str, high: int, what: str) -> IntervalSet:
    """Return a list of numbers and ranges up to ``high``."""
    return _list(text, high, what)


def _list(text: str, high: int, what: str) -> IntervalSet:
    found = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low, top = number(first, 0, high, what), number(last if dash else first, 0, high, what)
        if low > top:
            raise ValueError(f"the range {part[:40]} is upside down")
        found.append((low, top))
    return IntervalSet.merged(found)


def protocol(text: str) -> int:
    """Return the number of a protocol."""
    found = PROTOCOLS.get(text.lower())
    return number(text, 0, 255, "protocol") if found is None else found


def icmp(text: str) -> IntervalSet:
    """Return ``type`` or ``type:code`` (or ``type:low-high``)."""
    kind_text, colon, codes = text.partition(":")
    kind = number(kind_text, 0, 255, "ICMP type")
    which = _list(codes, 255, "ICMP code") if colon and codes != "any" else IntervalSet(((0, 255),))
    return IntervalSet(tuple((kind * 256 + low, kind * 256 + high) for low, high in which))


def states(text: str) -> IntervalSet:
    """Return connection states by their names."""
    found = []
    for name in text.split(","):
        if name.upper() not in CONNECTION_STATES:
            raise ValueError(f"the connection state {name[:40]!r} is not known")
        found.append(CONNECTION_STATES.index(name.upper()))
    return IntervalSet.points(found)


def tcp_flags(text: str) -> IntervalSet:
    """Return ``syn,!ack``: flags that are set, and flags that are not."""
    mask = wanted = 0
    for name in text.split(","):
        bare = name.removeprefix("!").upper()
        if bare not in TCP_FLAG_NAMES:
            raise ValueError(f"the TCP flag {name[:40]!r} is not known")
        bit = 1 << TCP_FLAG_NAMES.index(bare)
        mask |= bit
        wanted = wanted & ~bit if name.startswith("!") else wanted | bit
    return tcp_flag_values(mask, wanted)


def hop_limit(text: str) -> IntervalSet:
    """Return ``equal:64``, ``less-than:5`` and so on as values of the TTL."""
    operator, _, amount = text.partition(":")
    value = number(amount, 0, 255, "TTL")
    everything = IntervalSet(((0, 255),))
    match operator:
        case "equal":
            return IntervalSet.points([value])
        case "not-equal":
            return everything - IntervalSet.points([value])
        case "less-than":
            return everything & IntervalSet(((0, value - 1),)) if value else IntervalSet()
        case "greater-than":
            return IntervalSet(((value + 1, 255),)) if value < 255 else IntervalSet()
    raise ValueError(f"{operator[:40]!r} is not a comparison of the TTL")


def mac(text: str) -> IntervalSet:
    """Return one MAC address."""
    if not _MAC.match(text):
        raise ValueError(f"{text[:40]!r} is not a MAC address")
    return IntervalSet.points([int(text.replace(":", ""), 16)])
