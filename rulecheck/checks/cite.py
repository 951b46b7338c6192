"""Rules and packets as reports show them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from rulecheck.model.device import Policy
from rulecheck.model.fields import CONNECTION_STATES, IPV6_BASE, NAME_FIELDS, TCP_FLAG_NAMES, Field
from rulecheck.model.finding import RuleRef
from rulecheck.model.match import Match
from rulecheck.model.names import decode_name
from rulecheck.model.rule import Rule

if TYPE_CHECKING:
    from rulecheck.engine.verdict import Packet

_PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "icmpv6", 132: "sctp"}
_WITH_PORTS = frozenset({6, 17, 33, 132, 136})
_WITH_TYPES = frozenset({1, 58})
_TCP = 6
_ALWAYS = frozenset({Field.SOURCE, Field.DESTINATION, Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT})


def cite(policy: Policy, rule: Rule) -> RuleRef:
    """Return a rule as reports cite it."""
    return RuleRef(
        policy=policy.name,
        index=rule.index,
        line=rule.origin.line,
        text=rule.origin.text,
        outcome=rule.outcome.label,
        name=rule.name,
        fields=tuple(_fields(rule)),
        description=rule.description,
        hits=rule.hits.packets if rule.hits else None,
    )


def _fields(rule: Rule) -> Iterable[tuple[str, str]]:
    match = rule.match
    yield "Action", rule.outcome.label
    yield "Source", _operand(match.source.label, negated=match.source.negated)
    yield "Destination", _operand(match.destination.label, negated=match.destination.negated)
    yield "Service", match.services.label if match.services is not None else "any"
    for one in match.constraints:
        yield _LABELS.get(one.field, str(one.field).replace("_", " ").capitalize()), one.text
    if match.conditions:
        yield "Only if", "; ".join(condition.reason for condition in match.conditions)
    if rule.schedule is not None:
        yield "Schedule", f"{rule.schedule.name} {rule.schedule.text}".strip()
    if rule.logging is not None:
        yield "Log", rule.logging.text


_LABELS = {Field.TOS: "DSCP / ToS", Field.TTL: "TTL", Field.SOURCE_MAC: "Source MAC"}


def _operand(label: str, *, negated: bool) -> str:
    return f"not {label}" if negated and not label.lstrip().startswith(("!", "not ")) else label


def constrained_fields(policies: Iterable[Policy]) -> frozenset[Field]:
    """Return the fields beyond addresses and ports that any rule of these policies constrains."""
    found: set[Field] = set()
    for policy in policies:
        for rule in policy.rules:
            found.update(_of_match(rule.match))
    return frozenset(found)


def _of_match(match: Match) -> Iterable[Field]:
    yield from (one.field for one in match.constraints)
    yield from (one.field for choice in match.choices for way in choice for one in way.constraints)
    if match.services is not None:
        for service in match.services.elements:
            if service.tcp_flags is not None:
                yield Field.TCP_FLAGS
            if service.fragment is not None:
                yield Field.FRAGMENT


def packet_facts(packet: Packet, shown: frozenset[Field]) -> dict[str, str | int]:
    """Return a packet as label → value: the fields that a packet of its protocol has and that matter here.

    Tests whose answer the packet assumes are listed under ``assuming``.
    """
    values = packet.values
    protocol = values[Field.PROTOCOL]
    facts: dict[str, str | int] = {
        "source": _address(values[Field.SOURCE]),
        "destination": _address(values[Field.DESTINATION]),
        "protocol": _PROTOCOLS.get(protocol, protocol),
    }
    if protocol in _WITH_PORTS:
        facts["source_port"] = values[Field.SOURCE_PORT]
        facts["destination_port"] = values[Field.DESTINATION_PORT]
    if protocol in _WITH_TYPES:
        facts["icmp_type"], facts["icmp_code"] = divmod(values[Field.ICMP], 256)
    for field in Field:
        if field in shown - _ALWAYS and field is not Field.ICMP and (field is not Field.TCP_FLAGS or protocol == _TCP):
            facts[field.value] = _plain(field, values[field])
    assumed = [f"{key} {_truth(holds)}" for key, holds in sorted(packet.conditions.items())]
    if assumed:
        facts["assuming"] = "; ".join(assumed)
    return facts


def _truth(holds: bool) -> str:  # noqa: FBT001
    return "matches" if holds else "does not match"


def _address(value: int) -> str:
    return str(IPv6Address(value - IPV6_BASE) if value >= IPV6_BASE else IPv4Address(value))


def _plain(field: Field, value: int) -> str | int:
    if field in NAME_FIELDS:
        return decode_name(value)
    if field is Field.CONNECTION_STATE:
        return CONNECTION_STATES[value]
    if field is Field.TCP_FLAGS:
        return " ".join(name for bit, name in enumerate(TCP_FLAG_NAMES) if value >> bit & 1) or "none"
    if field is Field.SOURCE_MAC:
        return ":".join(f"{byte:02x}" for byte in value.to_bytes(6, "big"))
    return value
