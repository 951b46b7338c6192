"""``--graph``: the rule graph of all devices as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.cli.samples import ASA, IPTABLES
from tests.conftest import RunRulecheck


def _nodes(path: Path) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(path.read_text())["nodes"]}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_graphs_of_all_devices_are_joined(rulecheck: RunRulecheck, tmp_path: Path, jobs: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/fw.rules").write_text(IPTABLES)
    (tmp_path / "in/edge.cfg").write_text(ASA)
    done = rulecheck("analyze", "in", "--jobs", jobs, "-o", "r.txt", "--graph", "out/g.graphml", "--graph", "g.JSON")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [f"rulecheck: wrote {name}" for name in ("r.txt", "out/g.graphml", "g.JSON")]
    read = nx.read_graphml(tmp_path / "out/g.graphml", force_multigraph=True)
    assert set(read) == set(_nodes(tmp_path / "g.JSON"))
    assert {data["device"] for _, data in read.nodes(data=True)} == {"edge", "fw"}
    assert {
        (one, two, data["kind"], data["share"]) for one, two, data in read.edges(data=True) if data["kind"] != "uses"
    } == {
        ("rule:edge:OUTSIDE:0", "rule:edge:OUTSIDE:1", "covers", 1.0),
        ("rule:fw:INPUT:0", "rule:fw:INPUT:1", "covers", 1.0),
        ("rule:fw:INPUT:0", "rule:fw:INPUT:2", "shadows", 1.0),
    }
    assert ("rule:edge:OUTSIDE:0", "object:edge:object-group network:SERVERS") in {
        (one, two) for one, two, kind in read.edges(data="kind") if kind == "uses"
    }


def test_devices_of_one_name_stay_apart_under_the_names_of_the_report(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    for name in ("one.cfg", "two.cfg"):
        (tmp_path / name).write_text(ASA)
    rulecheck("analyze", "one.cfg", "two.cfg", "-o", "r.json", "--graph", "g.json")
    names = {one["name"] for one in json.loads((tmp_path / "r.json").read_text())["devices"]}
    assert names == {"edge (one)", "edge (two)"}
    nodes = _nodes(tmp_path / "g.json")
    assert {one["device"] for one in nodes.values()} == names
    assert {"rule:edge (one):OUTSIDE:0", "rule:edge (two):OUTSIDE:0"} <= set(nodes)


def test_the_report_still_goes_to_standard_output(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "fw.rules").write_text(IPTABLES)
    done = rulecheck("analyze", "fw.rules", "--graph", "g.json")
    assert done.stdout == rulecheck("analyze", "fw.rules").stdout
    assert done.stderr == "rulecheck: wrote g.json\n"


def test_hostile_names_do_not_break_the_file(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    hostile = IPTABLES.replace(
        "-A INPUT -s 192.0.2.7/32",
        '-A INPUT -j "<a>&\x1b[31m"\n-A INPUT -j "<a>&\x02[31m"\n-A INPUT -s 192.0.2.7/32',
    ).replace(":OUTPUT", ":<a>&\x1b[31m - [0:0]\n:<a>&\x02[31m - [0:0]\n:OUTPUT")
    hostile = hostile.replace("COMMIT", '-A "<a>&\x1b[31m" -j DROP\n-A "<a>&\x02[31m" -j DROP\nCOMMIT')
    (tmp_path / "fw.rules").write_text(hostile)
    done = rulecheck("analyze", "fw.rules", "--vendor", "iptables", "--graph", "g.graphml", "--graph", "g.json")
    assert done.returncode == 0
    assert "internal error" not in done.stderr
    read = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert set(read) == set(_nodes(tmp_path / "g.json"))
    assert {"rule:fw:<a>&%1B[31m:0", "rule:fw:<a>&%02[31m:0"} <= set(read)
    ElementTree.fromstring((tmp_path / "g.graphml").read_text())


def test_an_old_graph_survives_a_run_without_inputs_and_is_no_input(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    graph = tmp_path / "in/g.json"
    graph.write_text("old")
    done = rulecheck("analyze", "in", "--graph", "in/g.json")
    assert done.returncode == 2
    assert "there is no file to analyse in in" in done.stderr
    assert graph.read_text() == "old"


def test_a_graph_replaces_no_input(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "fw.json").write_text(IPTABLES)
    done = rulecheck("analyze", "fw.json", "--graph", "./fw.json")
    assert done.returncode == 2
    assert "is an input" in done.stderr
    assert (tmp_path / "fw.json").read_text() == IPTABLES
