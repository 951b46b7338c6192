"""Values of the rule table: addresses, protocols, ports and services."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Service
from rulecheck.model.provenance import Origin

ANY = frozenset({"any", "*", "all", "any_any"})
ANY_PROTOCOL = ANY | {"ip"}
WITH_PORTS = IntervalSet.points((6, 17, 33, 132, 136))
_FAMILIES = {"any4": IPV4_ALL, "any-ipv4": IPV4_ALL, "any6": IPV6_ALL, "any-ipv6": IPV6_ALL}
_DOMAIN = re.compile(r"(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{0,62}\.?", re.IGNORECASE | re.ASCII)
_PORT = re.compile(r"(\d{1,5})(?:\s*[-:]\s*(\d{1,5}))?", re.ASCII)
_TYPE = re.compile(r"(\d{1,3})(?:[/:](\d{1,3}))?", re.ASCII)


@cache
def _tables() -> Mapping[str, Any]:
    source = files(__package__).joinpath("names.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def addresses(text: str) -> IntervalSet | None:
    """Return an address, ``any``, a prefix, a network with a netmask, or a range; None for anything else."""
    word = text.lower()
    if word in ANY:
        return ADDRESS_ALL
    if word in _FAMILIES:
        return _FAMILIES[word]
    start, slash, length = text.partition("/")
    if slash:
        return _network(start.strip(), length.strip())
    first, dash, last = text.partition("-")
    low, high = address(first.strip()), address(last.strip() if dash else first.strip())
    if low is None or high is None or low > high or (low >= IPV6_BASE) is not (high >= IPV6_BASE):
        return None
    return IntervalSet(((low, high),))


def address(text: str) -> int | None:
    """Return one address of either family, or None."""
    try:
        return int(IPv6Address(text)) + IPV6_BASE if ":" in text else int(IPv4Address(text))
    except (AddressValueError, ValueError):
        return None


def looks_like_address(text: str) -> bool:
    """Return whether a text is meant as an address, well-formed or not: no name of an object looks like that."""
    return re.fullmatch(r"[0-9.]+(?:\s*[/-]\s*\S+)?|[0-9A-Fa-f:.]*:\S*", text) is not None


def is_domain(text: str) -> bool:
    """Return whether a text is a domain name, with or without ``*.`` before it."""
    return len(text) <= 253 and _DOMAIN.fullmatch(text) is not None


def _network(start: str, length: str) -> IntervalSet | None:
    low = address(start)
    if low is None:
        return None
    bits, base = (128, IPV6_BASE) if low >= IPV6_BASE else (32, 0)
    size = _prefix_length(length, bits)
    if size is None:
        return None
    count = 1 << (bits - size)
    first = low - (low - base) % count
    return IntervalSet(((first, first + count - 1),))


def _prefix_length(text: str, bits: int) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 3:
        return int(text) if int(text) <= bits else None
    mask = address(text) if bits == 32 and "." in text else None
    if mask is None:
        return None
    length = mask.bit_count()
    return length if mask == (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF else None


def protocol(text: str) -> IntervalSet | None:
    """Return the numbers of a protocol, by name or number; None if unknown."""
    word = text.lower()
    if word in ("tcp/udp", "tcp-udp", "tcpudp", "tcp+udp"):
        return IntervalSet.points((6, 17))
    if word.isascii() and word.isdecimal() and len(word) <= 3:
        return IntervalSet.points([int(word)]) if int(word) <= 255 else None
    number = _tables()["protocols"].get(word)
    return IntervalSet.points([number]) if number is not None else None


def port(text: str) -> IntervalSet | None:
    """Return a port or a range of ports, by number or IANA name; None if it is neither."""
    if found := _PORT.fullmatch(text):
        low, high = int(found[1]), int(found[2] or found[1])
        return IntervalSet(((low, high),)) if low <= high <= 0xFFFF else None
    number = _tables()["ports"].get(text.lower())
    return IntervalSet.points([number]) if number is not None else None


def icmp_type(text: str) -> IntervalSet | None:
    """Return the packets of an ICMP type, or of a type and code (``3/4``), as type * 256 + code."""
    found = _TYPE.fullmatch(text)
    if found is None or int(found[1]) > 255 or int(found[2] or 0) > 255:
        return None
    low = int(found[1]) * 256 + int(found[2] or 0)
    return IntervalSet(((low, low if found[2] else low + 255),))


def service(text: str, origin: Origin) -> Service | None:
    """Return ``tcp/443``, ``443/tcp``, ``udp/1024-2048``, ``icmp/8``, ``gre``; None for anything else."""
    first, slash, rest = text.partition("/")
    own = protocol(first)
    if own is not None and not first.isdecimal():
        return _service(text, own, rest, origin) if slash else Service(text, origin, own)
    start, _, last = text.rpartition("/")
    own = protocol(last) if start else None
    if own is not None and not last.isdecimal():
        return _service(text, own, start, origin)
    return None


def _service(text: str, own: IntervalSet, rest: str, origin: Origin) -> Service | None:
    if own in (IntervalSet.points([1]), IntervalSet.points([58])):
        types = icmp_type(rest)
        return Service(text, origin, own, icmp=types) if types is not None else None
    values = port(rest) if own <= WITH_PORTS else None
    return Service(text, origin, own, destination_ports=values) if values is not None else None


def named_service(text: str) -> tuple[str, ...] | None:
    """Return what the name of a usual service stands for, or None."""
    found = _tables()["services"].get(text.lower())
    return tuple(found) if found is not None else None
