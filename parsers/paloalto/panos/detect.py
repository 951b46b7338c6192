"""How strongly a text looks like a PAN-OS or Panorama configuration."""

from __future__ import annotations

import re

LINES_READ = 3_000
"""Detection looks at this many lines from the start, and from each at the first 300 characters."""

_WIDTH = 300
_LONG = 20_000
"""From a text on one long line this much is looked at."""

_XML = (
    (60, re.compile(r"<config\b[^>]*\burldb=")),
    (35, re.compile(r"<config\b[^>]*\bversion=\"\d+\.\d+\.\d+\"")),
    (35, re.compile(r"<(?:pre-|post-)?rulebase>")),
    (
        35,
        re.compile(
            r"<(?:intrazone|interzone)-default\b|<default-security-rules>|<entry name=\"int(?:ra|er)zone-default\""
        ),
    ),
    (25, re.compile(r"<mgt-config>|<deviceconfig>|<device-group>|<vsys>")),
    (25, re.compile(r"<entry name=\"localhost\.localdomain\"")),
    (25, re.compile(r"<ip-netmask>|<address-group>|<source-user>|<hip-profiles>|<negate-source>")),
    (20, re.compile(r"<entry name=\"[^\"]*\"")),
    (15, re.compile(r"<member>")),
    (15, re.compile(r"<(?:security|rules)>")),
    (10, re.compile(r"<response\b[^>]*\bstatus=\"success\"")),
)
_SET = (
    (
        50,
        re.compile(
            r"(?:.*[>#] )?set (?:device-group \S+ |vsys \S+ |shared |policy panorama )?(?:pre-|post-)?rulebase "
        ),
    ),
    (50, re.compile(r"(?:.*[>#] )?set deviceconfig (?:system|setting) ")),
    (45, re.compile(r"(?:.*[>#] )?set (?:config )?devices localhost\.localdomain ")),
    (45, re.compile(r"(?:.*[>#] )?set mgt-config ")),
    (40, re.compile(r"set .*\baddress (?:\"[^\"]+\"|\S+) (?:ip-netmask|ip-range|fqdn|ip-wildcard) ")),
    (40, re.compile(r"set .*\baddress-group (?:\"[^\"]+\"|\S+) (?:static|dynamic) ")),
    (40, re.compile(r"set .*\bservice (?:\"[^\"]+\"|\S+) protocol (?:tcp|udp|sctp) (?:port|source-port) ")),
    (40, re.compile(r"set .*\bzone \S+ network (?:layer3|layer2|virtual-wire|tap|external|tunnel)\b")),
    (35, re.compile(r"set (?:device-group|template|template-stack|vsys) \S+ ")),
    (30, re.compile(r"set network (?:interface|virtual-router|profiles|ike|tunnel|qos) ")),
    (25, re.compile(r"set (?:shared )?(?:application|application-group|external-list|profile-group) ")),
    (20, re.compile(r"set shared ")),
    (10, re.compile(r"set (?:address|address-group|service|service-group|tag|schedule|zone) ")),
)
_CURLY = (
    (60, re.compile(r"\s*deviceconfig \{$")),
    (45, re.compile(r"\s*(?:mgt-config|rulebase|pre-rulebase|post-rulebase) \{$")),
    (30, re.compile(r"\s*localhost\.localdomain \{$")),
    (30, re.compile(r"\s*ip-netmask \S+;$")),
    (20, re.compile(r"\s*(?:negate-source|source-user|hip-profiles|application) \S.*;$")),
)
_COMMENT = re.compile(r"[!#]\s*RANCID-CONTENT-TYPE: paloalto")
_FOREIGN = (
    (60, re.compile(r"\s*<(?:pfsense|opnsense)>")),
    (60, re.compile(r"set (?:security|firewall|policy-options|routing-options|interfaces|protocols|system) ")),
    (60, re.compile(r"\s*(?:security|policy-options|routing-options|protocols) \{")),
    (60, re.compile(r"config (?:system|firewall|vdom|router) ")),
)


def score(lines: tuple[str, ...]) -> int:
    """Return 0 (not PAN-OS) to 100 (certainly)."""
    found: set[tuple[int, str]] = set()
    points = 0
    certain = False
    signs = (*_XML, *_SET, *_CURLY)
    for line in lines[:LINES_READ]:
        head = line[: _LONG if len(lines) < 20 else _WIDTH]
        certain = certain or _COMMENT.match(head) is not None
        for weight, pattern in signs:
            key = (weight, pattern.pattern)
            if key not in found and (pattern.search(head) if pattern.pattern[0] == "<" else pattern.match(head)):
                found.add(key)
                points += weight
        for weight, pattern in _FOREIGN:
            key = (-weight, pattern.pattern)
            if key not in found and pattern.match(head):
                found.add(key)
                points -= weight
    return max(0, min(95, points + 60 * certain))
