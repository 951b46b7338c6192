"""Large configurations are what they claim to be, and what is measured on them is written as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import large_child, large_inputs
from benchmarks.generators.growing import CASES
from benchmarks.generators.large_texts import TEXTS
from benchmarks.large_inputs import BEGIN, DOCUMENT, END, Large, growth_table, large_table, machine_line, replaced
from benchmarks.parser_growth import Growth
from benchmarks.results import Machine
from parsers.registry import PARSERS, detect, load
from tests.parsers.fuzzing.checks import check, text_of


@pytest.mark.parametrize("platform", TEXTS)
def test_a_generated_configuration_is_understood_as_a_whole(platform: str) -> None:
    lines = list(TEXTS[platform](12_000, 1))
    text = text_of(lines)
    assert detect(text) == platform
    (device,) = load(platform).parse(text)
    assert device.source.lines.unknown == 0
    assert [one for one in device.diagnostics if one.affects_verdicts] == []
    rules = [rule for policy in device.policies for rule in policy.rules]
    assert len(rules) > 200
    assert sum(bool(rule.match.must()) for rule in rules) > 0.8 * len(rules)
    assert 0.8 * 12_000 < len(lines) < 1.4 * 12_000


@pytest.mark.parametrize("platform", TEXTS)
def test_the_same_seed_makes_the_same_text(platform: str) -> None:
    one, two, other = (list(TEXTS[platform](1_000, seed)) for seed in (1, 1, 2))
    assert one == two != other


@pytest.mark.parametrize("case", CASES)
def test_what_grows_is_read(case: str) -> None:
    platform, make = CASES[case]
    text = text_of(make(50))
    assert detect(text) == platform
    (device,) = check(load(platform), text)
    if "unknown" not in case:
        assert [one for one in device.diagnostics if one.affects_verdicts] == []
        rules = [rule for policy in device.policies for rule in policy.rules]
        assert rules
        assert len(rules) >= 25 or any(len(rule.match.source.elements) >= 25 or "chain" in case for rule in rules)


def test_every_platform_grows_in_some_case() -> None:
    assert {platform for platform, _ in CASES.values()} >= set(PARSERS) - {"pfsense", "opnsense"}


def test_a_file_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "a.cfg"
    path.write_text("\n".join(TEXTS["neutral"](200, 1)), encoding="utf-8")
    found = large_child.measure("neutral", str(path))
    assert found["rules"] == 199
    assert found["unknown"] == 0
    with pytest.raises(ValueError, match="recognised as neutral, not panos"):
        large_child.measure("panos", str(path))


def test_steep_growth() -> None:
    assert Growth("x", 10, 1.0, 3.5, 1).steep
    assert not Growth("x", 10, 1.0, 2.5, 1).steep
    assert not Growth("x", 10, 0.01, 0.9, 1).steep


def test_tables() -> None:
    rows = [Large("panos", 2_600_000, 100.4, 50_000, 1.0, 0.5, 30.25, 31.0, 1_536_000)]
    assert large_table(rows).splitlines()[-1] == (
        "| panos | 2,600,000 | 100 | 50,000 | 31.8 s | 1.0 s | 0.5 s | 30.2 s | 31.0 s | 1,500 MiB |"
    )
    assert growth_table([Growth("x", 1_000, 0.5, 1.0, 2_048)]).splitlines()[-1] == (
        "| x | 1,000 | 0.5 s | 1.0 s | 2.0 | 2 MiB |"
    )
    assert "load 1.5 at the start" in machine_line(Machine("CPU", 2, 4, "3.11", {}), 1, 1.5)


def test_results_are_replaced_between_the_marks() -> None:
    assert replaced(f"a\n{BEGIN}\nold\n{END}\nb\n", "new") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb\n"
    with pytest.raises(ValueError, match="needs the lines"):
        replaced("a", "new")
    document = DOCUMENT.read_text(encoding="utf-8")
    assert replaced(document, "x") != document


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document = tmp_path / "large-inputs.md"
    document.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    monkeypatch.setattr(large_inputs, "DOCUMENT", document)
    options = ["x", "--only", "iptables", "--scale", "0.005", "--growth", "0", "--write"]
    monkeypatch.setattr(sys, "argv", options)
    large_inputs.main()
    assert "| iptables | 1,000 |" in capsys.readouterr().out
    assert "| iptables | 1,000 |" in document.read_text(encoding="utf-8")
