"""Security groups: rules that allow, without an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.cloud.aws.references import References
from parsers.cloud.aws.services import number_of, service_words, services
from parsers.cloud.export import Export, words
from parsers.cloud.values import network
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import ObjectUse, Policy
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Element, Match
from rulecheck.model.rule import DENY, PERMIT, Rule

_GROUP_READ = frozenset({"groupid", "groupname", "description", "ippermissions", "ippermissionsegress"})
_GROUP_IGNORED = frozenset({"vpcid", "ownerid", "tags", "securitygrouparn"})
_RULE_READ = frozenset({
    "ipprotocol", "fromport", "toport", "ipranges", "ipv6ranges", "useridgrouppairs", "prefixlistids",
    "groupid", "isegress", "cidripv4", "cidripv6", "prefixlistid", "referencedgroupinfo", "description",
    "securitygroupruleid",
})  # fmt: skip
_RULE_IGNORED = frozenset({"groupownerid", "tags", "securitygrouprulearn", "groups"})
_RANGE_KEYS = (
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
)
_FLAT_KEYS = ("CidrIpv4", "CidrIpv6", "PrefixListId")
_DIRECTIONS = (("IpPermissions", "ingress"), ("IpPermissionsEgress", "egress"))


@dataclass(frozen=True, slots=True)
class _Peer:
    """The other side of a rule: one address range, prefix list or security group."""

    kind: str
    text: str
    line: int
    description: str = ""


@dataclass(slots=True)
class Listing:
    """The rules of one group and direction."""

    name: str
    group: str
    line: int
    rules: list[Rule] = field(default_factory=list)


class GroupReader:
    """Turns security groups into policies."""

    def __init__(self, export: Export, references: References) -> None:
        self._export = export
        self._references = references
        self._listings: dict[tuple[str, str], Listing] = {}
        self.uses: list[ObjectUse] = []

    def group(self, node: JsonNode) -> None:
        """Take one group of ``describe-security-groups``."""
        self._export.account(node, _GROUP_READ, _GROUP_IGNORED, "a security group")
        key = node.text("GroupId") or node.text("GroupName") or f"line {node.line}"
        for member, direction in _DIRECTIONS:
            listing = self._listing(key, direction, node.line)
            permissions = node.get(member)
            for one in permissions.items if permissions is not None else ():
                self._permission(one, listing, direction)

    def flat_rule(self, node: JsonNode) -> None:
        """Take one rule of ``describe-security-group-rules``."""
        unknown = self._export.account(node, _RULE_READ, _RULE_IGNORED, "a security group rule")
        direction = "egress" if node.flag("IsEgress") else "ingress"
        listing = self._listing(node.text("GroupId") or "unknown", direction, node.line)
        self._rule(node, _flat_peer(node), listing, direction, unknown)

    def policies(self) -> tuple[Policy, ...]:
        """Return one policy for each group and direction."""
        references = self._references
        return tuple(
            Policy(
                one.name,
                "security-group",
                tuple(one.rules),
                DENY,
                applied_to=tuple(references.attached.get(one.group, ())),
                origin=self._export.origin(one.line, one.name),
                applied=one.group in references.attached if references.interfaces else None,
                ordered=False,
            )
            for one in self._listings.values()
        )

    def _listing(self, group: str, direction: str, line: int) -> Listing:
        key = (group, direction)
        if key not in self._listings:
            name = self._references.groups.get(group, "")
            shown = f"{name} ({group})" if name and name != group else redact_text(group)
            self._listings[key] = Listing(f"{shown} {direction}", group, line)
        return self._listings[key]

    def _permission(self, node: JsonNode, listing: Listing, direction: str) -> None:
        unknown = self._export.account(node, _RULE_READ, _RULE_IGNORED, "a permission")
        for peer in _peers(node):
            self._rule(node, peer, listing, direction, unknown)

    def _rule(self, node: JsonNode, peer: _Peer, listing: Listing, direction: str, unknown: list[JsonNode]) -> None:
        index, export = len(listing.rules), self._export
        mark = f"{listing.name}:{index}"
        numbers = dict(words_of(node, "IpProtocol", "FromPort", "ToPort"))
        text = service_words(numbers.get("IpProtocol", "?"), node.whole("FromPort"), node.whole("ToPort"))
        side = "from" if direction == "ingress" else "to"
        origin = export.origin(peer.line, f"{direction} {text} {side} {redact_text(peer.text)}")
        conditions = [
            Condition(f"{mark}: key {one.line}", "a part of the rule was not understood", origin) for one in unknown
        ]
        try:
            offered = services(
                text, origin, number_of(numbers.get("IpProtocol", "")), node.whole("FromPort"), node.whole("ToPort")
            )
        except ValueError as problem:
            offered = None
            conditions.append(export.problem("RC606", node.line, mark, str(problem)))
        operand = self._operand(peer, listing, index)
        source, destination = (operand, ANY_ADDRESS) if side == "from" else (ANY_ADDRESS, operand)
        match = Match(source, destination, offered, (), tuple(conditions))
        name = node.text("SecurityGroupRuleId")
        listing.rules.append(Rule(index, origin, match, PERMIT, name=name, description=redact_text(peer.description)))

    def _operand(self, peer: _Peer, listing: Listing, index: int) -> Addresses:
        text = redact_text(peer.text)
        if peer.kind == "PrefixListId":
            self.uses.append(ObjectUse(listing.name, index, "prefix-list", text))
            return self._references.list_operand(text, peer.line)
        if peer.kind == "GroupId":
            return self._references.group_operand(text, peer.line)
        origin = self._export.origin(peer.line, text)
        try:
            return Addresses(text, (Element(text, network(peer.text), origin),))
        except ValueError as problem:
            test = self._export.problem("RC606", peer.line, f"{listing.name}:{index} peer", str(problem))
            return Addresses(text, (Element(text, ADDRESS_ALL, origin, test),))


def words_of(node: JsonNode, *keys: str) -> Iterator[tuple[str, str]]:
    """Yield the members that are texts or numbers, as texts."""
    for key in keys:
        for text, _ in words(node.get(key))[:1]:
            yield key, text


def _peers(node: JsonNode) -> Iterator[_Peer]:
    for key, inner in _RANGE_KEYS:
        listed = node.get(key)
        for one in listed.items if listed is not None else ():
            text = one.text(inner) or (one.text("GroupName") if inner == "GroupId" else None)
            yield _Peer(inner, text or "(none)", one.line, one.text("Description") or "")


def _flat_peer(node: JsonNode) -> _Peer:
    description = node.text("Description") or ""
    for key in _FLAT_KEYS:
        text = node.text(key)
        if text:
            return _Peer(key, text, node.line, description)
    group = node.get("ReferencedGroupInfo")
    text = group.text("GroupId") if group is not None else None
    return _Peer("GroupId" if text else "none", text or "(none)", node.line, description)
