"""The rule graph: nodes, edges, clusters, batches and cycles."""

from __future__ import annotations

import pytest

from rulecheck.engine.verdict import Taker, Verdict
from rulecheck.graph import (
    EdgeKind,
    batches,
    build_graph,
    clusters,
    join,
    object_cycles,
    object_node,
    rename_device,
    rule_node,
)
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy
from rulecheck.model.finding import Finding, Kind
from rulecheck.model.provenance import Origin
from tests.checks.hand import device, findings, taker
from tests.engine.notation import chain, policy

LIST = policy(
    [
        "deny 1-3 > any",
        "permit 4-9 > any",
        "permit 1-9 > any",
        "permit 5 > any",
        "permit none > any",
        "permit 20 > any",
        "permit 20-30 > any",
        "permit 40 > any if fqdn:a",
    ],
    name="OUT",
)
VERDICTS = {
    0: Verdict(None),
    2: Verdict(Kind.SHADOWED, takers=(taker(LIST, 0, 0.25), taker(LIST, 1, 0.75)), conflict=taker(LIST, 0, 0.25)),
    3: Verdict(Kind.COVERED, takers=(taker(LIST, 1),), single_covers=(1, 2)),
    4: Verdict(Kind.EMPTY),
    5: Verdict(Kind.REDUNDANT, takers=(taker(LIST, 6),)),
    7: Verdict(Kind.UNDECIDED, takers=(taker(LIST, 6),)),
}


def _objects(**members: str) -> tuple[ObjectDefinition, ...]:
    return tuple(
        ObjectDefinition(name, "group", Origin("fw.cfg", line, name), tuple(inner.split()))
        for line, (name, inner) in enumerate(members.items(), 50)
    )


def _device(
    *policies: Policy, objects: tuple[ObjectDefinition, ...] = (), uses: tuple[ObjectUse, ...] = (), name: str = "fw"
) -> Device:
    plain = device(*policies, name=name)
    return Device(plain.name, plain.platform, plain.source, policies, objects, uses)


def _node(index: int) -> str:
    return rule_node("fw", "OUT", index)


FINDINGS: tuple[Finding, ...] = findings(VERDICTS, LIST)
GRAPH = build_graph(_device(LIST), FINDINGS)


def test_every_rule_is_a_node_with_its_facts() -> None:
    assert list(GRAPH) == [_node(index) for index in range(8)]
    assert GRAPH.nodes[_node(0)] == {
        "kind": "rule",
        "device": "fw",
        "policy": "OUT",
        "index": 0,
        "line": 1,
        "outcome": "deny",
        "finding": "",
    }
    kinds = ["", "", "shadowed", "covered", "empty", "redundant", "", "undecided"]
    assert [kind for _, kind in GRAPH.nodes(data="finding")] == kinds


def test_evidence_is_an_edge_with_its_share_from_the_taker_to_the_loser() -> None:
    assert [(one, two, data) for one, two, data in GRAPH.edges(data=True)] == [
        (_node(0), _node(2), {"kind": "shadows", "share": 0.25}),
        (_node(1), _node(2), {"kind": "shadows", "share": 0.75}),
        (_node(1), _node(3), {"kind": "covers", "share": 1.0}),
        (_node(6), _node(5), {"kind": "makes redundant", "share": 1.0}),
    ]


def test_clusters_are_what_findings_connect_in_the_order_of_rules() -> None:
    first, second = (_node(n) for n in (0, 5))
    found = clusters(GRAPH)
    assert found == {**dict.fromkeys(map(_node, range(4)), found[first]), _node(5): 2, _node(6): 2}
    assert (found[first], found[second]) == (1, 2)


def test_batches_are_the_plan_by_clusters() -> None:
    assert batches(GRAPH, "fw", "OUT", (2, 3, 4, 5)) == ((2, 3), (4,), (5,))
    assert batches(GRAPH, "fw", "OUT", (2, 4, 3)) == ((2, 3), (4,))
    assert batches(GRAPH, "fw", "OUT", ()) == ()


