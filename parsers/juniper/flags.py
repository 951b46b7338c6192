"""Bit-field expressions of ``tcp-flags``: ``"syn & !ack"``, ``"(fin | rst)"``, ``0x02``, ``tcp-initial``.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapter "Firewall Filter Match
Conditions Based on Bit-Field Values": ``!`` binds tightest, then ``&`` or ``+``, then ``|`` or ``,``.
"""

from __future__ import annotations

import re

from rulecheck.model.intervals import IntervalSet

_BITS = {"fin": 1, "syn": 2, "rst": 4, "push": 8, "psh": 8, "ack": 16, "urgent": 32, "urg": 32}
_TOKEN = re.compile(r"\s*(?:(?P<sign>[()!&+|,])|(?P<word>[A-Za-z][\w-]*|0[xX][0-9A-Fa-f]{1,2}|\d{1,3}))")
_RANK = {"!": 3, "&": 2, "+": 2, "|": 1, ",": 1}
_ALL = (1 << 256) - 1
MOST_TOKENS = 200


def tcp_flags(text: str) -> IntervalSet | None:
    """Return the flag bytes that an expression accepts, or None where it is not understood."""
    tokens = _tokens(text)
    if not tokens or len(tokens) > MOST_TOKENS:
        return None
    values: list[int] = []
    signs: list[str] = []
    expect_value = True
    for token in tokens:
        if token in ("!", "("):
            if not expect_value:
                return None
            signs.append(token)
        elif token == ")":
            if expect_value or not _reduce(values, signs, 0) or not signs or signs.pop() != "(":
                return None
        elif token in _RANK:
            if expect_value or not _reduce(values, signs, _RANK[token]):
                return None
            signs.append(token)
            expect_value = True
        else:
            value = _value(token)
            if value is None or not expect_value:
                return None
            values.append(value)
            expect_value = False
    if expect_value or not _reduce(values, signs, 0) or signs or len(values) != 1:
        return None
    return IntervalSet.points(byte for byte in range(256) if values[0] >> byte & 1)


def _tokens(text: str) -> list[str] | None:
    found, position = [], 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        found.append(match["sign"] or match["word"])
        position = match.end()
    return found


def _value(token: str) -> int | None:
    """Return the set of flag bytes with a flag, as one bit for each byte."""
    name = token.lower()
    if name == "tcp-established":
        return _with_bits(16) | _with_bits(4)
    if name == "tcp-initial":
        return _with_bits(2) & ~_with_bits(16) & _ALL
    if name in _BITS:
        return _with_bits(_BITS[name])
    number = int(name, 16) if name.startswith("0x") else int(name) if name.isdecimal() else 256
    return _with_bits(number) if number < 256 else None


def _with_bits(bits: int) -> int:
    return sum(1 << byte for byte in range(256) if byte & bits == bits)


def _reduce(values: list[int], signs: list[str], rank: int) -> bool:
    """Apply the operators on the stack that bind at least as tightly as ``rank``."""
    while signs and signs[-1] != "(" and _RANK[signs[-1]] >= max(rank, 1):
        sign = signs.pop()
        if len(values) < (1 if sign == "!" else 2):
            return False
        right = values.pop()
        if sign == "!":
            values.append(~right & _ALL)
        else:
            left = values.pop()
            values.append(left & right if sign in "&+" else left | right)
    return True
