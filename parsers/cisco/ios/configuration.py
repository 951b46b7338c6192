"""One IOS or IOS-XE configuration or capture: access lists, and the zone-based firewall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from parsers.base import ConfigText
from parsers.cisco.acl.configuration import ListConfiguration, ListKey, heading
from parsers.cisco.acl.dialect import NETWORK, SERVICE, Dialect, GroupKind
from parsers.cisco.acl.lists import AccessList
from parsers.cisco.acl.uses import Use
from parsers.cisco.blocks import Block
from parsers.cisco.ios.commands import is_ignored
from parsers.cisco.ios.usage import uses_in
from parsers.cisco.ios.zones import ZoneFirewall
from rulecheck.model.device import ObjectUse, Policy, Severity

_HEAD = 50
_SETTING = (
    r"resequence\b|log-update\b|logging\b|persistent\b|helper\b|match-local-traffic\b|role-based\b|fqdn\b"
    r"|commit-delay\b"
)
_GROUP_KINDS = {
    "network": (NETWORK, 4),
    "v4-network": (NETWORK, 4),
    "v6-network": (NETWORK, 6),
    "ip": (NETWORK, 4),
    "service": (SERVICE, 4),
    "v6-service": (SERVICE, 6),
    "protocol": (SERVICE, 4),
    "security": ("security-group", 4),
    "fqdn": ("fqdn-group", 4),
    "geo": ("geo-group", 4),
}


def _group_kind(words: list[str]) -> GroupKind | None:
    found = _GROUP_KINDS.get(words[1].lower() if len(words) > 1 else "")
    if found is None or len(words) < 3:
        return None
    return GroupKind(*found, name=words[-1] if words[1].lower() == "ip" else words[2])


class IosConfiguration(ListConfiguration):
    """Reads one IOS configuration."""

    platform = "cisco_ios"
    dialect = Dialect(system="IOS", protocol_groups=True, group_kind=_group_kind)
    numbered_lists = True
    undefined_permits = True
    headings = (
        heading(r"ip access-list standard (?P<name>\S+)", standard=True),
        heading(r"ip access-list extended (?P<name>\S+)"),
        heading(rf"ip access-list (?!{_SETTING})(?P<name>\S+)$"),
        heading(r"ipv6 access-list (?!log-update\b)(?P<name>\S+)$", 6),
        heading(r"Reflexive IP [Aa]ccess list (?P<name>\S+)", kind="Reflexive IP access list", exact=True),
        heading(r"Role-based IP(?:v6)? [Aa]ccess list (?P<name>\S+)", kind="Role-based IP access list", exact=True),
        heading(r"(?:\S+ )?(?:MAC|Mac) [Aa]ccess list (?P<name>\S+)", kind="MAC access list", exact=True),
        heading(r"Standard IP [Aa]ccess list (?P<name>\S+)", standard=True, shown=True, exact=True),
        heading(r"(?:Extended )?IP [Aa]ccess list (?P<name>\S+)", shown=True, exact=True),
        heading(r"IPv6 [Aa]ccess list (?P<name>\S+)", 6, shown=True, exact=True),
    )
    removed = re.compile(
        r"no (?:access-list|ip access-list (?:standard|extended)|(?P<six>ipv6) access-list) (?P<name>\S+)$",
        re.IGNORECASE,
    )
    _other_list = re.compile(r"(mac|arp|ip) access-list (?:(extended|role-based|fqdn) )?(\S+)$", re.IGNORECASE)

    def __init__(self, config: ConfigText) -> None:
        super().__init__(config)
        self._zones = ZoneFirewall(config.path, self._ledger)

    def _uses_in(self, block: Block) -> Iterable[Use]:
        return uses_in(block)

    def _is_ignored(self, block: Block) -> bool:
        return is_ignored(block)

    def _takes(self, block: Block) -> bool:
        return self._zones.take(block)

    def _list_block(self, block: Block) -> bool:
        if super()._list_block(block):
            return True
        found = self._other_list.match(" ".join(block.text.split())) if block.children else None
        if found is None:
            return False
        kind = " ".join(filter(None, (found.group(1), found.group(2))))
        self._lists.other(block, f"{kind} access list {found.group(3)}", found.group(3))
        return True

    def _ends(self, lines: list[str]) -> None:
        """Report a capture of a whole running configuration that has no ``end`` (RC607)."""
        whole = any(line.startswith("Current configuration :") for line in lines[:_HEAD])
        if whole and not any(line.strip() == "end" for line in reversed(lines)):
            self._cut_off = True
            text = "the running configuration has no final end: the capture may be cut off, export it again"
            self._ledger.report("RC607", Severity.MEDIUM, len(lines), text, affects_verdicts=True)

    def _applied(self, lists: Mapping[ListKey, AccessList]) -> dict[ListKey, dict[str, None]]:
        self._uses.extend(self._zones.uses)
        return super()._applied(lists)

    def _policies(self) -> tuple[tuple[Policy, ...], tuple[ObjectUse, ...]]:
        policies, uses = super()._policies()
        pairs = self._zones.policies({one.name: one for one in reversed(policies)})
        return (*policies, *pairs), uses
