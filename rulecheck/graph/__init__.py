"""The rule graph: rules and objects as nodes; who shadows, covers, replaces and uses whom as edges."""

from rulecheck.graph.build import EdgeKind, build_graph, object_node, rename_device, rule_node
from rulecheck.graph.cluster import batches, clusters, object_cycles
from rulecheck.graph.export import join, to_graphml, to_json

__all__ = [
    "EdgeKind",
    "batches",
    "build_graph",
    "clusters",
    "join",
    "object_cycles",
    "object_node",
    "rename_device",
    "rule_node",
    "to_graphml",
    "to_json",
]
