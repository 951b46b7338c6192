"""Security rules and groups: priorities, directions, and the default rules behind the written ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from parsers.cloud.azure.operands import Reader, service_tag
from parsers.cloud.export import Export, folded, last_part, words
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import ObjectUse, Policy
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule, Verb

DIRECTIONS = ("inbound", "outbound")
_LOWEST = 65_536

_READ = frozenset({
    "properties", "name", "access", "direction", "priority", "protocol", "description",
    "sourceaddressprefix", "sourceaddressprefixes", "sourceportrange", "sourceportranges",
    "destinationaddressprefix", "destinationaddressprefixes", "destinationportrange", "destinationportranges",
    "sourceapplicationsecuritygroups", "destinationapplicationsecuritygroups",
})  # fmt: skip
_IGNORED = frozenset({
    "id", "etag", "type", "provisioningstate", "resourcegroup", "apiversion", "dependson", "condition", "comments",
    "location", "tags", "scale", "systemdata", "kind",
})  # fmt: skip
_OUTCOMES = {"allow": PERMIT, "deny": DENY}
_DEFAULTS = {
    "inbound": (
        ("AllowVnetInBound", "VirtualNetwork", "VirtualNetwork", PERMIT),
        ("AllowAzureLoadBalancerInBound", "AzureLoadBalancer", "", PERMIT),
        ("DenyAllInBound", "", "", DENY),
    ),
    "outbound": (
        ("AllowVnetOutBound", "VirtualNetwork", "VirtualNetwork", PERMIT),
        ("AllowInternetOutBound", "", "Internet", PERMIT),
        ("DenyAllOutBound", "", "", DENY),
    ),
}
"""The rules that every group has (Azure documentation, "Network security groups", default security rules)."""


@dataclass(slots=True)
class Group:
    """A network security group: its written rules, and its default rules as far as the file has them."""

    name: str
    line: int
    rules: list[JsonNode] = field(default_factory=list)
    defaults: list[JsonNode] = field(default_factory=list)
    applied_to: tuple[str, ...] = ()
    applied: bool | None = None


@dataclass(slots=True)
class GroupReader:
    """Turns groups into policies."""

    export: Export
    uses: list[ObjectUse] = field(default_factory=list)

    def policies(self, group: Group) -> Iterator[Policy]:
        """Yield the inbound and the outbound list of a group."""
        written = [(one, fields_of(one)) for one in group.rules]
        defaults = [(one, fields_of(one)) for one in group.defaults]
        for one, fields in (*written, *defaults):
            if _text(fields, "direction").lower() not in DIRECTIONS:
                message = "the direction of the rule was not understood: it is in no list"
                self.export.ledger.unknown(one.line, message, affects_verdicts=True)
        for direction in DIRECTIONS:
            name = f"{group.name} {direction}"
            mine = self._ordered(written, direction)
            implied = self._ordered(defaults, direction)
            yield Policy(
                name,
                "nsg",
                tuple(self._rule(one, fields, index, name) for index, (one, fields) in enumerate(mine)),
                DENY,
                applied_to=group.applied_to,
                implicit=tuple(self._rule(one, fields, index, "") for index, (one, fields) in enumerate(implied))
                or tuple(_default_rules(self.export.origin(group.line, group.name), direction)),
                origin=self.export.origin(group.line, f"network security group {group.name}"),
                applied=group.applied,
            )

    def _ordered(
        self, rules: list[tuple[JsonNode, dict[str, JsonNode]]], direction: str
    ) -> list[tuple[JsonNode, dict[str, JsonNode]]]:
        mine = [(one, fields) for one, fields in rules if _text(fields, "direction").lower() == direction]
        mine.sort(key=lambda pair: _priority(pair[1]))
        seen: set[int] = set()
        for one, fields in mine:
            priority = _priority(fields)
            if priority in seen or priority == _LOWEST:
                problem = "has no priority" if priority == _LOWEST else f"shares priority {priority} with another rule"
                self.export.report("RC606", one.line, f"the {direction} rule {problem}: its place is not certain")
            seen.add(priority)
        return mine

    def _rule(self, node: JsonNode, fields: Mapping[str, JsonNode], index: int, policy: str) -> Rule:
        export = self.export
        unknown = export.account(node, _READ, _IGNORED, "a security rule")
        inner = folded(node).get("properties")
        if inner is not None and inner.kind == "object":
            unknown += export.account(inner, _READ, _IGNORED, "a security rule")
        mark = f"rule of line {node.line}, {index}"
        reader = Reader(export)
        source, source_text = reader.addresses(fields, "source", node.line, mark)
        destination, destination_text = reader.addresses(fields, "destination", node.line, mark)
        services, service_text = reader.services(fields, node.line, mark)
        name = redact_text(last_part(_text(fields, "name").rstrip(")]'")))
        access = _text(fields, "access")
        head = f"{_text(fields, 'priority')} {name}: {access} {service_text}"
        origin = export.origin(node.line, f"{head} from {source_text} to {destination_text}")
        tests = tuple(Condition(f"{mark}: key {one.line}", "a part was not understood", origin) for one in unknown)
        if policy:
            self.uses.extend(ObjectUse(policy, index, "application-security-group", used) for used in reader.uses)
        return Rule(
            index,
            origin,
            Match(source, destination, services, (), tests),
            self._outcome(access, node.line),
            name=name or None,
            description=redact_text(_text(fields, "description")),
        )

    def _outcome(self, access: str, line: int) -> Outcome:
        known = _OUTCOMES.get(access.lower())
        if known is None:
            self.export.report("RC602", line, f"the access {redact_text(access)!r} was not understood")
            return Outcome(Verb.OTHER, (redact_text(access) or "no access",))
        return known


def fields_of(node: JsonNode) -> dict[str, JsonNode]:
    """Return the fields of a rule by their names in lower case, wherever they stand."""
    found = folded(node)
    inner = found.get("properties")
    return {**folded(inner), **found} if inner is not None else found


def is_rule(node: JsonNode) -> bool:
    """Return whether an object is a security rule."""
    found = fields_of(node)
    return "access" in found and "direction" in found and "priority" in found


def _text(fields: Mapping[str, JsonNode], key: str) -> str:
    return next((text for text, _ in words(fields.get(key))), "")


def _priority(fields: Mapping[str, JsonNode]) -> int:
    text = _text(fields, "priority")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else _LOWEST


def _default_rules(origin: Origin, direction: str) -> Iterator[Rule]:
    for index, (name, source, destination, outcome) in enumerate(_DEFAULTS[direction]):
        match = Match(_tag(source, origin), _tag(destination, origin))
        yield Rule(index, origin, match, outcome, name=name)


def _tag(name: str, origin: Origin) -> Addresses:
    if not name:
        return ANY_ADDRESS
    return Addresses(name, (service_tag(name, origin),))
