"""Builds the rule graph of a device from its model and its findings."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from rulecheck.model.device import Device
from rulecheck.model.finding import Finding, Kind

if TYPE_CHECKING:
    import networkx as nx

    RuleGraph: TypeAlias = nx.MultiDiGraph


class EdgeKind(StrEnum):
    """What an edge says. The first three lead from the rule that takes packets to the rule that loses them."""

    SHADOWS = "shadows"
    COVERS = "covers"
    MAKES_REDUNDANT = "makes redundant"
    USES = "uses"
    CALLS = "calls"


_FINDING_EDGES = {
    Kind.SHADOWED: EdgeKind.SHADOWS,
    Kind.COVERED: EdgeKind.COVERS,
    Kind.REDUNDANT: EdgeKind.MAKES_REDUNDANT,
}


def rule_node(device: str, policy: str, index: int) -> str:
    """Return the node of a rule."""
    return f"rule:{device}:{policy}:{index}"


def object_node(device: str, kind: str, name: str) -> str:
    """Return the node of an object."""
    return f"object:{device}:{kind}:{name}"


def build_graph(device: Device, findings: Iterable[Finding]) -> RuleGraph:
    """Return the rule graph of a device.

    Rule nodes carry ``kind="rule"``, policy, index, line, outcome and ``finding`` (its kind, or ""). Object nodes
    carry ``kind="object"``, type, name and line; an object that is used but not defined has line 0. Edges carry
    ``kind`` (an :class:`EdgeKind`) and, between rules, the ``share`` of packets taken.
    """
    import networkx as nx

    graph: RuleGraph = nx.MultiDiGraph(device=device.name, platform=device.platform)
    _add_rules(graph, device)
    _add_objects(graph, device)
    for finding in findings:
        node = rule_node(device.name, finding.policy, finding.rule.index)
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
        node = object_node(device.name, one.kind, one.name)
        graph.add_node(node, kind="object", type=one.kind, name=one.name, line=one.origin.line)
        kinds.setdefault(one.name, node)
    for one in device.objects:
        for member in one.members:
            target = kinds.get(member) or _undefined(graph, device, "object", member)
            graph.add_edge(object_node(device.name, one.kind, one.name), target, kind=EdgeKind.USES.value)
    for use in device.uses:
        target = object_node(device.name, use.kind, use.name)
        if target not in graph:
            target = kinds.get(use.name) or _undefined(graph, device, use.kind, use.name)
        graph.add_edge(rule_node(device.name, use.policy, use.rule), target, kind=EdgeKind.USES.value)


def _undefined(graph: RuleGraph, device: Device, kind: str, name: str) -> str:
    node = object_node(device.name, kind, name)
    graph.add_node(node, kind="object", type=kind, name=name, line=0)
    return node
