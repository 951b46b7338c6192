"""Device names are unique within a run."""

from __future__ import annotations

from rulecheck.cli.naming import with_unique_names
from rulecheck.model.device import LineCounts, Severity, SourceFile
from rulecheck.model.finding import Confidence, DeviceReport, Finding, Kind, RemovalPlan, RuleRef


def _device(name: str, path: str) -> DeviceReport:
    source = SourceFile(path, "0" * 64, LineCounts(1, 0, 0, 0))
    rule = RuleRef("A", 0, 1, "permit", "permit")
    finding = Finding(
        "id", "RC102", Kind.COVERED, Severity.LOW, Confidence.EXACT, name, "A", rule, "It is covered.", "Remove it."
    )
    return DeviceReport(name, "iptables", source, (), (), (finding,), (RemovalPlan(name, "A", (0,), True),))


def _names(*devices: tuple[str, str]) -> list[str]:
    renamed = with_unique_names([_device(*one) for one in devices])
    for device in renamed:
        assert {device.name} == {one.device for one in device.findings} == {one.device for one in device.plans}
    return [device.name for device in renamed]


def test_unique_names_stay() -> None:
    devices = [_device("a", "x.cfg"), _device("b", "x.cfg")]
    assert with_unique_names(devices) == tuple(devices)


def test_equal_names_get_the_stem_of_their_file() -> None:
    assert _names(("fw", "one.cfg"), ("b", "b.cfg"), ("fw", "two.cfg")) == ["fw (one)", "b", "fw (two)"]


def test_equal_stems_get_a_number() -> None:
    assert _names(("fw", "a/x.cfg"), ("fw", "b/x.cfg"), ("fw", "c/x.cfg")) == ["fw (x)", "fw (x) 2", "fw (x) 3"]


def test_an_invented_name_meets_no_real_one() -> None:
    assert _names(("fw", "x.cfg"), ("fw", "y.cfg"), ("fw (x)", "z.cfg")) == ["fw (x)", "fw (y)", "fw (x) 2"]


def test_no_name_becomes_the_stem() -> None:
    assert _names(("", "dir/edge.rules")) == ["edge"]
