"""How strongly a text looks like Check Point's management API, or like a Gaia configuration."""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.json_text import json_head

_SIGNS = (
    (60, re.compile(r'"type"\s*:\s*"(?:access|nat|threat|https)-(?:rule|section)"')),
    (40, re.compile(r'"domain-type"\s*:')),
    (40, re.compile(r'"objects-dictionary"\s*:')),
    (40, re.compile(r'"(?:source|destination|service)-negate"\s*:')),
    (40, re.compile(r'"(?:implicit-cleanup-action|access-layers?|inline-layer|installation-targets)"\s*:')),
    (40, re.compile(r"97aeb369-9aea-11d5-bd16-0090272ccb30|41e821a0-3720-11e3-aa6e-0800200c9fde")),
    (40, re.compile(r'"code"\s*:\s*"(?:generic_)?err(?:or)?_\w+"')),
    (30, re.compile(r'"rulebase"\s*:\s*\[')),
    (30, re.compile(r'"type"\s*:\s*"(?:service-(?:tcp|udp|icmp6?|other|group|dce-rpc)|application-site\S*)"')),
    (20, re.compile(r'"(?:meta-info|ipv4-address|subnet4|mask-length4)"\s*:')),
    (20, re.compile(r'"uid"\s*:\s*"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-')),
)
_EMPTY = re.compile(r'\{\s*"objects"\s*:\s*\[\s*\]\s*(?:,\s*"(?:from|to|total)"\s*:\s*\d+\s*)+\}\s*')
_EMPTY_SCORE = 50
_ERROR = re.compile(r'\{\s*"code"\s*:\s*"(?:generic_)?(?:err|error|warning)(?:_\w+)?",\s*"message"\s*:')
_ERROR_SCORE = 60

_GAIA = (
    (50, re.compile(r"set interface \S+ (?:state|ipv4-address|link-speed|auto-negotiation|mtu|comments)\b")),
    (
        30,
        re.compile(
            r"(?:set|add) (?:hostname|installer|aaa|rba|clienv|management interface|ntp|snmp|dns|domainname) ?\S*"
        ),
    ),
    (30, re.compile(r"# Language version: ")),
    (10, re.compile(r"# Configuration of ")),
)
_FOREIGN = re.compile(
    r"set (?:system|interfaces|version|deviceconfig|network|mgt-config|security|policy-options) |/ip |\*\w+$"
)
_LINES_READ = 400


def score(config: ConfigText) -> int:
    """Return 0 (not Check Point) to 100 (certainly)."""
    head = json_head(config)
    if not head:
        return 60 + 25 * (_points(config) > 90) if _points(config) >= 60 else 0
    if _EMPTY.fullmatch(head):
        return _EMPTY_SCORE
    if _ERROR.match(head):
        return _ERROR_SCORE
    points = sum(weight for weight, sign in _SIGNS if sign.search(head))
    return min(98, points) if points >= 40 else 0


def is_gaia(config: ConfigText) -> bool:
    """Return whether a text is a Gaia configuration and not JSON."""
    return not json_head(config) and _points(config) >= 60


def _points(config: ConfigText) -> int:
    found: set[int] = set()
    for line in config.lines[:_LINES_READ]:
        head = line[:200]
        if _FOREIGN.match(head):
            return 0
        found |= {at for at, (_, sign) in enumerate(_GAIA) if at not in found and sign.match(head)}
    return sum(_GAIA[at][0] for at in found)
