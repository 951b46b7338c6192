"""How strongly a text looks like a FortiOS configuration or a capture of one."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES_READ = 5_000
"""Detection looks at this many lines from the start, and from each at the first 200 characters."""

_HEADER = re.compile(r"#config-version=(?!FPX|FWB|FAD)\S+[-: ]")
_SIGNS = (
    (
        45,
        re.compile(
            r"(?:\S+ (?:\([^()]*\) )?[#$] )?\s*config firewall [\w-]+(?: custom| group| recurring| onetime)?\s*$"
        ),
    ),
    (30, re.compile(r"(?:\S+ (?:\([^()]*\) )?[#$] )?\s*config (?:system|vpn|user|log|router|webfilter) [\w-]+.*$")),
    (30, re.compile(r"\s*config (?:vdom|global)\s*$")),
    (15, re.compile(r"\s+edit (?:\d+|\"[^\"]*\"|\S+)\s*$")),
    (10, re.compile(r"\s+next\s*$")),
    (25, re.compile(r"\s+set (?:srcintf|dstintf|srcaddr|dstaddr|logtraffic|tcp-portrange|subnet) \S")),
    (10, re.compile(r"\s+set (?:vdom|uuid|allowaccess|hostname|member|interface) \S")),
)
"""Signs of FortiOS; each counts once."""

_OTHER = re.compile(
    r"(?:set|delete) (?:deviceconfig|devices|shared|rulebase|security|firewall|interfaces|policy-options) "
    r"|hostname \S|version \d+\.\d|<\?xml|<config|\{|!$|! |ip access-list |access-list |\*filter|/ip |add action="
)
"""Lines at the left margin that other platforms have and FortiOS does not."""


def score(lines: Iterable[str]) -> int:
    """Return 0 (not FortiOS) to 100 (certainly)."""
    found: set[int] = set()
    others = 0
    closed = False
    for number, line in enumerate(lines):
        if number >= LINES_READ:
            break
        head = line[:200]
        if _HEADER.match(head):
            return 100
        closed = closed or head.strip() == "end"
        others += bool(_OTHER.match(head))
        found |= {sign for sign, (_, pattern) in enumerate(_SIGNS) if sign not in found and pattern.match(head)}
    if not found & {0, 1, 2} and not (3 in found and 5 in found):
        return 0
    points = sum(_SIGNS[sign][0] for sign in found) + 15 * closed - 10 * min(others, 6)
    return max(0, min(95, points))
