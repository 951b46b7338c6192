"""How strongly a text looks like the output of ``aws ec2 describe-…``."""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.json_text import json_head

_SIGNS = (
    (60, re.compile(r'"(?:IpPermissions(?:Egress)?|NetworkAclId|SecurityGroupRuleId)"\s*:')),
    (60, re.compile(r'"(?:SecurityGroups|NetworkAcls|SecurityGroupRules|PrefixLists|NetworkInterfaces)"\s*:\s*\[')),
    (20, re.compile(r'"(?:CidrIp|CidrIpv4|CidrBlock|UserIdGroupPairs|PrefixListIds|RuleAction|Ipv6Ranges)"\s*:')),
    (10, re.compile(r'"(?:sg|acl|vpc|pl|eni)-[0-9a-f]{8,17}"')),
)


def score(config: ConfigText) -> int:
    """Return 0 (not AWS) to 95 (certainly)."""
    head = json_head(config)
    if not head:
        return 0
    points = sum(weight for weight, sign in _SIGNS if sign.search(head))
    return min(95, points) if points >= 60 else 0
