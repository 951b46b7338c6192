"""Names (interfaces, zones, applications …) as integers, so that they live in interval sets.

A name becomes the integer of its UTF-8 bytes, padded with zero bytes to :data:`NAME_BYTES`.
That keeps lexicographic order, so all names with a common prefix form one interval, and
complements, unions and intersections of name sets are ordinary interval arithmetic.
"""

from __future__ import annotations

from hashlib import blake2b

from rulecheck.model.intervals import IntervalSet

NAME_BYTES = 64
"""Longest name kept literally; the tail of a longer one is replaced by its digest."""

NAME_MAX = (1 << (8 * NAME_BYTES)) - 1
_DIGEST_BYTES = 16


def _name_bytes(name: str) -> bytes:
    raw = name.encode("utf-8", "surrogatepass").replace(b"\0", b"\x01")
    if len(raw) <= NAME_BYTES:
        return raw
    digest = blake2b(raw, digest_size=_DIGEST_BYTES).hexdigest().encode()[: 2 * _DIGEST_BYTES]
    return raw[: NAME_BYTES - len(digest)] + digest


def encode_name(name: str) -> int:
    """Return the integer that stands for ``name``."""
    return int.from_bytes(_name_bytes(name).ljust(NAME_BYTES, b"\0"), "big")


def decode_name(value: int) -> str:
    """Return the name for which ``value`` stands (inverse of :func:`encode_name`)."""
    return value.to_bytes(NAME_BYTES, "big").rstrip(b"\0").decode("utf-8", "replace")


def name_set(*names: str) -> IntervalSet:
    """Return the set of exactly these names."""
    return IntervalSet.points(encode_name(name) for name in names)


def prefix_set(prefix: str) -> IntervalSet:
    """Return the set of all names that start with ``prefix`` (``eth+`` in iptables)."""
    raw = _name_bytes(prefix)
    low = int.from_bytes(raw.ljust(NAME_BYTES, b"\0"), "big")
    high = int.from_bytes(raw.ljust(NAME_BYTES, b"\xff"), "big")
    return IntervalSet(((low, high),))


def pick_name(allowed: IntervalSet) -> str:
    """Return a readable member of a non-empty set of names."""
    for candidate in ("other", "other0", "x0"):
        if encode_name(candidate) in allowed:
            return candidate
    for low, high in allowed:
        stem = decode_name(low)
        for candidate in (stem, f"{stem}0", f"{stem}x"):
            if candidate.isprintable() and candidate and low <= encode_name(candidate) <= high:
                return candidate
    return f"name#{allowed.lowest:x}"[:24]
