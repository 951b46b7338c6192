"""One NX-OS configuration, or a capture of ``show access-lists``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.cisco.acl.commands import first_words
from parsers.cisco.acl.configuration import ListConfiguration, heading
from parsers.cisco.acl.dialect import NETWORK, PORT, Dialect, GroupKind
from parsers.cisco.acl.uses import Use
from parsers.cisco.blocks import Block
from parsers.cisco.nxos.clauses import CLAUSES
from parsers.cisco.nxos.usage import uses_in

_KINDS = {
    ("ip", "address"): (NETWORK, 4),
    ("ipv6", "address"): (NETWORK, 6),
    ("ip", "port"): (PORT, 4),
}
_LENGTH = 4
_SETTING = re.compile(r"(?:ip|ipv6) access-list (?:commit|match-local-traffic)\b", re.IGNORECASE)
_LIST_LIKE = re.compile(r"(?:ip|ipv6) (?:port )?(?:access-list|access-group|traffic-filter)\b", re.IGNORECASE)


def _group_kind(words: list[str]) -> GroupKind | None:
    found = _KINDS.get((words[1].lower(), words[2].lower())) if len(words) == _LENGTH else None
    return None if found is None else GroupKind(*found, name=words[3], masks="wildcard")


class NxosConfiguration(ListConfiguration):
    """Reads one NX-OS configuration.

    The implicit rules are those of the Cisco Nexus 7000 and 9000 Series NX-OS Security Configuration Guides,
    "Implicit Rules for IP and MAC ACLs".
    """

    platform = "cisco_nxos"
    dialect = Dialect(
        system="NX-OS",
        address_groups=frozenset({"addrgroup"}),
        port_groups=frozenset({"portgroup"}),
        swapped_ranges=True,
        clauses=CLAUSES,
        settings=frozenset({"statistics", "ignore", "exit", "default", "extension-header", "hardware"}),
        discovery=("nd-na", "nd-ns", "router-advertisement", "router-solicitation"),
        discovery_doubt="whether the release permits neighbour discovery by itself is not known",
        group_kind=_group_kind,
    )
    headings = (
        heading(r"ip access-list (?P<name>\S+)$"),
        heading(r"ipv6 access-list (?P<name>\S+)$", 6),
        heading(r"mac access-list (?P<name>\S+)$", kind="MAC access list"),
        heading(r"arp access-list (?P<name>\S+)$", kind="ARP access list"),
        heading(r"MAC (?:access list|ACL) (?P<name>\S+)", kind="MAC access list"),
        heading(r"ARP (?:access list|ACL) (?P<name>\S+)", kind="ARP access list"),
        heading(r"IPv6 (?:access list|ACL) (?P<name>\S+)", 6, shown=True),
        heading(r"(?:IP|IPv4) (?:access list|ACL) (?P<name>\S+)", shown=True),
    )
    removed = re.compile(r"no (?:ip|(?P<six>ipv6)) access-list (?P<name>\S+)$", re.IGNORECASE)

    def _uses_in(self, block: Block) -> Iterable[Use]:
        return uses_in(block)

    def _is_ignored(self, block: Block) -> bool:
        if _LIST_LIKE.match(block.text):
            return _SETTING.match(block.text) is not None
        return block.words[0].lower() in first_words("nxos")