def test_a_cover_in_another_list_is_an_edge_between_lists() -> None:
    guard = chain("GUARD", ["deny 1-9 > any"])
    caller = policy(["call GUARD any > any", "permit 5 > any", "goto GUARD 7 > any"], name="OUT")
    verdict = Verdict(Kind.SHADOWED, takers=(Taker("GUARD", 0, guard.rules[0].outcome, 1.0),))
    graph = build_graph(_device(caller, guard), findings({1: verdict}, caller, [guard]))
    target = rule_node("fw", "GUARD", 0)
    assert sorted(graph.edges(data="kind")) == [
        (target, _node(1), EdgeKind.SHADOWS.value),
        (_node(0), target, EdgeKind.CALLS.value),
        (_node(2), target, EdgeKind.CALLS.value),
    ]
    assert clusters(graph) == {_node(1): 1, target: 1}


def test_calls_stay_in_their_scope_and_to_empty_lists_have_no_edge() -> None:
    here = policy(["call GUARD any > any", "call NOTHING any > any"], name="OUT")
    other = Policy("GUARD", "chain", chain("GUARD", ["deny 1 > any"]).rules, scope="nat", entry=False)
    nothing = chain("NOTHING", [])
    assert not build_graph(_device(here, other, nothing), ()).edges


def test_objects_are_nodes_and_their_use_is_an_edge() -> None:
    objects = _objects(SERVERS="WEB GONE", WEB="")
    uses = (ObjectUse("OUT", 0, "group", "SERVERS"), ObjectUse("OUT", 1, "service", "MISSING"))
    graph = build_graph(_device(LIST, objects=objects, uses=uses), ())
    servers, web = object_node("fw", "group", "SERVERS"), object_node("fw", "group", "WEB")
    gone, missing = object_node("fw", "object", "GONE"), object_node("fw", "service", "MISSING")
    assert graph.nodes[servers] == {"kind": "object", "device": "fw", "type": "group", "name": "SERVERS", "line": 50}
    assert [graph.nodes[one]["line"] for one in (web, gone, missing)] == [51, 0, 0]
    assert set(graph.edges(data="kind")) == {
        (servers, web, "uses"),
        (servers, gone, "uses"),
        (_node(0), servers, "uses"),
        (_node(1), missing, "uses"),
    }
    assert not clusters(graph)


def test_cycles_of_objects() -> None:
    objects = _objects(A="B", B="C", C="A D", D="", SELF="SELF", X="Y", Y="X", Z="X")
    graph = build_graph(_device(LIST, objects=objects, uses=(ObjectUse("OUT", 0, "group", "A"),)), ())
    found = [tuple(graph.nodes[node]["name"] for node in cycle) for cycle in object_cycles(graph)]
    assert found == [("A", "B", "C"), ("SELF",), ("X", "Y")]


def test_no_cycles_without_objects() -> None:
    assert object_cycles(GRAPH) == ()


@pytest.mark.parametrize("name", ["other", "a:b", "", "\udc80", "fw"])
def test_a_device_gets_another_name(name: str) -> None:
    objects, uses = _objects(SERVERS="GONE"), (ObjectUse("OUT", 0, "group", "SERVERS"),)
    graph = build_graph(_device(LIST, objects=objects, uses=uses), FINDINGS)
    wanted = build_graph(_device(LIST, objects=objects, uses=uses, name=name), FINDINGS[:0])
    renamed = rename_device(graph, name)
    assert list(renamed) == list(wanted)
    assert renamed.graph == wanted.graph
    assert {one for _, one in renamed.nodes(data="device")} == {name}
    assert sorted(data["kind"] for _, _, data in renamed.edges(data=True)) == sorted(
        data["kind"] for _, _, data in graph.edges(data=True)
    )
    assert {one for _, one in graph.nodes(data="device")} == {"fw"}


def test_joined_graphs_have_everything_of_each() -> None:
    other = rename_device(GRAPH, "other")
    joined = join([GRAPH, other])
    assert list(joined) == [*GRAPH, *other]
    assert joined.number_of_edges() == 2 * GRAPH.number_of_edges()
    assert len(join([])) == 0


def test_names_with_separators_do_not_meet() -> None:
    assert rule_node("a:b", "c", 0) != rule_node("a", "b:c", 0)
    assert rule_node("a%3Ab", "c", 0) != rule_node("a:b", "c", 0)
    assert object_node("a", "b:c", "d") != object_node("a", "b", "c:d")
    assert rule_node("a\x01", "c", 0) != rule_node("a\x02", "c", 0)
