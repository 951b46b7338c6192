"""How strongly a text looks like rules of pf."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES_READ = 3_000
"""Detection looks at this many lines from the start, and from each at the first 200 characters."""

_NEXT = r"(?:in|out|quick|log|all|on|inet6?|proto|from|to|drop|return\S*|flags|tag|keep|no)\b"
_SIGNS = (
    (60, re.compile(rf"(?:@\d+(?:\(\d+\))? )?(?:pass|block)\s+(?:{_NEXT}|\(|\{{)")),
    (60, re.compile(r"block\s*$")),
    (60, re.compile(r"match\s+(?:in|out|log|on|inet6?|proto|from|to)\s")),
    (60, re.compile(r"(?:antispoof\s+(?:log\s+|quick\s+)*for\s|set\s+skip\s+on\s|scrub\s+(?:in|out|on|all)\b)")),
    (60, re.compile(r"\s*(?:@\d+ )?(?:no\s+)?(?:nat|rdr|binat)\s+(?:pass\s+)?(?:log\s+)?on\s+.*->")),
    (60, re.compile(r"\s*table\s*<[\w.-]+>\s*(?:persist|const|counters|file|\{|$)")),
    (20, re.compile(r'\s*\w+\s*=\s*"')),
    (20, re.compile(r'\s*(?:nat-|rdr-|binat-|load )?anchor\s+"')),
    (20, re.compile(r"\s*set\s+(?:block-policy|state-policy|optimization|loginterface|ruleset-optimization|limit)\s")),
)
_STRONG = 60


def score(lines: Iterable[str]) -> int:
    """Return 0 (not pf) to 95 (certainly)."""
    found: set[int] = set()
    for number, line in enumerate(lines):
        if number >= LINES_READ:
            break
        head = line[:200]
        found |= {sign for sign, (_, pattern) in enumerate(_SIGNS) if sign not in found and pattern.match(head)}
    points = sum(_SIGNS[sign][0] for sign in found)
    if not any(_SIGNS[sign][0] >= _STRONG for sign in found):
        return 0
    return min(95, points + 5)
