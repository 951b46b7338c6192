"""Values of pf rules as sets: addresses, ports, protocols, ICMP types and flags.

Every function raises ``ValueError`` with a message for people when the value is malformed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_network

from parsers.bsd.names import CLASSES, ICMP6_CODES, ICMP6_TYPES, ICMP_CODES, ICMP_TYPES
from parsers.netfilter.names import DSCP_CLASSES, PROTOCOLS, SERVICES
from rulecheck.model.fields import IPV6_BASE, PORT_ALL, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set, prefix_set

_SHORT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,3})(?:/(\d{1,2}))?\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}\Z", re.ASCII)
_INTERFACE = re.compile(r"[A-Za-z][\w.-]*\Z", re.ASCII)
_PROTOCOLS = {"icmp6": 58, "ipv6-icmp": 58, "carp": 112, "pfsync": 240}
"""Protocol names of the BSDs besides those of IANA (/etc/protocols of FreeBSD)."""

_FLAG_BITS = {letter: 1 << bit for bit, letter in enumerate("FSRPAUEW")}
_TOS = {"lowdelay": 0x10, "throughput": 0x08, "reliability": 0x04, "critical": 0xA0, "inetcontrol": 0xC0,
        "netcontrol": 0xE0}  # fmt: skip
_COMPARED = frozenset({"=", "!=", "<", "<=", ">", ">="})


def whole(text: str, most: int, what: str) -> int:
    """Return a number from 0 to ``most``."""
    if not _NUMBER.match(text) or int(text) > most:
        raise ValueError(f"{text[:40]!r} is not a {what}")
    return int(text)


@lru_cache(maxsize=65_536)
def network(text: str) -> IntervalSet | None:
    """Return an address or network, also shortened (``10/8``); None for what is not meant as one."""
    short = _SHORT.match(text)
    if short and (short.group(2) or short.group(1).count(".") == 3):
        text = (
            short.group(1) + ".0" * (3 - short.group(1).count(".")) + (f"/{short.group(2)}" if short.group(2) else "")
        )
    elif ":" not in text or not re.match(r"[0-9A-Fa-f:.]+(?:%[\w.]+)?(?:/\d+)?\Z", text):
        return None
    try:
        found = ip_network(re.sub(r"%[\w.]+", "", text), strict=False)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not an address or network") from None
    base = IPV6_BASE if found.version == 6 else 0
    return IntervalSet(((base + int(found.network_address), base + int(found.broadcast_address)),))


def address_range(first: str, last: str) -> IntervalSet:
    """Return the addresses from ``first`` to ``last``."""
    low, high = network(first), network(last)
    if low is None or high is None or low.lowest > high.lowest or (low.lowest < IPV6_BASE) != (high.lowest < IPV6_BASE):
        raise ValueError(f"{first[:40]} - {last[:40]} is not a range of addresses")
    return IntervalSet(((low.lowest, high.intervals[-1][1]),))


@lru_cache(maxsize=4096)
def port(text: str) -> int:
    """Return a port by number or by name."""
    known = SERVICES.get(text.lower())
    return known if known is not None else whole(text, 0xFFFF, "port")


def ports(words: tuple[str, ...]) -> IntervalSet:
    """Return the ports of ``80``, ``80:90``, ``:80``, ``> 1023``, ``!= 22``, ``1 >< 5`` or ``1 <> 5``."""
    if len(words) == 3 and words[1] in ("><", "<>", ":"):
        low, high = port(words[0]), port(words[2])
        if words[1] == ":":
            return _span(low, high)
        inner = _span(low + 1, high - 1) if low + 1 < high else IntervalSet()
        return inner if words[1] == "><" else _span(0, low - 1) | _span(high + 1, 0xFFFF)
    if len(words) == 2 and words[0] in _COMPARED:
        return _compared(words[0], port(words[1]))
    if len(words) != 1:
        raise ValueError(f"{' '.join(words)[:60]!r} is not a port")
    first, colon, last = words[0].partition(":")
    if not colon:
        return _span(port(first), port(first))
    low, high = port(first) if first else 0, port(last) if last else 0xFFFF
    if low > high:
        raise ValueError(f"the port range {words[0][:40]!r} is upside down")
    return _span(low, high)


def _compared(sign: str, value: int) -> IntervalSet:
    match sign:
        case "=":
            return _span(value, value)
        case "!=":
            return PORT_ALL - _span(value, value)
        case "<":
            return _span(0, value - 1)
        case "<=":
            return _span(0, value)
        case ">":
            return _span(value + 1, 0xFFFF)
        case _:
            return _span(value, 0xFFFF)


def _span(low: int, high: int) -> IntervalSet:
    return IntervalSet(((low, high),)) if low <= high else IntervalSet()


@lru_cache(maxsize=1024)
def protocol(text: str) -> int:
    """Return a protocol number by number or by name."""
    name = text.lower()
    known = _PROTOCOLS.get(name, PROTOCOLS.get(name))
    return known if known is not None else whole(text, 255, "protocol")


def icmp(kind: str, code: str, family: int) -> IntervalSet:
    """Return ICMP types and codes of one family (4 or 6) as ``type * 256 + code``."""
    types, codes = (ICMP_TYPES, ICMP_CODES) if family == 4 else (ICMP6_TYPES, ICMP6_CODES)
    number = types.get(kind)
    number = whole(kind, 255, "ICMP type") if number is None else number
    if not code:
        return _span(number * 256, number * 256 + 255)
    value = codes.get(number, {}).get(code)
    value = whole(code, 255, "ICMP code") if value is None else value
    return _span(number * 256 + value, number * 256 + value)


def flags(text: str) -> IntervalSet | None:
    """Return the TCP flag bytes of ``S/SA``, ``/SFRA`` or ``any`` (None)."""
    if text == "any":
        return None
    wanted, slash, mask = text.partition("/")
    try:
        bits = [sum({_FLAG_BITS[letter] for letter in part}) for part in (wanted, mask or "FSRPAUEW")]
    except KeyError:
        raise ValueError(f"{text[:20]!r} are no TCP flags") from None
    if not slash:
        raise ValueError(f"{text[:20]!r} are no TCP flags")
    return tcp_flag_values(bits[1], bits[0])


def tos(text: str) -> IntervalSet:
    """Return the TOS byte of a number or a name."""
    known = _TOS.get(text.lower())
    if known is None and text.upper() in DSCP_CLASSES:
        known = DSCP_CLASSES[text.upper()] << 2
    if known is None:
        known = int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,2}", text) else whole(text, 255, "TOS")
    return _span(known, known)


def interface(text: str) -> IntervalSet | None:
    """Return the interfaces of a name: one, or all of a class (``lo``); None for a group with members not known."""
    if not _INTERFACE.match(text):
        raise ValueError(f"{text[:40]!r} is not an interface")
    if text in CLASSES:
        return prefix_set(text)
    return name_set(text) if text[-1].isdigit() or "." in text else None
