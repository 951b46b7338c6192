"""How strongly a text looks like a Cisco ASA configuration or access list capture."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES_READ = 20_000
"""Detection looks at this many lines from the start, and from each at the first 200 characters."""

_CERTAIN = re.compile(r"(?:ASA|PIX|FWSM) Version \S|: Hardware: +ASA|Cisco Adaptive Security Appliance")
_ASA_LINES = (
    (40, re.compile(r"access-list \S+ (?:line \d+ )?(?:extended|standard|webtype|ethertype) (?:permit|deny)\b")),
    (40, re.compile(r"\s*access-list \S+ line \d+ (?:extended |standard |remark )")),
    (30, re.compile(r"access-list \S+; \d+ elements")),
    (60, re.compile(r"object network \S")),
    (60, re.compile(r"object service \S")),
    (60, re.compile(r"access-group \S+ (?:(?:in|out) interface \S+|global)")),
    (30, re.compile(r"\s+nameif \S")),
    (20, re.compile(r"object-group (?:network|service|protocol|icmp-type|user|security) \S")),
    (15, re.compile(r"\s+security-level \d")),
    (45, re.compile(r"\s+(?:network-object|port-object|service-object|icmp-object|protocol-object) \S")),
    (15, re.compile(r"ipv6 access-list \S+ (?:line \d+ )?(?:permit|deny|remark) ")),
    (25, re.compile(r"(?:ssh|telnet|http) \d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+ [A-Za-z]\S*$")),
    (10, re.compile(r": Saved|: end|Cryptochecksum:")),
    (5, re.compile(r"names$|pager lines |same-security-traffic |threat-detection |access-list \S+ remark ")),
    (15, re.compile(r"access-list (?!\d+ )\S+ (?:permit|deny) ")),
)
_OTHER_LINES = (
    (40, re.compile(r"ip access-list (?:extended|standard|resequence) ")),
    (40, re.compile(r"\s*ip access-group \S+ (?:in|out)")),
    (40, re.compile(r"version 1[2-9]\.\d|boot-start-marker|Current configuration : \d+ bytes")),
    (40, re.compile(r"mac access-list extended |\s+(?:\d+ )?match (?:ip )?access-group ")),
    (30, re.compile(r"access-list \d+ (?:permit|deny) ")),
    (40, re.compile(r"(?:class|policy)-map type (?:control|network-qos|pbr|qos|queuing|traffic) ")),
    (30, re.compile(r"line (?:vty|con|aux) ")),
    (20, re.compile(r"feature \S|vrf (?:context|definition) |object-group ip ")),
    (20, re.compile(r"\s+(?:host|range|tcp|udp|icmp|ip) \S.* (?:\d+ )?0\.0\.0\.255")),
)
"""Signs of IOS, IOS-XE and NX-OS, whose object groups look alike; each line counts once."""


def score(lines: Iterable[str]) -> int:
    """Return 0 (not an ASA) to 100 (certainly one)."""
    asa: set[int] = set()
    other: set[int] = set()
    for number, line in enumerate(lines):
        if number >= LINES_READ:
            break
        head = line[:200]
        if _CERTAIN.match(head):
            return 100
        asa |= {sign for sign, (_, pattern) in enumerate(_ASA_LINES) if sign not in asa and pattern.match(head)}
        other |= {sign for sign, (_, pattern) in enumerate(_OTHER_LINES) if sign not in other and pattern.match(head)}
    points = sum(_ASA_LINES[sign][0] for sign in asa) - sum(_OTHER_LINES[sign][0] for sign in other)
    return max(0, min(99, points))
