"""Writes rule graphs as GraphML and as node-link JSON, for graph tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from rulecheck.graph.cluster import clusters, object_cycles

if TYPE_CHECKING:
    from rulecheck.graph.build import RuleGraph

_Value = TypeVar("_Value")

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry, not even escaped."""


def join(graphs: Iterable[RuleGraph]) -> RuleGraph:
    """Return the graphs of devices with different names as one; node names carry the device."""
    import networkx as nx

    found = list(graphs)
    if not found:
        return nx.MultiDiGraph()
    return nx.union_all(found)


def to_graphml(graph: RuleGraph) -> str:
    """Return a graph as GraphML text. In values, what XML cannot carry becomes U+FFFD; names of nodes have none."""
    import networkx as nx

    clean: RuleGraph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        clean.add_node(node, **{key: _xml(value) for key, value in data.items()})
    for one, two, data in graph.edges(data=True):
        clean.add_edge(one, two, **{key: _xml(value) for key, value in data.items()})
    return "\n".join(nx.generate_graphml(clean)) + "\n"


def _xml(value: _Value) -> _Value | str:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value


def to_json(graph: RuleGraph) -> str:
    """Return a graph as node-link JSON text, with what it tells.

    ``{"nodes": […], "edges": […], "clusters": {rule: number}, "object_cycles": [[object, …], …]}``
    """
    import networkx as nx

    data = nx.node_link_data(graph, edges="edges")
    told = {"clusters": clusters(graph), "object_cycles": object_cycles(graph)}
    return json.dumps({"nodes": data["nodes"], "edges": data["edges"], **told}, indent=2) + "\n"
