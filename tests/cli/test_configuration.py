"""``rulecheck.toml`` and ``--today``: what they change, and what is said of one that cannot be used."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rulecheck.checks.observing import CODES
from rulecheck.checks.settings import DEFAULT_SETTINGS
from rulecheck.cli.configuration import ConfigurationError, read_settings
from rulecheck.cli.group import cli
from rulecheck.cli.settings import find_configuration, settings_for
from rulecheck.model.device import Severity
from tests.cli.samples import ASA

TODAY = date(2025, 6, 1)
OPEN = "access-list OUTSIDE extended permit tcp any4 host 198.51.100.10 eq telnet\n"
RISKY = ASA.replace("access-list OUTSIDE extended deny", OPEN + "access-list OUTSIDE extended deny")
TEMPORARY = ASA.replace(
    "access-list OUTSIDE extended permit tcp any4 object-group",
    "time-range T\n absolute end 18:00 31 May 2025\n"
    "access-list OUTSIDE extended permit udp any4 host 198.51.100.10 eq 9999 time-range T\n"
    "access-list OUTSIDE extended permit tcp any4 object-group",
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.cfg").write_text(RISKY)
    Path("t.cfg").write_text(TEMPORARY)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["analyze", *arguments], standalone_mode=False)


def _findings(*arguments: str) -> list[dict[str, Any]]:
    result = _run("a.cfg", "--format", "json", *arguments)
    assert result.return_value == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def _codes(*arguments: str) -> set[str]:
    return {one["code"] for one in _findings(*arguments)}


def test_without_a_file_everything_is_looked_for() -> None:
    assert {"RC102", "RC202", "RC205"} <= _codes()
    assert settings_for(None, TODAY) == replace(DEFAULT_SETTINGS, today=TODAY)


def test_the_nearest_file_upward_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rulecheck.toml").write_text('[checks]\ndisable = ["RC205"]\n')
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    assert find_configuration(below) == tmp_path / "rulecheck.toml"
    (tmp_path / "one" / "rulecheck.toml").write_text("")
    assert find_configuration(below) == tmp_path / "one" / "rulecheck.toml"
    assert "RC205" not in _codes()
    monkeypatch.chdir(below)
    Path("a.cfg").write_text(RISKY)
    assert "RC205" in _codes()


def test_a_named_file_comes_before_the_one_in_the_folder() -> None:
    Path("rulecheck.toml").write_text("nonsense")
    Path("mine.toml").write_text('[checks]\ndisable = ["RC2xx"]\n')
    assert not any(code.startswith("RC2") for code in _codes("--config", "mine.toml"))


def test_only_what_is_enabled_runs() -> None:
    Path("rulecheck.toml").write_text('[checks]\nenable = ["RC205", "RC4xx"]\ndisable = ["RC404"]\n')
    settings = read_settings(Path("rulecheck.toml"), TODAY)
    assert set(CODES) - settings.disabled == {"RC205", "RC401", "RC402", "RC403", "RC405"}
    assert "RC102" in _codes()


def test_severities_change_findings_and_gates() -> None:
    assert _run("a.cfg", "--fail-on", "critical").return_value == 0
    Path("rulecheck.toml").write_text('[checks.severity]\nRC205 = "critical"\nrc102 = "info"\n')
    found = {one["code"]: one["severity"] for one in _findings()}
    assert (found["RC205"], found["RC102"]) == ("critical", "info")
    assert _run("a.cfg", "--fail-on", "critical").return_value == 1


def test_information_never_fails_a_gate() -> None:
    words = "\n".join(f'{code} = "info"' for code in sorted(_codes()))
    Path("rulecheck.toml").write_text(f"[checks.severity]\n{words}\n")
    assert _run("a.cfg", "--fail-on", "low").return_value == 0


def test_thresholds_requirements_and_zones() -> None:
    Path("rulecheck.toml").write_text(
        "[checks.thresholds]\nports = 5\nexamples = 1\n[checks.require]\nlog = true\ndescription = true\n"
        '[zones]\noutside = ["Untrust"]\ninside = ["outside"]\nown_addresses = ["203.0.113.0/24", "2001:db8::/32"]\n'
    )
    settings = read_settings(Path("rulecheck.toml"), TODAY)
    assert (settings.thresholds.ports, settings.thresholds.examples, settings.thresholds.ipv4_prefix) == (5, 1, 8)
    assert (settings.log_everywhere, settings.describe_everywhere) == (True, True)
    assert (settings.outside, settings.inside) == (frozenset({"untrust"}), frozenset({"outside"}))
    assert settings.own.size == 256 + (1 << 96)
    assert {"RC403", "RC404"} <= _codes()
    assert "RC205" not in _codes()


def test_an_empty_file_changes_nothing() -> None:
    Path("rulecheck.toml").write_text("\ufeff# nothing\n", encoding="utf-8")
    settings = read_settings(Path("rulecheck.toml"), TODAY)
    assert settings.today == TODAY
    assert (settings.disabled, settings.severities) == (DEFAULT_SETTINGS.disabled, {})
    assert settings.severities.get("RC101", Severity.HIGH) is Severity.HIGH


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[checks]\nenabel = []\n", 2, "there is no setting checks.enabel"),
        ("\n[zone]\noutside = []\n", 2, "there is no setting zone"),
        ('[checks]\ndisable = ["RC205", "RC999"]\n', 2, "there is no check 'RC999'"),
        ('[checks]\ndisable = ["RC101"]\n', 2, "RC101 cannot be switched"),
        ('[checks]\ndisable = "RC205"\n', 2, "checks.disable: input should be a valid list"),
        ('[checks.severity]\nRC205 = "high"\nRC206 = "urgent"\n', 3, "checks.severity.RC206: input should be"),
        ('[checks.severity]\nRC601 = "high"\n', 1, "there is no finding 'RC601'"),
        ("[checks]\nthresholds.ports = 1\n", 2, "checks.thresholds.ports: input should be greater"),
        (
            "[checks]\n\n[checks.thresholds]\nports = true\n",
            4,
            "checks.thresholds.ports: input should be a valid integer",
        ),
        ('[zones]\nown_addresses = ["10.0.0.0/33"]\n', 2, "10.0.0.0/33"),
        ('[zones]\noutside = [""]\n', 2, "zones.outside"),
        ("[checks]\ndisable = [\n", 2, "is not valid TOML"),
        ("[checks]\nx = 1\nx = 2\n", 3, "is not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_one_message_with_its_line(text: str, line: int, words: str) -> None:
    Path("rulecheck.toml").write_text(text)
    with pytest.raises(ConfigurationError) as problem:
        read_settings(Path("rulecheck.toml"), TODAY)
    assert words in problem.value.error.message
    assert problem.value.error.line == line
    result = _run("a.cfg")
    assert result.return_value == 2
    assert result.stdout == ""
    (message,) = result.stderr.splitlines()
    assert message.startswith("rulecheck: ")
    assert f"rulecheck.toml:{line}: " in message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\xff", None])
def test_a_file_that_cannot_be_read(content: bytes | None) -> None:
    if content is not None:
        Path("bad.toml").write_bytes(content)
    result = _run("a.cfg", "--config", "bad.toml")
    assert result.return_value == 2
    assert result.stderr.startswith("rulecheck: bad.toml: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(("today", "over"), [("2025-05-31", False), ("2025-06-01", True)])
def test_the_day_decides_about_schedules(today: str, *, over: bool) -> None:
    report = json.loads(_run("t.cfg", "--format", "json", "--today", today).stdout)
    assert report["devices"][0]["reference_date"] == today
    assert ("RC402" in {one["code"] for one in report["findings"]}) == over


def test_the_day_is_not_in_a_report_that_does_not_depend_on_it() -> None:
    one, two = (_run("a.cfg", "--format", "json", "--today", day).stdout for day in ("2001-01-01", "2031-01-01"))
    assert one == two
    assert "reference_date" not in one


def test_a_fixed_epoch_stands_in_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    report = json.loads(_run("t.cfg", "--format", "json").stdout)
    assert report["devices"][0]["reference_date"] == "1970-01-02"


def test_a_day_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(cli, ["analyze", "a.cfg", "--today", "31.01.2026"])
    assert result.exit_code == 2
    assert "does not match the format" in result.output


def test_the_claims_about_a_list_with_an_expired_rule_can_be_verified() -> None:
    for today in ("2025-05-31", "2025-06-01"):
        written = _run("t.cfg", "-o", "t.json", "--certificates", "t.certificates.json", "--today", today)
        assert written.return_value == 0
        result = CliRunner().invoke(cli, ["verify", "t.json", "t.cfg"], standalone_mode=False)
        assert (result.return_value, "0 rejected" in result.stdout) == (0, True), result.output


def test_another_day_in_the_report_is_noticed() -> None:
    assert (
        _run("t.cfg", "-o", "t.json", "--certificates", "t.certificates.json", "--today", "2025-05-31").return_value
        == 0
    )
    report = json.loads(Path("t.json").read_text())
    report["devices"][0]["reference_date"] = "2025-06-01"
    Path("t.json").write_text(json.dumps(report))
    result = CliRunner().invoke(cli, ["verify", "t.json", "t.cfg"], standalone_mode=False)
    assert result.return_value == 1
