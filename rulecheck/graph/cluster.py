"""What the rule graph tells: findings that belong together, removal batches, and cycles of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecheck.graph.build import EdgeKind, rule_node

if TYPE_CHECKING:
    from rulecheck.graph.build import RuleGraph

_EVIDENCE = frozenset({EdgeKind.SHADOWS.value, EdgeKind.COVERS.value, EdgeKind.MAKES_REDUNDANT.value})


def clusters(graph: RuleGraph) -> dict[str, int]:
    """Return a cluster number for each rule that a finding names, as the rule or as evidence.

    Rules are in one cluster when findings connect them. Numbers count from 1 in the order of the rules.
    """
    import networkx as nx

    pairs = [(one, two) for one, two, kind in graph.edges(data="kind") if kind in _EVIDENCE]
    order = {node: position for position, node in enumerate(graph)}
    groups = sorted(
        (sorted(group, key=order.__getitem__) for group in nx.connected_components(nx.Graph(pairs))),
        key=lambda group: order[group[0]],
    )
    return {node: number for number, group in enumerate(groups, start=1) for node in group}


def batches(graph: RuleGraph, device: str, policy: str, remove: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the rules of a removal plan as batches: those of one cluster go together.

    A rule without a cluster (an empty one) is a batch of its own. The batches are in the order of their first rules.
    """
    numbers = clusters(graph)
    found: dict[object, list[int]] = {}
    for index in remove:
        node = rule_node(device, policy, index)
        found.setdefault(numbers.get(node, node), []).append(index)
    return tuple(tuple(batch) for batch in found.values())


def object_cycles(graph: RuleGraph) -> tuple[tuple[str, ...], ...]:
    """Return the groups of objects that contain each other, each as its nodes in order of definition."""
    import networkx as nx

    objects = [node for node, kind in graph.nodes(data="kind") if kind == "object"]
    order = {node: position for position, node in enumerate(objects)}
    uses = graph.subgraph(objects)
    found = [
        tuple(sorted(group, key=order.__getitem__))
        for group in nx.strongly_connected_components(uses)
        if len(group) > 1 or any(uses.has_edge(node, node) for node in group)
    ]
    return tuple(sorted(found, key=lambda group: order[group[0]]))
