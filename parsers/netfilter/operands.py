"""Values of options as interval sets: addresses, ports, protocols, ICMP types, flags, interfaces.

Every function raises ``ValueError`` with a message for people when the value is malformed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from parsers.netfilter.names import DSCP_CLASSES, ICMP6_TYPES, ICMP_TYPES, PROTOCOLS, SERVICES, TOS_NAMES
from rulecheck.model.fields import (
    CONNECTION_STATES,
    IPV4_ALL,
    IPV6_ALL,
    IPV6_BASE,
    TCP_FLAG_NAMES,
    tcp_flag_values,
)
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.names import name_set, prefix_set

MOST_INTERVALS = 65_536
"""A mask with more intervals than this is not written out; the address becomes a condition."""

MOST_OF_A_TABLE = 1_000_000
"""Intervals that all masks with holes of one table may become together; further ones are not written out."""

EVERYTHING = {4: IPV4_ALL, 6: IPV6_ALL}
STATES = {name: index for index, name in enumerate(CONNECTION_STATES)}
VIRTUAL_STATES = frozenset(("SNAT", "DNAT"))

_BITS = {4: 32, 6: 128}
_BASE = {4: 0, 6: IPV6_BASE}
_NUMBER = re.compile(r"\d{1,20}\Z")
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,8}\Z")
_HOST_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})\Z")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}\Z")
_CACHE = 65_536


class TooManyIntervalsError(ValueError):
    """A mask is valid, but has too many separate ranges to write them out."""


class HostNameError(ValueError):
    """The value is a name that the device looked up when it loaded the rules."""


def number(text: str, low: int, high: int, what: str) -> int:
    """Return a decimal (or 0x…) number between ``low`` and ``high``."""
    if _NUMBER.match(text):
        value = int(text)
    elif _HEX.match(text):
        value = int(text, 16)
    else:
        raise ValueError(f"{text[:40]!r} is not a number ({what})")
    if not low <= value <= high:
        raise ValueError(f"{what} {text[:40]} is outside {low} to {high}")
    return value


def _address(text: str, family: int) -> int:
    try:
        return int(IPv4Address(text)) if family == 4 else int(IPv6Address(text))
    except ValueError:
        pass
    other = ":" in text if family == 4 else re.fullmatch(r"[\d.]+", text) is not None
    if other:
        raise ValueError(f"{text[:60]} is not an IPv{family} address")
    if _HOST_NAME.match(text) and not text.replace(".", "").isdecimal():
        raise HostNameError(text)
    raise ValueError(f"{text[:60]!r} is not an address")


def _mask(text: str, family: int) -> int:
    bits = _BITS[family]
    if _NUMBER.match(text):
        return ((1 << bits) - 1) ^ ((1 << (bits - number(text, 0, bits, "prefix length"))) - 1)
    try:
        return _address(text, family)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not a mask") from None


@lru_cache(maxsize=_CACHE)
def _masked(text: str, family: int) -> tuple[int, int]:
    """Return the lowest address of ``text`` (an address, a prefix, or an address with any mask), and its free bits."""
    host, slash, mask_text = text.partition("/")
    if family == 4 and slash and re.fullmatch(r"\d+(?:\.\d+){0,2}", host):
        host += ".0" * (3 - host.count("."))
    value = _address(host, family)
    everyone = (1 << _BITS[family]) - 1
    mask = _mask(mask_text, family) if slash else everyone
    return (value & mask) + _BASE[family], everyone ^ mask


def address(text: str, family: int, *, most: int = MOST_INTERVALS) -> IntervalSet:
    """Return the addresses of ``text``: an address, a prefix, or an address with any mask.

    Raises:
        ValueError: the value is malformed or of the other family.
        HostNameError: it is a host name.
        TooManyIntervalsError: its mask has more than ``most`` ranges, or :data:`MOST_INTERVALS`.
    """
    first, free = _masked(text, family)
    if not free & (free + 1):
        return _block(first, free)
    trailing = ((free + 1) & ~free) - 1
    if 1 << (free ^ trailing).bit_count() > min(most, MOST_INTERVALS):
        raise TooManyIntervalsError(text)
    return _spelled_out(first, free)


@lru_cache(maxsize=_CACHE)
def _block(first: int, free: int) -> IntervalSet:
    return IntervalSet(((first, first + free),))


@lru_cache(maxsize=64)
def _spelled_out(first: int, free: int) -> IntervalSet:
    """Return the ranges of a mask with holes. Few are remembered: each may be megabytes."""
    trailing = ((free + 1) & ~free) - 1
    return IntervalSet(tuple((first + part, first + part + trailing) for part in _subsets(free ^ trailing)))


def _subsets(bits: int) -> list[int]:
    """Return every number whose bits are among ``bits``, rising."""
    found, part = [0], 0
    while part != bits:
        part = (part - bits) & bits
        found.append(part)
    return found


def address_range(text: str, family: int) -> IntervalSet:
    """Return the addresses of ``first-last`` (or one address)."""
    first, dash, last = text.partition("-")
    try:
        low = _address(first, family)
        high = _address(last, family) if dash else low
    except HostNameError:
        raise ValueError(f"{text[:60]!r} is not an address range") from None
    if low > high:
        raise ValueError(f"the range {text[:80]} is upside down")
    base = _BASE[family]
    return IntervalSet(((base + low, base + high),))


def interface(text: str) -> IntervalSet:
    """Return the interface names of ``text``; a ``+`` at the end stands for any rest."""
    return prefix_set(text[:-1]) if text.endswith("+") else name_set(text)


@lru_cache(maxsize=_CACHE)
def protocol(text: str) -> IntervalSet | None:
    """Return the protocol number as a set, or None for every protocol."""
    name = text.lower()
    if name in ("all", "ip", "hopopt", "0"):
        return None
    value = PROTOCOLS.get(name)
    if value is None:
        value = number(text, 0, 255, "protocol")
    return IntervalSet(((value, value),)) if value else None


def _port(text: str) -> int:
    value = SERVICES.get(text.lower())
    return number(text, 0, 0xFFFF, "port") if value is None else value


@lru_cache(maxsize=_CACHE)
def ports(text: str) -> IntervalSet:
    """Return the ports of ``n``, ``low:high``, ``:high`` or ``low:`` (names allowed)."""
    if text.lower() in SERVICES or ":" not in text:
        low = high = _port(text)
    else:
        first, _, last = text.partition(":")
        low, high = _port(first) if first else 0, _port(last) if last else 0xFFFF
    if low > high:
        raise ValueError(f"the port range {text[:40]} is upside down")
    return IntervalSet(((low, high),))


@lru_cache(maxsize=_CACHE)
def port_list(text: str) -> IntervalSet:
    """Return the ports of a comma-separated list."""
    return IntervalSet.union_of(ports(one) for one in text.split(","))


@lru_cache(maxsize=4096)
def icmp(text: str, family: int) -> IntervalSet | None:
    """Return type and code as ``type * 256 + code`` values, or None for every type (``any``)."""
    names = ICMP_TYPES if family == 4 else ICMP6_TYPES
    folded = {name.lower(): value for name, value in names.items()}
    if text.lower() == "any" or (family == 4 and text == "255"):
        return None
    if text.lower() in folded:
        kind, code = folded[text.lower()]
        low, high = (0, 255) if code is None else (code, code)
    else:
        type_text, slash, code_text = text.partition("/")
        kind = number(type_text, 0, 255, "ICMP type")
        low = number(code_text, 0, 255, "ICMP code") if slash else 0
        high = low if slash else 255
    return IntervalSet(((kind * 256 + low, kind * 256 + high),))


def _flags(text: str) -> int:
    value = 0
    for name in text.upper().split(","):
        if name == "ALL":
            value |= 0x3F
        elif name in TCP_FLAG_NAMES:
            value |= 1 << TCP_FLAG_NAMES.index(name)
        elif name != "NONE":
            raise ValueError(f"{name[:20]!r} is not a TCP flag")
    return value


@lru_cache(maxsize=4096)
def tcp_flags(mask: str, compared: str) -> IntervalSet:
    """Return the flag bytes for ``--tcp-flags mask compared``: empty when a compared flag is not in the mask."""
    return tcp_flag_values(_flags(mask), _flags(compared))


def states(text: str) -> tuple[IntervalSet, bool]:
    """Return the connection states, and whether SNAT or DNAT (properties, not states) are among them."""
    names = [name.upper() for name in text.split(",")]
    for name in names:
        if name not in STATES and name not in VIRTUAL_STATES:
            raise ValueError(f"{name[:20]!r} is not a connection state")
    return IntervalSet.points(STATES[n] for n in names if n in STATES), not VIRTUAL_STATES.isdisjoint(names)


def mac(text: str) -> IntervalSet | None:
    """Return the MAC address, or None when its digits were replaced in the file (``XX:XX:…``)."""
    if not _MAC.match(text):
        if re.fullmatch(r"[0-9A-Fa-fXx*?]{2}([:-][0-9A-Fa-fXx*?]{2}){5}", text) and re.search(r"[Xx*?]", text):
            return None
        raise ValueError(f"{text[:40]!r} is not a MAC address")
    value = int(text.replace(":", ""), 16)
    return IntervalSet(((value, value),))


def length(text: str) -> IntervalSet:
    """Return packet lengths in bytes for ``n``, ``low:high``, ``:high`` or ``low:``."""
    first, colon, last = text.partition(":")
    low = number(first, 0, 0xFFFF, "length") if first else 0
    high = (number(last, 0, 0xFFFF, "length") if last else 0xFFFF) if colon else low
    if low > high:
        raise ValueError(f"the length range {text[:40]} is upside down")
    return IntervalSet(((low, high),))


def hop_limit(option: str, text: str) -> IntervalSet:
    """Return TTL values for ``--ttl-eq``, ``--ttl-lt`` or ``--ttl-gt`` (also of ``hl``)."""
    value = number(text, 0, 255, "TTL")
    if option.endswith("-eq"):
        return IntervalSet(((value, value),))
    low, high = (0, value - 1) if option.endswith("-lt") else (value + 1, 255)
    return IntervalSet(((low, high),)) if low <= high else EMPTY


def tos(text: str) -> IntervalSet:
    """Return TOS bytes for ``value[/mask]`` or a name of RFC 1349."""
    name = TOS_NAMES.get(text.lower())
    if name is not None:
        value, mask = name, 0x3F
    else:
        first, slash, second = text.partition("/")
        value = number(first, 0, 255, "TOS")
        mask = number(second, 0, 255, "TOS mask") if slash else 0xFF
    return IntervalSet.points(byte for byte in range(256) if byte & mask == value)


def dscp(option: str, text: str) -> IntervalSet:
    """Return TOS bytes for ``--dscp value`` or ``--dscp-class name``."""
    if option == "--dscp-class":
        if text.upper() not in DSCP_CLASSES:
            raise ValueError(f"{text[:20]!r} is not a DSCP class")
        value = DSCP_CLASSES[text.upper()]
    else:
        value = number(text, 0, 63, "DSCP")
    return IntervalSet(((value << 2, (value << 2) + 3),))
