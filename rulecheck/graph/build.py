"""Builds the rule graph of a device from its model and its findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from rulecheck.model.device import Device
from rulecheck.model.finding import Finding, Kind

if TYPE_CHECKING:
    import networkx as nx

    RuleGraph: TypeAlias = nx.MultiDiGraph


class EdgeKind(StrEnum):
    """What an edge says. The first four lead from the rule that takes packets to the rule that loses them."""

    SHADOWS = "shadows"
    COVERS = "covers"
    MAKES_REDUNDANT = "makes redundant"
    PARTLY_SHADOWS = "partly shadows"
    USES = "uses"
    CALLS = "calls"


_FINDING_EDGES = {
    Kind.SHADOWED: EdgeKind.SHADOWS,
    Kind.COVERED: EdgeKind.COVERS,
    Kind.REDUNDANT: EdgeKind.MAKES_REDUNDANT,
    Kind.PARTIALLY_SHADOWED: EdgeKind.PARTLY_SHADOWS,
}


_ESCAPED = re.compile("[%:]|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a name in a node's name may not contain: the separator, and characters that XML 1.0 cannot carry."""


def rule_node(device: str, policy: str, index: int) -> str:
    """Return the node of a rule. Different rules have different nodes, whatever their names contain."""
    return f"rule:{_part(device)}:{_part(policy)}:{index}"


def object_node(device: str, kind: str, name: str) -> str:
    """Return the node of an object."""
    return f"object:{_part(device)}:{_part(kind)}:{_part(name)}"


def _part(name: str) -> str:
    """Return a name with what it may not contain as ``%XX`` for each byte of its UTF-8 form."""
    return _ESCAPED.sub(lambda found: "".join(f"%{one:02X}" for one in found[0].encode("utf-8", "surrogatepass")), name)


def build_graph(device: Device, findings: Iterable[Finding]) -> RuleGraph:
    """Return the rule graph of a device.

    Rule nodes carry ``kind="rule"``, device, policy, index, line, outcome and ``finding`` (the kind of its first, or
    ""). Object nodes carry ``kind="object"``, device, type, name and line; an object that is used but not defined has
    line 0.
    Edges carry ``kind`` (an :class:`EdgeKind`); those of evidence also the ``share`` of packets taken, 0 to 1.
    """
    import networkx as nx

    graph: RuleGraph = nx.MultiDiGraph(device=device.name, platform=device.platform)
    _add_rules(graph, device)
    _add_objects(graph, device)
    for finding in findings:
        node = rule_node(device.name, finding.policy, finding.rule.index)
        if not graph.nodes[node]["finding"]:
            graph.nodes[node]["finding"] = finding.kind.value
        kind = _FINDING_EDGES.get(finding.kind)
        if kind is None:
            continue
        for cover in finding.by:
            taker = rule_node(device.name, cover.rule.policy, cover.rule.index)
            graph.add_edge(taker, node, kind=kind.value, share=cover.share)
    return graph


def _add_rules(graph: RuleGraph, device: Device) -> None:
    first: dict[tuple[str, str], str] = {}
    for policy in device.policies:
        for rule in policy.rules:
            node = rule_node(device.name, policy.name, rule.index)
            graph.add_node(
                node,
                kind="rule",
                device=device.name,
                policy=policy.name,
                index=rule.index,
                line=rule.origin.line,
                outcome=rule.outcome.label,
                finding="",
            )
            first.setdefault((policy.scope, policy.name), node)
    for policy in device.policies:
        for rule in policy.rules:
            callee = first.get((policy.scope, rule.calls or ""))
            if rule.calls and callee:
                graph.add_edge(rule_node(device.name, policy.name, rule.index), callee, kind=EdgeKind.CALLS.value)


def _add_objects(graph: RuleGraph, device: Device) -> None:
    kinds: dict[str, str] = {}
    for one in device.objects:
        node = _add_object(graph, device, one.kind, one.name, one.origin.line)
        kinds.setdefault(one.name, node)
    for one in device.objects:
        for member in one.members:
            target = kinds.get(member) or _undefined(graph, device, "object", member)
            graph.add_edge(object_node(device.name, one.kind, one.name), target, kind=EdgeKind.USES.value)
    for use in device.uses:
        target = object_node(device.name, use.kind, use.name)
        if target not in graph:
            target = kinds.get(use.name) or _undefined(graph, device, use.kind, use.name)
        if use.rule is not None:
            graph.add_edge(rule_node(device.name, use.policy, use.rule), target, kind=EdgeKind.USES.value)


def _undefined(graph: RuleGraph, device: Device, kind: str, name: str) -> str:
    return _add_object(graph, device, kind, name, 0)


def _add_object(graph: RuleGraph, device: Device, kind: str, name: str, line: int) -> str:
    node = object_node(device.name, kind, name)
    graph.add_node(node, kind="object", device=device.name, type=kind, name=name, line=line)
    return node


def rename_device(graph: RuleGraph, name: str) -> RuleGraph:
    """Return the rule graph of a device under another name of the device."""
    import networkx as nx

    nodes = {}
    for node, data in graph.nodes(data=True):
        if data["kind"] == "rule":
            nodes[node] = rule_node(name, data["policy"], data["index"])
        else:
            nodes[node] = object_node(name, data["type"], data["name"])
    renamed: RuleGraph = nx.relabel_nodes(graph, nodes)
    nx.set_node_attributes(renamed, name, "device")
    renamed.graph["device"] = name
    return renamed
