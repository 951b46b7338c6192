"""Bit-field expressions of ``tcp-flags``: ``"syn & !ack"``, ``"(fin | rst)"``, ``0x02``, ``tcp-initial``.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapter "Firewall Filter Match
Conditions Based on Bit-Field Values": ``!`` binds tightest, then ``&`` or ``+``, then ``|`` or ``,``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rulecheck.model.intervals import IntervalSet

_BITS = {"fin": 1, "syn": 2, "rst": 4, "push": 8, "psh": 8, "ack": 16, "urgent": 32, "urg": 32}
_TOKEN = re.compile(r"\s*(?:(?P<sign>[()!&+|,])|(?P<word>[A-Za-z][\w-]*|0[xX][0-9A-Fa-f]{1,2}|\d{1,3}))")
_RANK = {"!": 3, "&": 2, "+": 2, "|": 1, ",": 1}
_ALL = (1 << 256) - 1
MOST_TOKENS = 200


def tcp_flags(text: str) -> IntervalSet | None:
    """Return the flag bytes that an expression accepts, or None where it is not understood."""
    words = _tokens(text)
    if not words or len(words) > MOST_TOKENS:
        return None
    machine = _Machine()
    if not all(machine.accept(word) for word in words) or machine.wants_value or not machine.reduce(0):
        return None
    if machine.signs or len(machine.values) != 1:
        return None
    return IntervalSet.points(byte for byte in range(256) if machine.values[0] >> byte & 1)


@dataclass(slots=True)
class _Machine:
    """Two stacks for operator precedence; a value is the set of flag bytes, one bit for each."""

    values: list[int] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    wants_value: bool = True

    def accept(self, word: str) -> bool:
        """Take one word; return whether it can stand here."""
        if word in ("!", "("):
            self.signs.append(word)
            return self.wants_value
        if word == ")":
            return not self.wants_value and self.reduce(0) and bool(self.signs) and self.signs.pop() == "("
        if word in _RANK:
            ready = not self.wants_value and self.reduce(_RANK[word])
            self.signs.append(word)
            self.wants_value = True
            return ready
        value = _value(word)
        ready = value is not None and self.wants_value
        self.values.append(value or 0)
        self.wants_value = False
        return ready

    def reduce(self, rank: int) -> bool:
        """Apply the operators on the stack that bind at least as tightly as ``rank``."""
        while self.signs and self.signs[-1] != "(" and _RANK[self.signs[-1]] >= max(rank, 1):
            sign = self.signs.pop()
            if len(self.values) < (1 if sign == "!" else 2):
                return False
            right = self.values.pop()
            if sign == "!":
                self.values.append(~right & _ALL)
            else:
                left = self.values.pop()
                self.values.append(left & right if sign in "&+" else left | right)
        return True


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
