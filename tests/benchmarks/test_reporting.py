"""Table and plot are written from stored results, and say what was measured.

To renew the golden files after a change on purpose: ``RULECHECK_UPDATE_GOLDEN=1 pytest tests/benchmarks``.
"""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import tables
from benchmarks.document import BEGIN, END, charts, replaced, write
from benchmarks.goals import answers, growth, times_faster
from benchmarks.plot import Chart, Series, draw, spread
from benchmarks.results import Command, Machine, Measured, Results, Run, from_json, to_json
from benchmarks.suite import STORED, Options, disagreements, measure, planned

GOLDEN = Path(__file__).with_name("golden")


def run(rules: int, wall: float, dead: int = 3, digest: str = "a") -> Run:
    found = {"live": rules - dead - 2, "redundant": 2, "removable": dead, "shadowed": dead}
    return Run(rules, 0.1, wall, 40_000, 102_400, dead, digest, wall, found)


def measured(subject: str, name: str, rules: int, wall: float, dead: int = 3, digest: str = "a") -> Measured:
    return Measured(subject, name, rules, run(rules, wall, dead, digest), 3, wall * 0.9, wall * 1.1)


RESULTS = Results(
    rulecheck="9.9",
    machine=Machine("Example CPU", 2, 8, "3.11.7", {"numpy": "2.0", "dd": "0.6"}),
    seed=1,
    limit=600,
    measured=(
        measured("engine", "policy", 5_000, 0.2),
        measured("cudd", "policy", 5_000, 6.0),
        measured("aerleon", "policy", 5_000, 20.0, dead=2, digest="b"),
        measured("engine", "policy", 10_000, 0.5),
        measured("engine", "policy", 100_000, 50.0),
        measured("engine", "checkerboard", 5_000, 0.4),
        Measured("cudd", "checkerboard", 5_000, failure="over 600 s"),
        measured("engine", "cover-disjoint", 1_000, 0.05),
        Measured("engine", "dense", 10_000, failure="over 600 s"),
    ),
    commands=(
        Command(10_000, 9_000, 0.7, 3.0, 3.1, 204_800, {"engine": 1.0, "recognise and parse": 2.0}, {"shadowed": 1}),
        Command(100_000, 91_000, 8.8, 30.0, 31.0, 921_600, {"engine": 20.0, "recognise and parse": 10.0}, {}),
    ),
)
WORDS = tables.WORDS


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("RULECHECK_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_the_tables_are_as_reviewed() -> None:
    check("tables.md", tables.render(RESULTS))


def test_the_plot_is_as_reviewed() -> None:
    check("plot.svg", draw(charts(RESULTS), "Time by number of rules"))


def test_the_plot_is_well_formed_and_has_a_line_for_each_set_with_a_name() -> None:
    root = ET.fromstring(draw(charts(RESULTS), "a < b & c"))
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert root.find("{http://www.w3.org/2000/svg}title").text == "a < b & c"  # type: ignore[union-attr]
    assert {"policy-like", "checkerboard", "CUDD, policy-like", "Aerleon, policy-like"} <= set(words)
    assert "dense overlaps" not in words


def test_results_survive_being_stored() -> None:
    assert from_json(to_json(RESULTS)) == RESULTS


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "rulecheck.benchmarks/0"}'])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"schema|Expecting"):
        from_json(text)


def test_goals_are_judged_by_what_was_measured() -> None:
    found = {one.goal: one for one in answers(RESULTS, WORDS)}
    policy, checkerboard = WORDS["policy"], WORDS["checkerboard"]
    assert found[f"{policy}, 10,000: 0.8 s, 300 MiB"].met
    assert not found[f"{policy}, 100,000: 15 s, 2,000 MiB"].met
    assert found[f"{checkerboard}, 5,000: 0.6 s, 300 MiB"].measured == "0.40 s, 100 MiB"
    assert f"{policy}, 50,000: 5 s, 1,000 MiB" not in found
    assert not found["growth from 10,000 to 100,000 policy-like rules below n^1.8"].met
    assert found["25 times as fast as CUDD's cumulative union on 5,000 policy-like rules"].measured == "30.0 times"
    assert found["whole command on 100,000 lines of ASA configuration: 40 s"].met


def test_growth_and_factors_need_both_measurements() -> None:
    assert growth(RESULTS, "policy", 10_000, 100_000) == pytest.approx(2.0)
    assert growth(RESULTS, "policy", 10_000, 50_000) is None
    assert times_faster(RESULTS, "cudd", "policy", 5_000) == pytest.approx(30.0)
    assert times_faster(RESULTS, "cudd", "checkerboard", 5_000) is None


def test_only_exact_peers_have_to_agree() -> None:
    assert disagreements(list(RESULTS.measured)) == []
    other = measured("cudd", "policy", 10_000, 1.0, digest="b")
    assert disagreements([*RESULTS.measured, other]) == ["policy with 10,000 rules"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [([], []), ([10, 50], [10, 50]), ([10, 12, 13], [10, 24, 38]), ([95, 99], [86, 100]), ([1, 200], [1, 100])],
)
def test_labels_never_lie_over_each_other(wanted: list[float], expected: list[float]) -> None:
    assert spread(wanted, 14, 100) == expected


def test_a_chart_without_points_is_left_out() -> None:
    empty = Chart("empty", "x", "y", (Series("nothing", (), 0),))
    assert "empty" not in draw([empty], "words")


def test_only_the_marked_part_of_the_document_is_replaced() -> None:
    text = replaced(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new\n")
    assert text == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert replaced(text, "new\n") == text
    with pytest.raises(ValueError, match="needs the lines"):
        replaced("before\nafter\n", "new\n")


def test_the_documents_are_what_the_stored_results_give(tmp_path: Path) -> None:
    document = (STORED.parent / "benchmarks.md").read_text(encoding="utf-8")
    (tmp_path / "benchmarks.md").write_text(document, encoding="utf-8")
    write(STORED, tmp_path)
    for name in ("benchmarks.md", "benchmarks.svg"):
        assert (tmp_path / name).read_bytes() == (STORED.parent / name).read_bytes(), f"{name}: run make bench-docs"


def test_every_peer_follows_the_engine_on_the_same_set() -> None:
    plan = list(planned(Options(5_000, None, 1, 1, 60)))
    assert ("cudd", "policy", 5_000) in plan
    assert ("engine", "policy", 10_000) not in plan
    for at, (subject, name, rules) in enumerate(plan):
        assert subject == "engine" or ("engine", name, rules) in plan[:at]


def test_the_suite_measures_in_another_process_and_notes_failures() -> None:
    found = measure("engine", "hosts", 50, Options(50, None, 1, 2, 60))
    assert found.run is not None
    assert (found.runs, found.run.rules) == (2, 50)
    assert found.fastest <= found.run.wall <= found.slowest
    late = measure("engine", "hosts", 50, Options(50, None, 1, 1, 0.01))
    assert (late.run, late.failure) == (None, "over 0 s")
