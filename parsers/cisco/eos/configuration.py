"""One EOS configuration, or a capture of ``show ip access-lists``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.cisco.acl.commands import first_words
from parsers.cisco.acl.configuration import ListConfiguration, heading
from parsers.cisco.acl.dialect import Dialect
from parsers.cisco.acl.uses import Use
from parsers.cisco.blocks import Block
from parsers.cisco.eos.clauses import CLAUSES, leading
from parsers.cisco.eos.usage import uses_in
from rulecheck.model.rule import DENY

_LIST_LIKE = re.compile(r"(?:default )?(?:ip|ipv6) (?:access-list|access-group)\b", re.IGNORECASE)
_SETTING = re.compile(r"(?:ip|ipv6) access-list (?:logging|payload)\b", re.IGNORECASE)
_TRAFFIC_POLICIES = "traffic-policies"
_NOTICE = re.compile(r"Warning: displaying stale counters|Phone ACL bypass: ")
_DEVICE = re.compile(r"! device: (\S+) \(.*EOS-")
_NAME = r"(?!logging\b|payload\b)(?P<name>\S+)(?: dynamic)?$"
_SHOWN_NAME = r"(?P<name>\S+)(?: \[\w+\])?$"


class EosConfiguration(ListConfiguration):
    """Reads one EOS configuration.

    A packet that matches no rule is dropped, and four rules in every IPv6 list let neighbour discovery pass (Arista
    EOS User Manual, "ACLs and Route Maps").
    """

    platform = "arista_eos"
    dialect = Dialect(
        system="EOS",
        address_groups=frozenset(),
        leading=leading,
        clauses=CLAUSES,
        settings=frozenset({"statistics", "counters", "counter", "fragment-rules", "exit", "default", "resequence"}),
        empty=DENY,
        discovery=("nd-na", "nd-ns", "router-advertisement", "router-solicitation"),
        discovery_doubt="which messages of neighbour discovery pass by themselves is not documented",
    )
    headings = (
        heading(r"ip access-list standard (?P<name>\S+)(?: dynamic)?$", standard=True),
        heading(r"ipv6 access-list standard (?P<name>\S+)(?: dynamic)?$", 6, standard=True),
        heading(rf"ip access-list {_NAME}"),
        heading(rf"ipv6 access-list {_NAME}", 6),
        heading(r"mac access-list (?P<name>\S+)(?: dynamic)?$", kind="MAC access list"),
        heading(r"arp access-list (?P<name>\S+)$", kind="ARP access list"),
        heading(rf"MAC Access List {_SHOWN_NAME}", kind="MAC access list"),
        heading(rf"Standard IP Access List {_SHOWN_NAME}", standard=True, shown=True),
        heading(rf"Standard IPV6 Access List {_SHOWN_NAME}", 6, standard=True, shown=True),
        heading(rf"(?:IP Access List|IPV4 ACL) {_SHOWN_NAME}", shown=True),
        heading(rf"(?:IPV6 Access List|IPV6 ACL) {_SHOWN_NAME}", 6, shown=True),
    )
    removed = re.compile(r"(?:no|default) (?:ip|(?P<six>ipv6)) access-list (?:standard )?(?P<name>\S+)$", re.IGNORECASE)

    def _cleaned(self, line: str) -> str:
        """Return a line without what the terminal adds; notices between a list and its entries disappear."""
        if _NOTICE.match(line):
            return ""
        if self._name is None and (found := _DEVICE.match(line)):
            self._name = found.group(1)
        return super()._cleaned(line)

    def _uses_in(self, block: Block) -> Iterable[Use]:
        return uses_in(block)

    def _takes(self, block: Block) -> bool:
        if block.text == _TRAFFIC_POLICIES:
            self._lists.other(block, f"the section {_TRAFFIC_POLICIES}", _TRAFFIC_POLICIES)
            return True
        return self._lists.summary(block)

    def _is_ignored(self, block: Block) -> bool:
        if _LIST_LIKE.match(block.text):
            return _SETTING.match(block.text) is not None
        return block.words[0].lower() in first_words("eos")
