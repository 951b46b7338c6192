"""What rules refer to by name: prefix lists, security groups, and the interfaces that groups are attached to."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.cloud.export import Export, words
from parsers.cloud.values import network
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import ObjectDefinition
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.match import Addresses, Condition, Element

_LIST_READ = frozenset({"prefixlistid", "prefixlistname", "cidrs", "entries"})
_LIST_IGNORED = frozenset({
    "addressfamily", "state", "statemessage", "prefixlistarn", "maxentries", "version", "tags", "ownerid",
})  # fmt: skip


@dataclass(slots=True)
class References:
    """Prefix lists with entries, the groups of the file, and where groups are attached."""

    export: Export
    lists: dict[str, ObjectDefinition] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)
    interfaces: bool = False
    _known: dict[str, Addresses] = field(default_factory=dict)

    def prefix_list(self, node: JsonNode) -> None:
        """Take a prefix list of ``describe-prefix-lists``, or one with its entries put in."""
        self.export.account(node, _LIST_READ, _LIST_IGNORED, "a prefix list")
        name = redact_text(node.text("PrefixListId") or "")
        listed = node.get("Cidrs") or node.get("Entries")
        if not name or listed is None:
            return
        origin = self.export.origin(node.line, f"prefix list {name}")
        elements = []
        for one in listed.items:
            for text, place in words(one.get("Cidr") if one.kind == "object" else one):
                where = self.export.origin(place.line, text, (name,))
                try:
                    elements.append(Element(text, network(text), where))
                except ValueError as problem:
                    self.export.report("RC606", place.line, f"prefix list {name}: {problem}")
                    elements.append(Element(text, ADDRESS_ALL, where, Condition(f"prefix:{text}", str(problem), where)))
        self._known[name] = Addresses(name, tuple(elements))
        self.lists[name] = ObjectDefinition(name, "prefix-list", origin, content=self._known[name])

    def interface(self, node: JsonNode) -> None:
        """Take a network interface: it shows which groups are used."""
        self.interfaces = True
        self.export.understood(node.get("NetworkInterfaceId"))
        self.export.understood(node.get("Groups"))
        name = redact_text(node.text("NetworkInterfaceId") or "")
        groups = node.get("Groups")
        for one in groups.items if groups is not None else ():
            self.attached.setdefault(one.text("GroupId") or "", []).append(name)

    def list_operand(self, name: str, line: int) -> Addresses:
        """Return the addresses of a prefix list, under a condition where its entries are not known."""
        if name not in self._known:
            origin = self.export.origin(line, name)
            test = Condition(f"prefix-list:{name}", f"the entries of prefix list {name} are not in the file", origin)
            self._known[name] = Addresses(name, (Element(name, ADDRESS_ALL, origin, test),))
        return self._known[name]

    def group_operand(self, group: str, line: int) -> Addresses:
        """Return the addresses of the interfaces in a security group: which ones is not known."""
        key = f"group {group}"
        if key not in self._known:
            origin = self.export.origin(line, group)
            name = self.groups.get(group, "")
            shown = f"{group} ({name})" if name else group
            test = Condition(f"security-group:{group}", f"the members of security group {shown} are not known", origin)
            self._known[key] = Addresses(shown, (Element(shown, ADDRESS_ALL, origin, test),))
        return self._known[key]
