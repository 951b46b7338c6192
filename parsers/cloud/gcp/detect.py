"""How strongly a text looks like firewall rules of Google Cloud."""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.json_text import json_head

_SIGNS = (
    (60, re.compile(r'"compute#(?:firewall|effective|network)\w*"')),
    (50, re.compile(r'"(?:IPProtocol|layer4Configs|firewallPolicys)"\s*:')),
    (30, re.compile(r'"(?:sourceRanges|targetTags|sourceTags|targetServiceAccounts|srcIpRanges|destIpRanges)"\s*:')),
    (20, re.compile(r'"direction"\s*:\s*"(?:INGRESS|EGRESS)"')),
    (10, re.compile(r'"(?:allowed|denied)"\s*:\s*\[')),
)


def score(config: ConfigText) -> int:
    """Return 0 (not Google Cloud) to 95 (certainly)."""
    head = json_head(config)
    if not head:
        return 0
    points = sum(weight for weight, sign in _SIGNS if sign.search(head))
    return min(95, points) if points >= 50 else 0
