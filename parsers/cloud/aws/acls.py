"""Network ACLs: numbered rules for the packets that enter or leave a subnet, without connection tracking."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cloud.aws.groups import words_of
from parsers.cloud.aws.services import number_of, service_words, services
from parsers.cloud.export import Export
from parsers.cloud.values import network
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import Policy
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Element, Match
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule, Verb

_ACL_READ = frozenset({"networkaclid", "entries", "associations", "isdefault"})
_ACL_IGNORED = frozenset({"vpcid", "ownerid", "tags"})
_ENTRY_READ = frozenset({
    "cidrblock", "ipv6cidrblock", "egress", "icmptypecode", "portrange", "protocol", "ruleaction", "rulenumber",
})  # fmt: skip
_LAST = 32767
"""Rules from this number on are the ones that the console shows as ``*``; nobody can write or remove them."""

_OUTCOMES = {"allow": PERMIT, "deny": DENY}


def policies(export: Export, node: JsonNode) -> Iterator[Policy]:
    """Yield the two lists of one ACL."""
    export.account(node, _ACL_READ, _ACL_IGNORED, "a network ACL")
    name = redact_text(node.text("NetworkAclId") or f"acl of line {node.line}")
    entries = node.get("Entries")
    subnets = _subnets(node)
    for egress, direction in ((False, "ingress"), (True, "egress")):
        mine = [one for one in (entries.items if entries is not None else ()) if bool(one.flag("Egress")) is egress]
        mine.sort(key=lambda one: number if (number := one.whole("RuleNumber")) is not None else _LAST)
        _report_twice(export, mine)
        reader = _Reader(export, f"{name} {direction}", egress=egress)
        written = [one for one in mine if not _is_last(one)]
        yield Policy(
            f"{name} {direction}",
            "network-acl",
            tuple(reader.rule(one, index) for index, one in enumerate(written)),
            DENY,
            applied_to=subnets or (),
            implicit=tuple(reader.rule(one, index) for index, one in enumerate(x for x in mine if _is_last(x))),
            origin=export.origin(node.line, f"network ACL {name}"),
            applied=None if subnets is None else bool(subnets),
        )


def _is_last(node: JsonNode) -> bool:
    number = node.whole("RuleNumber")
    return (
        number is not None and number >= _LAST and node.text("RuleAction") == "deny" and node.text("Protocol") == "-1"
    )


def _subnets(node: JsonNode) -> tuple[str, ...] | None:
    """Return the subnets that an ACL is associated with, None where the file does not say."""
    listed = node.get("Associations")
    if listed is None:
        return None
    return tuple(redact_text(text) for one in listed.items if (text := one.text("SubnetId")))


def _report_twice(export: Export, entries: list[JsonNode]) -> None:
    seen: set[int] = set()
    for one in entries:
        number = one.whole("RuleNumber")
        if number is None:
            export.report("RC606", one.line, "the entry has no rule number: its place in the order is not known")
        elif number in seen:
            export.report("RC606", one.line, f"rule number {number} occurs twice in one direction")
        else:
            seen.add(number)


class _Reader:
    """Turns the entries of one list into rules."""

    def __init__(self, export: Export, policy: str, *, egress: bool) -> None:
        self._export = export
        self._policy = policy
        self._egress = egress

    def rule(self, node: JsonNode, index: int) -> Rule:
        export = self._export
        unknown = export.account(node, _ENTRY_READ, (), "an entry")
        number = node.whole("RuleNumber")
        mark = f"{self._policy}:{number if number is not None else f'line {node.line}'}"
        first, last = _ends(node)
        kind = dict(words_of(node, "Protocol")).get("Protocol", "")
        block = node.text("CidrBlock") or node.text("Ipv6CidrBlock") or ""
        text = f"{'to' if self._egress else 'from'} {redact_text(block) or 'nothing'}"
        words = service_words(kind, first, last)
        label = "*" if number is not None and number >= _LAST else str(number)
        origin = export.origin(node.line, f"rule {label}: {node.text('RuleAction')} {words} {text}")
        tests = [Condition(f"{mark}: key {one.line}", "a part was not understood", origin) for one in unknown]
        try:
            offered = services(words, origin, number_of(kind), first, last)
        except ValueError as problem:
            offered = None
            tests.append(export.problem("RC606", node.line, mark, str(problem)))
        operand = self._operand(node, block, mark)
        source, destination = (ANY_ADDRESS, operand) if self._egress else (operand, ANY_ADDRESS)
        match = Match(source, destination, offered, (), tuple(tests))
        return Rule(index, origin, match, self._outcome(node), name=f"rule {label}")

    def _operand(self, node: JsonNode, block: str, mark: str) -> Addresses:
        text = redact_text(block)
        origin = self._export.origin(node.line, text)
        try:
            return Addresses(text, (Element(text, network(block), origin),))
        except ValueError as problem:
            test = self._export.problem("RC606", node.line, f"{mark} block", str(problem))
            return Addresses(text, (Element(text, ADDRESS_ALL, origin, test),))

    def _outcome(self, node: JsonNode) -> Outcome:
        action = node.text("RuleAction") or ""
        known = _OUTCOMES.get(action.lower())
        if known is None:
            self._export.report("RC602", node.line, f"the action {redact_text(action)!r} was not understood")
            return Outcome(Verb.OTHER, (redact_text(action) or "no action",))
        return known


def _ends(node: JsonNode) -> tuple[int | None, int | None]:
    """Return first and last port, or ICMP type and code."""
    ports, kinds = node.get("PortRange"), node.get("IcmpTypeCode")
    if kinds is not None and kinds.kind == "object":
        return kinds.whole("Type"), kinds.whole("Code")
    if ports is not None and ports.kind == "object":
        return ports.whole("From"), ports.whole("To")
    return None, None
