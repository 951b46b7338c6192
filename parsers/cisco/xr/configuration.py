"""One IOS-XR configuration, or a capture of ``show access-lists``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from parsers.base import ConfigText
from parsers.cisco.acl.commands import first_words
from parsers.cisco.acl.configuration import ListConfiguration, ListKey, heading
from parsers.cisco.acl.dialect import NETWORK, PORT, Dialect, GroupKind
from parsers.cisco.acl.lists import AccessList
from parsers.cisco.acl.uses import Use
from parsers.cisco.blocks import Block
from parsers.cisco.xr.chains import Chain, chains_in, link
from parsers.cisco.xr.clauses import CLAUSES
from parsers.cisco.xr.usage import uses_in
from rulecheck.model.device import ObjectUse, Policy

_SETTING = r"(?!log-update\b|maximum\b|resequence\b)"
_LIST_LIKE = re.compile(r"ipv[46] access-(?:list|group)\b", re.IGNORECASE)
_LIST_SETTING = re.compile(r"ipv[46] access-list (?:log-update|maximum)\b", re.IGNORECASE)
_FAMILIES = {"ipv4": 4, "ipv6": 6}
_LENGTH = 4


def _group_kind(words: list[str]) -> GroupKind | None:
    kind = words[1].lower() if len(words) > 1 else ""
    if kind == "port" and len(words) == _LENGTH - 1:
        return GroupKind(PORT, 4, words[2])
    family = _FAMILIES.get(words[2].lower()) if kind == "network" and len(words) == _LENGTH else None
    return None if family is None else GroupKind(NETWORK, family, words[3], "either")


class XrConfiguration(ListConfiguration):
    """Reads one IOS-XR configuration.

    A list without entries has no implicit deny, and an IPv6 list permits neighbour discovery before it (Cisco ASR
    9000 Series Aggregation Services Router IP Addresses and Services Command Reference, "ipv6 access-list").
    """

    platform = "cisco_xr"
    dialect = Dialect(
        system="IOS-XR",
        any_protocols=frozenset({"ip", "ipv4", "ipv6"}),
        address_groups=frozenset({"net-group"}),
        port_groups=frozenset({"port-group"}),
        bare_sources=True,
        clauses=CLAUSES,
        settings=frozenset({"exit", "default", "statistics"}),
        group_kind=_group_kind,
    )
    headings = (
        heading(rf"ipv4 access-list {_SETTING}(?P<name>\S+)$"),
        heading(rf"ipv6 access-list {_SETTING}(?P<name>\S+)$", 6),
        heading(r"ethernet-services? access-list (?P<name>\S+)$", kind="Ethernet access list"),
    )
    removed = re.compile(r"no (?:ipv4|(?P<six>ipv6)) access-list (?P<name>\S+)$", re.IGNORECASE)
    comment = "#"

    def __init__(self, config: ConfigText) -> None:
        super().__init__(config)
        self._chains: list[Chain] = []

    def _uses_in(self, block: Block) -> Iterable[Use]:
        if block.words[0].lower() == "interface":
            self._chains.extend(chains_in(block))
        return uses_in(block)

    def _is_ignored(self, block: Block) -> bool:
        if _LIST_LIKE.match(block.text):
            return _LIST_SETTING.match(block.text) is not None
        return block.words[0].lower() in first_words("xr")

    def _scope(self, key: ListKey, lists: Mapping[ListKey, AccessList]) -> str:
        """Return one name space for all IPv6 lists where a name is used twice, so that chains stay in one."""
        if key[0] == 4:
            return ""
        return "ipv6" if any(family == 6 and (4, name) in lists for family, name in lists) else ""

    def _policies(self) -> tuple[tuple[Policy, ...], tuple[ObjectUse, ...]]:
        policies, uses = super()._policies()
        return (tuple(link(policies, self._chains)) if self._chains else policies), uses
