"""One export of Google Cloud as a device: networks with their rules, and firewall policies before and behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.cloud.export import Export, last_part
from parsers.cloud.gcp.policies import rule_of
from parsers.cloud.gcp.rules import EGRESS, INGRESS, RuleReader, direction_of, limits_instances, ordered, priority_of
from parsers.json_text import JsonNode, objects, read_json
from parsers.ledger import Ledger
from parsers.redact import redact_text
from rulecheck.model.device import Device, Policy, SourceFile
from rulecheck.model.match import Match
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Verb

_REMEDY = "export with 'gcloud compute firewall-rules list --format=json'"
_DEFAULTS = {INGRESS: DENY, EGRESS: PERMIT}
"""The implied rules (Google Cloud documentation, "VPC firewall rules", implied rules)."""

_NEXT = Outcome(Verb.OTHER, ("what comes behind this policy decides",))


@dataclass(slots=True)
class _Found:
    """What a file has: rules by network, and firewall policies in the order of the file."""

    networks: dict[str, list[JsonNode]] = field(default_factory=dict)
    policies: list[JsonNode] = field(default_factory=list)


def build(config: ConfigText, platform: str) -> Device:
    """Return the device that a text describes."""
    text = read_json(config)
    export = Export(config, Ledger(config))
    found = _Found()
    recognised = [_search(document, found) for document in text.documents]
    policies = tuple(_Builder(export, found).policies())
    export.finish(text, recognised, _REMEDY)
    counts, diagnostics = export.ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    return Device(PurePath(config.path).stem, platform, source, policies, (), (), diagnostics)


def _search(document: JsonNode, found: _Found) -> bool:
    known = document.kind == "array" and not document.items
    for node in objects(document):
        if "allowed" in node.members or "denied" in node.members:
            network = redact_text(last_part(node.text("network") or "default"))
            found.networks.setdefault(network, []).append(node)
            known = True
        elif (rules := node.get("rules")) is not None and any("match" in one.members for one in rules.items):
            found.policies.append(node)
            known = True
        elif (
            (node.text("kind") or "").startswith("compute#")
            or "firewalls" in node.members
            or "firewallPolicys" in node.members
        ):
            known = True
    return known


class _Builder:
    """Puts policies together. Where the file is the answer for one network, its policies are followed in order."""

    def __init__(self, export: Export, found: _Found) -> None:
        self._export = export
        self._found = found
        self._names: set[str] = set()

    def policies(self) -> Iterator[Policy]:
        networks, listed = self._found.networks, self._found.policies
        for direction in (INGRESS, EGRESS):
            joined = len(networks) == 1 and bool(listed)
            lists = [self._network(name, rules, direction, joined=joined) for name, rules in networks.items()]
            before = [self._policy(one, direction, joined=joined) for one in listed if not _is_network(one)]
            behind = [self._policy(one, direction, joined=joined) for one in listed if _is_network(one)]
            called = [one for one in (*before, *lists, *behind) if one is not None]
            if joined and called:
                yield self._dispatch(f"{next(iter(networks))} effective {direction}", called, direction)
            yield from called

    def _network(self, name: str, rules: list[JsonNode], direction: str, *, joined: bool) -> Policy | None:
        mine = ordered(one for one in rules if direction_of(one) == direction)
        if not mine and direction == EGRESS:
            return None
        title = self._distinct(f"{name} {direction}")
        independent = not limits_instances(mine, direction) and not joined
        reader = RuleReader(self._export, title, direction, independent=independent)
        return Policy(
            title,
            "vpc-firewall",
            tuple(reader.rule(one, index) for index, one in enumerate(mine)),
            RETURN if joined else _DEFAULTS[direction],
            applied_to=(f"network {name}",),
            entry=not joined,
            origin=self._export.origin((mine or rules)[0].line, title),
        )

    def _policy(self, node: JsonNode, direction: str, *, joined: bool) -> Policy | None:
        rules = node.get("rules")
        mine = [one for one in rules.items if direction_of(one) == direction] if rules is not None else []
        if not mine:
            return None
        for key in ("name", "displayName", "shortName", "type", "rules"):
            member = node.get(key)
            if member is not None:
                self._export.ledger.understood(member.line)
                self._export.ledger.understood(member.end)
        mine.sort(key=priority_of)
        named = node.text("displayName") or node.text("shortName") or node.text("name") or f"line {node.line}"
        title = self._distinct(f"policy {redact_text(last_part(named))} {direction}")
        return Policy(
            title,
            "firewall-policy",
            tuple(rule_of(self._export, one, index, title) for index, one in enumerate(mine)),
            RETURN if joined else _NEXT,
            entry=not joined,
            origin=self._export.origin(node.line, title),
        )

    def _dispatch(self, name: str, called: list[Policy], direction: str) -> Policy:
        calls = []
        for index, one in enumerate(called):
            origin = one.origin or self._export.origin(1, name)
            calls.append(Rule(index, origin, Match(), Outcome(Verb.CALL, (one.name,)), name=one.name, calls=one.name))
        return Policy(self._distinct(name), "dispatch", (), _DEFAULTS[direction], implicit=tuple(calls))

    def _distinct(self, name: str) -> str:
        title, number = name, 2
        while title in self._names:
            title, number = f"{name} ({number})", number + 1
        self._names.add(title)
        return title


def _is_network(node: JsonNode) -> bool:
    """Return whether a firewall policy is one of a network: it comes behind the network's own rules."""
    return (node.text("type") or "").upper().startswith("NETWORK")
