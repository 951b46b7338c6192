"""The objects of an export, by uid and by name, and the built-in ones that every management server has."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.json_text import JsonNode, objects
from parsers.redact import redact_text

ANY_UID = "97aeb369-9aea-11d5-bd16-0090272ccb30"

NOT_OBJECTS = frozenset({
    "access-rule", "access-section", "nat-rule", "nat-section", "threat-rule", "threat-section", "threat-exception",
    "https-rule", "https-section", "place-holder", "session", "task",
})  # fmt: skip
"""Things with a uid and a type that rules do not refer to."""

_WELL_KNOWN = (
    (ANY_UID, "Any", "CpmiAnyObject"),
    ("6c488338-8eec-4103-ad21-cd461ac2c472", "Accept", "RulebaseAction"),
    ("6c488338-8eec-4103-ad21-cd461ac2c473", "Drop", "RulebaseAction"),
    ("6c488338-8eec-4103-ad21-cd461ac2c474", "Reject", "RulebaseAction"),
    ("ea28da66-c5ed-11e2-bc66-aa5c6188709b", "Inner Layer", "Global"),
    ("6c488338-8eec-4103-ad21-cd461ac2c476", "Policy Targets", "Global"),
    ("29e53e3d-23bf-48fe-b6b1-d59bd88036f9", "None", "Track"),
    ("598ead32-aa42-4615-90ed-f51a5928d41d", "Log", "Track"),
)
"""Objects with the same uid on every server (Check Point Management API reference, objects of the data domain)."""

_BUILT_IN_DOMAINS = frozenset({"data domain"})
_BUILT_IN_NAMES = frozenset({"Check Point Data", "APPI Data", "IPS Data"})


@dataclass(frozen=True, slots=True)
class Item:
    """An object. ``node`` is its definition, None for a well-known one that the export does not spell out."""

    uid: str
    name: str
    kind: str
    node: JsonNode | None = None
    builtin: bool = False

    @property
    def line(self) -> int:
        """Return the line in which its definition starts, 0 without one."""
        return self.node.line if self.node is not None else 0


@dataclass(slots=True)
class Catalogue:
    """All objects of one file. Of several definitions of one object the fullest counts."""

    items: dict[str, Item] = field(default_factory=dict)
    names: dict[str, Item] = field(default_factory=dict)
    defined: int = 0

    def read(self, node: JsonNode) -> None:
        """Take every object in a document, wherever it stands."""
        for one in objects(node):
            if "uid" in one.members:
                self._take(one)

    def get(self, key: str) -> Item | None:
        """Return the object with a uid, or else with a name, or None."""
        return self.items.get(key) or self.names.get(key) or _well_known().get(key)

    def _take(self, node: JsonNode) -> None:
        uid, kind = node.text("uid"), node.text("type")
        if uid is None or kind is None or kind in NOT_OBJECTS:
            return
        known = self.items.get(uid)
        if known is not None and known.node is not None and len(known.node.members) >= len(node.members):
            return
        item = Item(uid, node.text("name") or uid, kind, node, _is_builtin(node))
        self.defined += known is None
        self.items[uid] = item
        if known is None or self.names.get(item.name) is known:
            self.names.setdefault(item.name, item)
            if known is not None:
                self.names[item.name] = item


def _is_builtin(node: JsonNode) -> bool:
    domain = node.get("domain")
    if domain is None:
        return False
    return domain.text("domain-type") in _BUILT_IN_DOMAINS or domain.text("name") in _BUILT_IN_NAMES


_KNOWN: dict[str, Item] = {}


def _well_known() -> dict[str, Item]:
    if not _KNOWN:
        for uid, name, kind in _WELL_KNOWN:
            _KNOWN[uid] = _KNOWN.setdefault(name, Item(uid, name, kind, builtin=True))
    return _KNOWN


def key_of(node: JsonNode) -> str:
    """Return how a reference names its object: a uid, or a name; empty where it names none."""
    if isinstance(node.value, str):
        return node.value
    return node.text("uid") or node.text("name") or ""


def cells(node: JsonNode | None) -> list[JsonNode]:
    """Return the values of a column, which is a list, or a single value."""
    if node is None or node.kind == "null":
        return []
    return node.items if node.kind == "array" else [node]


def shown_name(item: Item | None, key: str) -> str:
    """Return the name of an object for people, without what looks like a secret."""
    return redact_text(item.name if item is not None else key)
