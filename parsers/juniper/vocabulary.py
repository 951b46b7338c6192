"""Names in Junos configurations and the numbers that they stand for; the tables are data, with their sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rulecheck.model.intervals import IntervalSet

ICMP, TCP, UDP, ICMP6, SCTP = 1, 6, 17, 58, 132
WITH_PORTS = IntervalSet.points((TCP, UDP, 33, SCTP, 136))
"""Protocols that carry ports: TCP, UDP, DCCP, SCTP and UDP-Lite."""

TCP_OR_UDP = IntervalSet.points((TCP, UDP))


@cache
def table(name: str, file: str = "vocabulary.toml") -> Mapping[str, Any]:
    """Return one table of a data file."""
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    found: Mapping[str, Any] = tomllib.loads(text)[name]
    return found


def number(word: str, highest: int) -> int | None:
    """Return a decimal or hexadecimal number from 0 to ``highest``, or None."""
    if word.isascii() and word.isdecimal() and len(word) <= 10:
        value = int(word)
    elif word[:2] in ("0x", "0X") and 2 < len(word) <= 12 and all(c in "0123456789abcdefABCDEF" for c in word[2:]):
        value = int(word[2:], 16)
    else:
        return None
    return value if value <= highest else None


def named(names: Mapping[str, int], word: str, highest: int) -> int | None:
    """Return a number as written or the one that a name stands for, or None."""
    value = number(word, highest)
    return names.get(word, names.get(word.lower())) if value is None else value


def span(names: Mapping[str, int], word: str, highest: int) -> IntervalSet | None:
    """Return the values of ``80``, ``http``, ``1024-65535``; None for anything else or an upside-down range."""
    single = named(names, word, highest)
    if single is not None:
        return IntervalSet(((single, single),))
    for at in (place for place, sign in enumerate(word) if sign == "-"):
        low, high = named(names, word[:at], highest), named(names, word[at + 1 :], highest)
        if low is not None and high is not None:
            return IntervalSet(((low, high),)) if low <= high else None
        if at > 40:
            break
    return None


def protocols(word: str) -> IntervalSet | None:
    """Return the IP protocols of a name, number or range."""
    return span(table("protocols"), word, 255)


def ports(word: str) -> IntervalSet | None:
    """Return the ports of a name, number or range."""
    return span(table("ports"), word, 65535)


def icmp_values(types: IntervalSet | None, codes: IntervalSet | None) -> IntervalSet | None:
    """Return the values of the ICMP field for sets of types and codes; None where both are unrestricted."""
    if types is None and codes is None:
        return None
    every = IntervalSet(((0, 255),))
    types, codes = (every if types is None else types), (every if codes is None else codes)
    if codes == every:
        return IntervalSet.merged((low * 256, high * 256 + 255) for low, high in types)
    return IntervalSet.merged(
        (kind * 256 + low, kind * 256 + high)
        for first, last in types
        for kind in range(first, last + 1)
        for low, high in codes
    )
