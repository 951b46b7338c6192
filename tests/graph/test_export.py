"""Exports come back as the graph that went in."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import networkx as nx
import pytest

from rulecheck.graph import build_graph, clusters, join, object_cycles, rename_device, to_graphml, to_json
from rulecheck.model.device import ObjectUse
from tests.graph.test_graph import FINDINGS, GRAPH, LIST, _device, _objects

HOSTILE = '<x a="1">&amp;]]>\'\x00\x1b[31m\udc80\ufffe\u202e日本:%'


def _hostile() -> nx.MultiDiGraph:
    rules = replace(LIST, name=HOSTILE)
    return build_graph(
        _device(rules, objects=_objects(**{HOSTILE: f"A {HOSTILE}x"}), uses=(ObjectUse(HOSTILE, 0, "group", HOSTILE),)),
        (),
    )


def _read(text: str) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)


def _edges(graph: nx.MultiDiGraph) -> list[tuple[str, str, list[tuple[str, object]]]]:
    return sorted((one, two, sorted(data.items())) for one, two, data in graph.edges(data=True))


def test_graphml_comes_back() -> None:
    whole = join([GRAPH, rename_device(GRAPH, "other")])
    read = _read(to_graphml(whole))
    assert dict(read.nodes(data=True)) == dict(whole.nodes(data=True))
    assert _edges(read) == _edges(whole)
    assert read.is_directed()


def test_json_comes_back() -> None:
    whole = join([GRAPH, rename_device(GRAPH, "other")])
    data = json.loads(to_json(whole))
    assert set(data) == {"nodes", "edges", "clusters", "object_cycles"}
    assert data["clusters"] == clusters(whole)
    assert data["object_cycles"] == [list(cycle) for cycle in object_cycles(whole)]
    read = nx.node_link_graph(data, directed=True, multigraph=True, edges="edges")
    assert dict(read.nodes(data=True)) == dict(whole.nodes(data=True))
    assert _edges(read) == _edges(whole)


def test_hostile_names_survive_in_json() -> None:
    graph = _hostile()
    text = to_json(graph)
    text.encode("utf-8")
    assert all(char.isprintable() or char == "\n" for char in text)
    data = {one["id"]: one for one in json.loads(text)["nodes"]}
    assert set(data) == set(graph)
    assert HOSTILE in {one.get("name") for one in data.values()}


def test_hostile_names_make_no_other_graphml() -> None:
    graph = _hostile()
    text = to_graphml(graph)
    ElementTree.fromstring(text.encode("utf-8"))
    read = _read(text)
    assert set(read) == set(graph)
    assert {(one, two) for one, two in read.edges()} == {(one, two) for one, two in graph.edges()}
    names = {one for _, one in read.nodes(data="name") if one}
    assert any("日本" in name and "\ufffd" in name for name in names)


@pytest.mark.parametrize("write", [to_graphml, to_json])
def test_the_same_graph_gives_the_same_bytes(write: object) -> None:
    assert callable(write)
    assert write(build_graph(_device(LIST), FINDINGS)) == write(GRAPH)


def test_an_empty_graph_can_be_written() -> None:
    assert json.loads(to_json(join([]))) == {"nodes": [], "edges": [], "clusters": {}, "object_cycles": []}
    assert len(_read(to_graphml(join([])))) == 0
