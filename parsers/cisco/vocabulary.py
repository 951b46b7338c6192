"""Names in Cisco access lists and the numbers that they stand for.

The tables are data, in ``vocabulary.toml`` beside this module, with their sources. Every look-up takes a
name or a decimal number and answers None for a word that is neither, so that a parser can say which word
it did not understand instead of guessing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rulecheck.model.fields import PORT_ALL
from rulecheck.model.intervals import EMPTY, IntervalSet

TCP, UDP, SCTP, ICMP, ICMP6, IGMP = 6, 17, 132, 1, 58, 2
PORT_MAX = 65535

WITH_PORTS = frozenset({TCP, UDP, SCTP})
"""Protocols whose access list entries can name ports."""

ANY_PROTOCOL = frozenset({"ip", "ipv6"})
"""Protocol words that stand for every protocol."""

PORT_OPERATORS = frozenset({"eq", "neq", "gt", "lt", "range"})


@cache
def _tables() -> Mapping[str, Any]:
    source = files(__package__).joinpath("vocabulary.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _number(word: str, highest: int) -> int | None:
    if word.isascii() and word.isdecimal() and len(word) <= 9:
        value = int(word)
        return value if value <= highest else None
    return None


def _named(table: Mapping[str, int], word: str, highest: int) -> int | None:
    value = _number(word, highest)
    return table.get(word.lower()) if value is None else value


def is_number(word: str) -> bool:
    """Return whether ``word`` consists of ASCII digits only."""
    return word.isascii() and word.isdecimal()


def protocol_number(word: str) -> int | None:
    """Return the IP protocol (0 to 255) of a name or number; None if unknown or out of range.

    Words that mean every protocol (:data:`ANY_PROTOCOL`) have no number: test for them first.
    """
    return _named(_tables()["protocols"], word, 255)


def port_number(word: str, protocol: int | None = None) -> int | None:
    """Return the port of a name or number, or None.

    ``protocol`` TCP or UDP restricts the names to those of that protocol first; a name that only the other
    protocol has is still understood, because its number is not in doubt. Without a protocol a name that
    means different ports for TCP and UDP is None.
    """
    value = _number(word, PORT_MAX)
    if value is not None:
        return value
    name, tables = word.lower(), _tables()["ports"]
    found: dict[str, int] = {key: table[name] for key, table in tables.items() if name in table}
    preferred = {TCP: "tcp", UDP: "udp"}.get(protocol or 0)
    if preferred in found:
        return found[preferred]
    return found.popitem()[1] if len(set(found.values())) == 1 else None


def port_set(operator: str, ports: Iterable[int]) -> IntervalSet:
    """Return the ports that an operator selects: ``eq`` and ``neq`` take any number, ``range`` two.

    A range given upside down is read in ascending order, as IOS stores it.

    Raises:
        ValueError: the operator is not in :data:`PORT_OPERATORS`, or has the wrong number of ports.
    """
    values = list(ports)
    if not values or (operator in ("gt", "lt") and len(values) != 1) or (operator == "range" and len(values) != 2):
        raise ValueError(f"{operator} does not take {len(values)} ports")
    if operator == "eq":
        return IntervalSet.points(values)
    if operator == "neq":
        return PORT_ALL - IntervalSet.points(values)
    if operator == "gt":
        return IntervalSet.of((values[0] + 1, PORT_MAX)) if values[0] < PORT_MAX else EMPTY
    if operator == "lt":
        return IntervalSet.of((0, values[0] - 1)) if values[0] > 0 else EMPTY
    if operator == "range":
        return IntervalSet.of((min(values), max(values)))
    raise ValueError(f"{operator} is not a port operator")


def icmp_message(word: str, family: int = 4) -> tuple[int, int | None] | None:
    """Return (type, code) of an ICMP message name; the code is None where the name means every code.

    ``family`` 6 looks among the ICMPv6 names. Numbers are not accepted here: a number is a type alone.
    """
    found = _tables()["icmp6" if family == 6 else "icmp"].get(word.lower())
    if found is None:
        return None
    return found[0], found[1] if len(found) > 1 else None


def icmp_set(kind: int, code: int | None = None) -> IntervalSet:
    """Return the values of the ICMP field for a type and a code (None: every code)."""
    if code is None:
        return IntervalSet.of((kind * 256, kind * 256 + 255))
    return IntervalSet.of((kind * 256 + code, kind * 256 + code))


def dscp_set(word: str) -> IntervalSet | None:
    """Return the TOS bytes whose DSCP (upper six bits) is the name or number ``word`` (0 to 63)."""
    value = _named(_tables()["dscp"], word, 63)
    return None if value is None else IntervalSet.of((value << 2, (value << 2) + 3))


def precedence_set(word: str) -> IntervalSet | None:
    """Return the TOS bytes whose precedence (upper three bits) is the name or number ``word`` (0 to 7)."""
    value = _named(_tables()["precedence"], word, 7)
    return None if value is None else IntervalSet.of((value << 5, (value << 5) + 31))


def tos_set(word: str) -> IntervalSet | None:
    """Return the TOS bytes whose four type-of-service bits are the name or number ``word`` (0 to 15)."""
    value = _named(_tables()["tos"], word, 15)
    return None if value is None else IntervalSet.points(b for b in range(256) if (b >> 1) & 15 == value)


def inspected_services(word: str) -> tuple[tuple[int, int | None], ...] | None:
    """Return the (protocol, port) pairs of a ``match protocol`` word; a port of None means every port.

    None for a protocol without one fixed set of ports.
    """
    found = _tables()["inspect"].get(word.lower())
    return None if found is None else tuple(_inspected(text) for text in found)


def _inspected(text: str) -> tuple[int, int | None]:
    protocol, _, port = text.partition("/")
    return int(_tables()["protocols"][protocol]), int(port) if port else None
