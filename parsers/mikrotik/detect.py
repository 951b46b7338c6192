"""How strongly a text looks like a RouterOS export, or like a listing of one that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES_READ = 5_000
"""Detection looks at this many lines from the start, and from each at the first 200 characters."""

_PROMPT = r"(?:\[[^\]\s]+@[^\]]+\] [^>]{0,60}> ?)?"
_HEADER = re.compile(r"# .{0,60}\bby RouterOS \d|# software id = ")
_MENUS = (
    r"(?:ip(?:v6)?[ /](?:firewall|address|dhcp-client|dhcp-server|dns|route|service|pool|ssh)|interface[ /]\S|"
    r"system[ /](?:identity|clock|note|ntp|logging)|routing[ /]\S|tool[ /]\S)"
)
_SIGNS = (
    (45, re.compile(rf"{_PROMPT}/ip(?:v6)?[ /]firewall[ /](?:filter|nat|mangle|raw|address-list)\b")),
    (25, re.compile(rf"{_PROMPT}/{_MENUS}")),
    (35, re.compile(r"(?:/\S.{0,60} )?add (?:.* )?(?:action=\S+ (?:.* )?chain=|chain=\S+ (?:.* )?action=)")),
    (25, re.compile(r"set \[ ?find ")),
    (15, re.compile(r"add (?:[a-z][\w-]*=)")),
    (10, re.compile(r"set [a-z][\w-]*=")),
)
_LISTING = (
    re.compile(r"Flags: X - disabled, I - invalid"),
    re.compile(r"\s*\d+\s+(?:[XID]+\s+)*(?:list=\S+ address=\S|chain=\S+ action=|protocol=\S+ src-address=)"),
    re.compile(r"\s*\d+\s+(?:[A-Z]\S*\s+)+protocol=\S+ src-address=\S+ .*reply-"),
    re.compile(r"\s+chain=\S+ action=\S"),
)


def score(lines: Iterable[str]) -> int:
    """Return 0 (not RouterOS) to 100 (certainly)."""
    found: set[int] = set()
    header = listing = False
    for number, line in enumerate(lines):
        if number >= LINES_READ:
            break
        head = line[:200]
        header = header or bool(_HEADER.match(head))
        listing = listing or any(pattern.match(head) for pattern in _LISTING)
        found |= {sign for sign, (_, pattern) in enumerate(_SIGNS) if sign not in found and pattern.match(head)}
    if found & {0, 1} or (found & {2, 3} and found):
        return min(95, sum(_SIGNS[sign][0] for sign in found) + 30 * header + 15)
    return 40 if listing else 30 * header


def is_listing(lines: Iterable[str]) -> bool:
    """Return whether the text is the output of ``print``."""
    return any(pattern.match(line[:200]) for line in lines for pattern in _LISTING)
