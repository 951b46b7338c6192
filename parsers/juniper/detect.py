"""How strongly a text looks like a Junos configuration, in the set form or the curly form."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINES = 5_000
_WIDTH = 200

_SECTIONS = (
    r"(?:system|interfaces|security|firewall|policy-options|protocols|routing-options|routing-instances|groups|snmp"
    r"|applications|chassis|vlans|class-of-service|forwarding-options|logical-systems|tenants|schedulers|access"
    r"|event-options|switch-options|bridge-domains|services|ethernet-switching-options|dynamic-profiles)"
)
_NAMED = "term|filter|policy|security-zone|address-set|application-set|prefix-list"
_TAG = r"(?:(?:inactive|replace|protect|delete): )?"
_SET = r"(?:\S+@\S+[#>%]\s*)?(?:set|deactivate|delete|activate|insert|replace) "
_FOR = (
    (60, re.compile(rf"{_SET}{_SECTIONS} ")),
    (60, re.compile(rf"{_TAG}{_SECTIONS} \{{\s*$")),
    (60, re.compile(rf"{_SET}(?:logical-systems|tenants) \S+ {_SECTIONS} ")),
    (65, re.compile(rf"\s*{_TAG}from-zone \S+ to-zone \S+ \{{\s*$")),
    (60, re.compile(rf"\s*{_TAG}(?:{_NAMED}) [^\s=]+ \{{\s*$")),
    (60, re.compile(r"\s*application(?:-set)? \S+ \{\s*$")),
    (25, re.compile(rf"{_SET}security (?:policies|zones|address-book|nat) ")),
    (25, re.compile(rf"{_SET}firewall (?:family \S+ )?filter ")),
    (25, re.compile(rf"{_SET}applications application(?:-set)? ")),
    (20, re.compile(rf"{_SET}policy-options (?:prefix-list|policy-statement) ")),
    (15, re.compile(rf"{_SET}interfaces \S+ unit \d+ ")),
    (25, re.compile(r"(?:set )?version \d+\.\d+[A-Z]\S*;?\s*$")),
    (25, re.compile(r"## Last (?:commit|changed):")),
    (25, re.compile(r"#\s*RANCID-CONTENT-TYPE: juniper|# Junos: \d|# JUNOS ")),
    (15, re.compile(r"\s*(?:source-address|destination-address|application) [^;{}]+;\s*$")),
    (10, re.compile(r"\s*host-name \S+;\s*$")),
    (10, re.compile(r"\s*unit \d+ \{\s*$")),
)  # fmt: skip
_AGAINST = (
    (90, re.compile(r"set (?:deviceconfig|rulebase|network|shared|mgt-config|device-group|template|readonly) ")),
    (90, re.compile(r"set (?:interfaces ethernet eth|firewall (?:name|ipv4|group|all-ping) |policy route )")),
    (90, re.compile(r"config (?:firewall|system|vdom|global)\b|\s*edit \d+$|#config-version=")),
    (90, re.compile(r"(?:table|chain) \S+(?: \S+)? \{\s*$|\s*type filter hook ")),
    (90, re.compile(r"\s*[a-z-]+:: ")),
    (90, re.compile(r"set (?:installer|clienv|interface|core-dump|web|static-route|aaa|expert-password) ")),
    (60, re.compile(r"hostname \S+$|interface \S+$|access-list |ip access-list ")),
    (90, re.compile(r'\s*(?:resource|variable|provider|data|module) "')),
)


def score(lines: Sequence[str]) -> int:
    """Return 0 to 100: each kind of evidence counts once, evidence of another platform against it."""
    found: set[int] = set()
    against: set[int] = set()
    first = True
    for raw in lines[:_LINES]:
        line = raw[:_WIDTH].rstrip()
        if not line:
            continue
        if first and line.lstrip()[:1] in ("{", "[", "<") and not line.startswith(("[edit", "{master", "{primary")):
            return 0
        first = False
        found.update(index for index, (_, pattern) in enumerate(_FOR) if index not in found and pattern.match(line))
        against.update(
            index for index, (_, pattern) in enumerate(_AGAINST) if index not in against and pattern.match(line)
        )
    total = min(95, sum(_FOR[index][0] for index in found))
    return max(0, total - sum(_AGAINST[index][0] for index in against))
