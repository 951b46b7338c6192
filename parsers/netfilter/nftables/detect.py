"""Recognises rule sets of nftables."""

from __future__ import annotations

import re

from parsers.base import ConfigText

_SAMPLE = 5_000
_WIDTH = 400

_TABLE = re.compile(r"\s*(?:add\s+|create\s+)?table\s+(?:(?:ip6?|inet|arp|bridge|netdev)\s+)?[\w.\-/]+\s*(?:\{.*)?\Z")
_HOOK = re.compile(r"\s*(?:chain\s+\S+\s*\{\s*)?type\s+(?:filter|nat|route)\s+hook\s+\w+\s")
_CHAIN = re.compile(r"\s*chain\s+[\w.\-/]+\s*\{")
_COMMAND = re.compile(
    r"\s*(?:sudo\s+)?(?:\S*/)?(?:nft\s+)?(?:add|insert|create)\s+(?:rule|chain|set|element|map)\s+"
    r"(?:ip6?|inet|arp|bridge|netdev)\s+\S+\s+\S"
)
_SHEBANG = re.compile(r"#!\s*/\S*/nft\b|#!\s*/usr/bin/env\s.*\bnft\b")
_FLUSH = re.compile(r"\s*(?:\S*/)?(?:nft\s+)?flush\s+ruleset\b")
_INCLUDE = re.compile(r"\s*include\s+\"[^\"]*\.nft\"")
_CLAUSE = re.compile(
    r"\s+(?:ct\s+state|iifname|oifname|ip6?\s+[sd]addr|(?:tcp|udp)\s+[ds]port|meta\s+l4proto|counter\s+packets)\s.*"
    r"\b(?:accept|drop|reject|jump|goto|return|masquerade)\b"
)
_JSON = re.compile(r'"nftables"\s*:\s*\[')


def score(config: ConfigText) -> int:
    """Return how strongly the content looks like nftables: 0 not at all, 100 certainly."""
    lines = config.lines[:_SAMPLE]
    if _is_json(lines):
        return 95
    found = {
        60: _TABLE,
        45: _HOOK,
        40: _COMMAND,
        30: _FLUSH,
        20: _CHAIN,
        25: _SHEBANG,
        15: _CLAUSE,
        10: _INCLUDE,
    }
    seen = dict.fromkeys(found, False)
    for line in lines:
        head = line[:_WIDTH]
        if not head or head.isspace():
            continue
        for points, pattern in found.items():
            if not seen[points] and pattern.match(head):
                seen[points] = True
    total = sum(points for points, hit in seen.items() if hit)
    if seen[60] and total == 60 and not _table_with_family(lines):
        total = 0
    return min(total, 95)


def _table_with_family(lines: tuple[str, ...]) -> bool:
    return any(re.match(r"\s*(?:add\s+)?table\s+(?:ip6?|inet|arp|bridge|netdev)\s+\S", line[:_WIDTH]) for line in lines)


def _is_json(lines: tuple[str, ...]) -> bool:
    """Return whether the text is JSON with the key of libnftables at its beginning."""
    head = "\n".join(line[:_WIDTH] for line in lines[:20]).lstrip()
    return head.startswith("{") and bool(_JSON.search(head[:2000]))
