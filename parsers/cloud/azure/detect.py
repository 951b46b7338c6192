"""How strongly a text looks like an export of Azure Resource Manager."""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.json_text import json_head

_SIGNS = (
    (60, re.compile(r'"type"\s*:\s*"Microsoft\.\w+/', re.IGNORECASE)),
    (60, re.compile(r'"(?:default)?securityRules"\s*:', re.IGNORECASE)),
    (60, re.compile(r'"(?:source|destination)(?:AddressPrefix|PortRange)(?:es|s)?"\s*:', re.IGNORECASE)),
    (40, re.compile(r"schema\.management\.azure\.com")),
    (30, re.compile(r"/providers/Microsoft\.\w+/", re.IGNORECASE)),
)


def score(config: ConfigText) -> int:
    """Return 0 (not Azure) to 95 (certainly)."""
    head = json_head(config)
    if not head:
        return 0
    points = sum(weight for weight, sign in _SIGNS if sign.search(head))
    return min(95, points) if points >= 30 else 0
