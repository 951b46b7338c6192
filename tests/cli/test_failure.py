"""Errors in rulecheck itself: one line, no secret, and the rest of the run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import rulecheck.analysis
import rulecheck.cli
from reports import json_report
from rulecheck.analysis import Analysis
from rulecheck.cli.failure import TRACEBACK_VARIABLE, describe
from rulecheck.cli.group import cli
from rulecheck.model.device import Device
from rulecheck.model.finding import Report
from tests.cli.samples import ASA, IPTABLES

SECRET = "hunter2"


def _failing(*_: object) -> str:
    raise RuntimeError(SECRET)


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(TRACEBACK_VARIABLE, raising=False)
    Path("a.cfg").write_text(ASA)
    Path("b.rules").write_text(IPTABLES)


def test_an_analysis_that_fails_is_an_error_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    original = rulecheck.analysis.analyze_device

    def analysis(device: Device, *_: object, **__: object) -> Analysis:
        if device.platform == "cisco_asa":
            raise RuntimeError(SECRET)
        return original(device)

    monkeypatch.setattr(rulecheck.analysis, "analyze_device", analysis)
    result = CliRunner().invoke(cli, ["analyze", "a.cfg", "b.rules"], standalone_mode=False)
    assert result.return_value == 2
    assert result.stderr.startswith("rulecheck: a.cfg: internal error: RuntimeError at rulecheck/cli/worker.py:")
    assert len(result.stderr.splitlines()) == 1
    assert "b.rules" in result.stdout
    assert SECRET not in result.output


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_running_out_of_memory_is_an_error_of_its_file(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def analysis(*_: object, **__: object) -> Analysis:
        raise error

    monkeypatch.setattr(rulecheck.analysis, "analyze_device", analysis)
    result = CliRunner().invoke(cli, ["analyze", "a.cfg"], standalone_mode=False)
    assert result.return_value == 2
    assert ("ran out of memory" in result.stderr) == (error is MemoryError)
    assert len(result.stderr.splitlines()) == 1


def test_a_writer_that_fails_leaves_the_others_their_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_report, "render", _failing)
    arguments = ["analyze", "b.rules", "-o", "r.json", "-o", "r.html", "--format", "text"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.return_value == 2
    assert not Path("r.json").exists()
    assert Path("r.html").exists()
    assert "covered" in result.stdout
    assert [line.split("; ")[0].split(" at ")[0] for line in result.stderr.splitlines()] == [
        "rulecheck: r.json: internal error: RuntimeError",
        "rulecheck: wrote r.html",
    ]
    assert SECRET not in result.output


def test_the_last_resort_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("rulecheck.cli.analyze.find_inputs", _failing)
    monkeypatch.setattr("sys.argv", ["rulecheck", "analyze", "a.cfg"])
    with pytest.raises(SystemExit) as end:
        rulecheck.cli.main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("rulecheck: internal error: RuntimeError at ")


def test_developers_can_ask_for_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TRACEBACK_VARIABLE, "1")
    with pytest.raises(ValueError, match="ReportModel") as caught:
        json_report.render(Report(version=[]))  # type: ignore[arg-type]
    assert describe(caught.value).startswith("internal error: ValidationError at reports/json_report.py:")
    assert "Traceback" in capsys.readouterr().err
