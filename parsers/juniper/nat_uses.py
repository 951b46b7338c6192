"""Objects that are used outside the policies: in address translation, VPNs and SNMP."""

from __future__ import annotations

from parsers.juniper.books import Books
from parsers.juniper.facts import Facts
from parsers.juniper.prefix_lists import PREFIX_LIST
from parsers.juniper.services import Applications
from parsers.juniper.tree import Node

_NAMES = frozenset({"source-address-name", "destination-address-name"})


def note_nat_uses(facts: Facts, security: Node, books: Books, applications: Applications) -> None:
    """Note the addresses and applications that NAT rules name."""
    nat = security.children.get("nat")
    if nat is None or not nat.active:
        return
    for node in nat.walk():
        if node.word in _NAMES:
            for name in node.children.values():
                for kind in books.anywhere(name.word):
                    facts.use(_place(node), None, *kind)
        elif node.word == "application" and node.parent is not None and node.parent.word == "match":
            for name in node.children.values():
                if (found := applications.kind(name.word)) is not None:
                    facts.use(_place(node), None, found, name.word)


def note_prefix_uses(facts: Facts, system: Node) -> None:
    """Note the prefix lists that are used outside filters and routing policies."""
    for section in ("snmp", "system", "protocols", "routing-options", "routing-instances", "security", "services"):
        top = system.children.get(section)
        if top is None or not top.active:
            continue
        for node in top.walk():
            if node.word.endswith(PREFIX_LIST) or node.word == "client-list-name":
                for name in node.children.values():
                    facts.use(section, None, PREFIX_LIST, name.word)


def _place(node: Node) -> str:
    """Return a NAT rule in words: ``source nat rule R``."""
    path = node.path()
    start = path.index("nat")
    rule = next((path[i + 1] for i in range(start, len(path) - 1) if path[i] == "rule"), "")
    return f"{path[start + 1]} nat rule {rule}".strip()
