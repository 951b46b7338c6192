"""Values as sets of integers, by the kind of the selector that they are compared with.

Every function raises ``ValueError`` with a message for people when a value is malformed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from parsers.netfilter import operands
from parsers.netfilter.names import (
    DSCP_CLASSES,
    NFT_ICMP6_CODES,
    NFT_ICMP6_TYPES,
    NFT_ICMP_CODES,
    NFT_ICMP_TYPES,
    PROTOCOLS,
    SERVICES,
)
from parsers.netfilter.nftables.selectors import Selector
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, TCP_FLAG_NAMES
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set, prefix_set

STATE_BITS = {"invalid": 1, "established": 2, "related": 4, "new": 8, "untracked": 64}
"""Bits of ``ct state``; a packet has exactly one of them."""

FLAG_BITS = {name.lower(): 1 << bit for bit, name in enumerate(TCP_FLAG_NAMES)} | {"ecn": 64}
"""Bits of ``tcp flags``."""

_ECN = {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}
_FAMILIES = {"ipv4": IPV4_ALL, "ipv6": IPV6_ALL, "2": IPV4_ALL, "10": IPV6_ALL}
ETHER_TYPES = {"ip": IPV4_ALL, "0x0800": IPV4_ALL, "ip6": IPV6_ALL, "0x86dd": IPV6_ALL}
"""Ethernet types that are address families of the model."""

_CACHE = 65_536
_PREFIX_LIMIT = 128


class UndefinedError(ValueError):
    """A value is the name of a definition that the input does not have."""


def value_set(selector: Selector, text: str, *, quoted: bool) -> IntervalSet:
    """Return the values that a text stands for.

    Raises:
        UndefinedError: it is ``$name`` without definition.
        operands.HostNameError: it is a name that the device looked up.
        ValueError: it is malformed.
    """
    if "$" in text and not quoted:
        raise UndefinedError(f"{text[:60]} is not defined in this file")
    if text == "*" and not quoted:
        return selector.domain
    return _KINDS[selector.kind](text, selector)


def _address(text: str, selector: Selector) -> IntervalSet:
    family = 4 if selector.kind == "ipv4" else 6
    if "-" in text and "/" not in text:
        try:
            return _cached_range(text, family)
        except ValueError:
            if not any(mark in text for mark in ".:") or text[0] == "-":
                raise
            if not _is_range(text):
                return operands.address(text, family)
            raise
    return operands.address(text, family)


def _is_range(text: str) -> bool:
    first = text.partition("-")[0]
    return first.replace(".", "").isdecimal() or ":" in first


@lru_cache(maxsize=_CACHE)
def _cached_range(text: str, family: int) -> IntervalSet:
    return operands.address_range(text, family)


def _named(names: Mapping[str, int], top: int, what: str) -> Callable[[str, Selector], IntervalSet]:
    """Return a reader of numbers up to ``top``, names for them, and ranges of both."""

    @lru_cache(maxsize=_CACHE)
    def one(text: str) -> int:
        found = names.get(text.lower())
        return operands.number(text, 0, top, what) if found is None else found

    @lru_cache(maxsize=_CACHE)
    def read(text: str) -> IntervalSet:
        if "-" not in text or text.lower() in names:
            value = one(text)
            return IntervalSet(((value, value),))
        first, _, last = text.partition("-")
        low, high = one(first), one(last)
        if low > high:
            raise ValueError(f"the range {text[:60]} is upside down")
        return IntervalSet(((low, high),))

    return lambda text, _: read(text)


def _number(text: str, selector: Selector) -> IntervalSet:
    return _numbers(text, selector.domain.intervals[-1][1])


@lru_cache(maxsize=_CACHE)
def _numbers(text: str, top: int) -> IntervalSet:
    first, dash, last = text.partition("-")
    low = operands.number(first, 0, top, "value")
    high = operands.number(last, 0, top, "value") if dash else low
    if low > high:
        raise ValueError(f"the range {text[:60]} is upside down")
    return IntervalSet(((low, high),))


def _name(text: str, _: Selector) -> IntervalSet:
    """Return the names of ``eth0`` or ``eth*``; a star behind a backslash is a star."""
    if text.endswith("\\*"):
        return name_set(f"{text[:-2]}*")
    return prefix_set(text[:-1]) if text.endswith("*") else name_set(text)


def _index(text: str, _: Selector) -> IntervalSet:
    if text.isascii() and text.isdecimal():
        raise operands.HostNameError(text)
    return name_set(text)


def _mac(text: str, _: Selector) -> IntervalSet:
    first, dash, last = text.partition("-")
    low = operands.mac(first)
    high = operands.mac(last) if dash else low
    if low is None or high is None:
        raise ValueError(f"the MAC address {text[:40]} was made unreadable")
    if low.lowest > high.lowest:
        raise ValueError(f"the range {text[:60]} is upside down")
    return IntervalSet(((low.lowest, high.lowest),))


def bits(kind: str, text: str) -> int:
    """Return the bits of states or flags: ``syn``, ``syn | ack``, ``0x12``."""
    names = STATE_BITS if kind == "state" else FLAG_BITS
    value = 0
    for word in text.replace("|", " ").replace(",", " ").strip("()").split():
        found = names.get(word.lower())
        value |= operands.number(word, 0, 0xFFFF, "bits") if found is None else found
    return value


def _bits(text: str, selector: Selector) -> IntervalSet:
    value = bits(selector.kind, text)
    return IntervalSet(((value, value),))


def _family(text: str, _: Selector) -> IntervalSet:
    found = _FAMILIES.get(text.lower())
    if found is None:
        raise ValueError(f"{text[:40]!r} is not an address family")
    return found


_KINDS: dict[str, Callable[[str, Selector], IntervalSet]] = {
    "ipv4": _address,
    "ipv6": _address,
    "port": _named(SERVICES, 0xFFFF, "port"),
    "protocol": _named(PROTOCOLS, 255, "protocol"),
    "dscp": _named({name.lower(): value for name, value in DSCP_CLASSES.items()}, 63, "DSCP"),
    "ecn": _named(_ECN, 3, "ECN"),
    "icmp": _named(NFT_ICMP_TYPES, 255, "ICMP type"),
    "icmpv6": _named(NFT_ICMP6_TYPES, 255, "ICMPv6 type"),
    "icmp-code": _named(NFT_ICMP_CODES, 255, "ICMP code"),
    "icmpv6-code": _named(NFT_ICMP6_CODES, 255, "ICMPv6 code"),
    "number": _number,
    "name": _name,
    "index": _index,
    "mac": _mac,
    "state": _bits,
    "flags": _bits,
    "family": _family,
}


def masked(selector: Selector, mask: str, value: str) -> IntervalSet:
    """Return the values whose bits under ``mask`` equal ``value``.

    Raises:
        ValueError: either is malformed, or the mask is on something that has no bits here.
    """
    if selector.kind in ("ipv4", "ipv6"):
        return _masked_address(mask, value, 4 if selector.kind == "ipv4" else 6)
    if selector.kind in ("state", "flags"):
        wanted, under = bits(selector.kind, value), bits(selector.kind, mask)
        return IntervalSet.points(
            number for low, high in selector.domain for number in range(low, high + 1) if number & under == wanted
        )
    top = selector.domain.intervals[-1][1]
    if top > 0xFFFF or selector.kind in ("name", "index", "family"):
        raise ValueError(f"a mask on {selector.text} is not modelled")
    wanted = _KINDS[selector.kind](value, selector).lowest
    return _masked_number(operands.number(mask.strip("()"), 0, top, "mask"), wanted, top)


@lru_cache(maxsize=1024)
def _masked_number(mask: int, value: int, top: int) -> IntervalSet:
    return IntervalSet.points(number for number in range(top + 1) if number & mask == value)


def _masked_address(mask: str, value: str, family: int) -> IntervalSet:
    under = operands.address(mask, family).lowest
    wanted = operands.address(value, family).lowest
    base = 0 if family == 4 else IPV6_ALL.lowest
    if (wanted - base) & ~(under - base):
        return IntervalSet()
    return operands.address(f"{value}/{mask}", family)


def any_bit(selector: Selector, value: int) -> IntervalSet:
    """Return the values that have one of the bits of ``value``."""
    return IntervalSet.points(
        number for low, high in selector.domain for number in range(low, high + 1) if number & value
    )


def compared(selector: Selector, op: str, value: IntervalSet) -> IntervalSet:
    """Return the values that are ``<``, ``>``, ``<=`` or ``>=`` one value."""
    low, high = selector.domain.lowest, selector.domain.intervals[-1][1]
    number = value.lowest
    bounds = {"<": (low, number - 1), "<=": (low, number), ">": (number + 1, high), ">=": (number, high)}[op]
    return IntervalSet((bounds,)) if bounds[0] <= bounds[1] else IntervalSet()
