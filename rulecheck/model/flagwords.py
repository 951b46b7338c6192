"""Sets of TCP flag bytes in words: ``SYN without FIN/RST/ACK``, as few tests as a greedy search finds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from rulecheck.model.fields import TCP_ESTABLISHED, TCP_FLAG_NAMES
from rulecheck.model.intervals import IntervalSet

_EVERY = (1 << 256) - 1


@lru_cache(maxsize=256)
def flag_tests(values: IntervalSet) -> tuple[str, ...]:
    """Return tests of flags that together hold for exactly these flag bytes; a byte may satisfy several."""
    wanted = sum(1 << byte for low, high in values for byte in range(low, high + 1))
    return tuple(_words(mask, value) for mask, value in _cover(wanted))


@lru_cache(maxsize=256)
def flag_phrase(values: IntervalSet) -> str:
    """Return flag bytes in one phrase, as an exception where that is shorter."""
    if values == TCP_ESTABLISHED:
        return "ACK or RST"
    tests = flag_tests(values)
    others = flag_tests(IntervalSet.of((0, 255)) - values)
    if 0 < len(others) < len(tests):
        return f"anything but {' or '.join(others)}"
    return " or ".join(tests)


def _cover(wanted: int) -> Iterator[tuple[int, int]]:
    """Yield tests (bits under ``mask`` equal ``value``) that hold for wanted bytes only, the widest first."""
    inside = [(mask, value, held) for mask, value, held in _tests() if not held & ~wanted]
    left = wanted
    while left:
        mask, value, held = max(inside, key=lambda one: ((one[2] & left).bit_count(), -one[0].bit_count()))
        yield mask, value
        left &= ~held


@cache
def _tests() -> tuple[tuple[int, int, int], ...]:
    """Return every test with the set of bytes for which it holds, as bits."""
    bits = [sum(1 << byte for byte in range(256) if byte >> bit & 1) for bit in range(8)]
    found = [(0, 0, _EVERY)]
    for bit, held in enumerate(bits):
        found += [
            part
            for mask, value, one in tuple(found)
            for part in ((mask | 1 << bit, value | 1 << bit, one & held), (mask | 1 << bit, value, one & ~held))
        ]
    return tuple(found)


def _words(mask: int, value: int) -> str:
    on = "+".join(name for bit, name in enumerate(TCP_FLAG_NAMES) if value >> bit & 1)
    off = "/".join(name for bit, name in enumerate(TCP_FLAG_NAMES) if mask >> bit & 1 and not value >> bit & 1)
    if mask == 0xFF:
        return f"{on} alone" if on else "no flag"
    if not mask:
        return "any flags"
    return " ".join(part for part in (on, f"without {off}" if off else "") if part)
