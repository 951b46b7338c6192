"""``rulecheck analyze`` end to end: output, formats, gates and determinism."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.samples import ASA, IPTABLES, IPTABLES_ODD
from tests.conftest import ROOT, RunRulecheck

COMMAND = [sys.executable, "-m", "rulecheck", "analyze"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def sample(tmp_path: Path) -> str:
    (tmp_path / "fw.rules").write_text(IPTABLES)
    return "fw.rules"


def test_the_default_is_text_on_standard_output(rulecheck: RunRulecheck, sample: str) -> None:
    done = rulecheck("analyze", sample)
    assert (done.returncode, done.stderr) == (0, "")
    assert "covered" in done.stdout
    assert "shadowed" in done.stdout
    assert "--dport 22 -j DROP" in done.stdout
    assert "\x1b" not in done.stdout


def test_standard_input_is_an_input(rulecheck: RunRulecheck, sample: str) -> None:
    done = rulecheck("analyze", "-", sample, "--format", "json", stdin=ASA)
    assert (done.returncode, done.stderr) == (0, "")
    devices = json.loads(done.stdout)["devices"]
    assert [(one["platform"], one["source"]["path"]) for one in devices] == [
        ("cisco_asa", "<stdin>"),
        ("iptables", "fw.rules"),
    ]


def test_files_get_the_format_of_their_suffix(rulecheck: RunRulecheck, tmp_path: Path, sample: str) -> None:
    done = rulecheck("analyze", sample, "-o", "out/r.json", "-o", "out/deep/r.HTML", "-o", "r.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "rulecheck: wrote out/r.json",
        "rulecheck: wrote out/deep/r.HTML",
        "rulecheck: wrote r.txt",
    ]
    assert json.loads((tmp_path / "out/r.json").read_text())["schema"] == "rulecheck.report/1"
    assert (tmp_path / "out/deep/r.HTML").read_text().lower().startswith("<!doctype html>")
    assert (tmp_path / "r.txt").read_text() == rulecheck("analyze", sample).stdout


def test_a_format_and_files_together(rulecheck: RunRulecheck, tmp_path: Path, sample: str) -> None:
    done = rulecheck("analyze", sample, "--format", "json", "-o", "r.json")
    assert done.stdout == (tmp_path / "r.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "r.sarif"], "available: .txt, .json, .html, .htm"),
        (["-o", "report"], "available: .txt, .json, .html, .htm"),
        (["--format", "sarif"], "'text', 'json', 'html'"),
        (["-o", "a.json", "-o", "./a.json"], "two outputs would go to the same file"),
        (["-o", "a.json", "--graph", "./a.json"], "two outputs would go to the same file"),
        (["--graph", "a.dot"], "available: .graphml, .json"),
        (["--graph", "fw.rules/x.json"], "cannot be written"),
        (["--vendor", "nokia"], "'cisco_asa'"),
        (["--fail-on", "info"], "'critical'"),
        (["--jobs", "0"], "1<=x<=256"),
        ([""], "a path is empty"),
    ],
)
def test_wrong_usage_says_what_is_right(
    rulecheck: RunRulecheck, sample: str, arguments: list[str], message: str
) -> None:
    done = rulecheck("analyze", sample, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_never_replaces_an_input(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "fw.txt").write_text(IPTABLES)
    (tmp_path / "link.txt").symlink_to("fw.txt")
    done = rulecheck("analyze", "fw.txt", "-o", "link.txt")
    assert done.returncode == 2
    assert "link.txt is an input" in done.stderr
    assert (tmp_path / "fw.txt").read_text() == IPTABLES


def test_a_report_that_cannot_be_written(rulecheck: RunRulecheck, tmp_path: Path, sample: str) -> None:
    (tmp_path / "file").write_text("x")
    done = rulecheck("analyze", sample, "-o", "file/r.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rulecheck: file/r.json: the file cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


def test_the_last_report_in_the_folder_is_no_input(rulecheck: RunRulecheck, tmp_path: Path, sample: str) -> None:
    first = rulecheck("analyze", ".", "-o", "report.json")
    before = (tmp_path / "report.json").read_bytes()
    second = rulecheck("analyze", ".", "-o", "report.json")
    assert first.stderr == second.stderr == "rulecheck: wrote report.json\n"
    assert (tmp_path / "report.json").read_bytes() == before
    assert sample


def test_gates(rulecheck: RunRulecheck, tmp_path: Path, sample: str) -> None:
    (tmp_path / "odd.rules").write_text(IPTABLES_ODD)
    (tmp_path / "clean.rules").write_text(
        IPTABLES.replace("192.0.2.7/32", "198.51.100.7/32").replace("DROP\nC", "ACCEPT\nC")
    )
    report = json.loads(rulecheck("analyze", sample, "--format", "json").stdout)
    ranks = ["critical", "high", "medium", "low", "info"]
    worst = min(ranks.index(finding["severity"]) for finding in report["findings"])
    for level in ranks[:4]:
        assert rulecheck("analyze", sample, "--fail-on", level).returncode == (ranks.index(level) >= worst), level
    assert rulecheck("analyze", sample, "--fail-on", "never").returncode == 0
    assert rulecheck("analyze", sample, "--strict").returncode == 0
    odd = rulecheck("analyze", "odd.rules", "--strict")
    assert odd.returncode == 3
    assert "1 of which can change a verdict" in odd.stderr
    assert rulecheck("analyze", "odd.rules").returncode == 0
    assert rulecheck("analyze", "odd.rules", "--strict", "--fail-on", "low").returncode == 1
    assert rulecheck("analyze", "odd.rules", "none", "--strict", "--fail-on", "low").returncode == 2


def test_a_named_platform_overrides_detection(rulecheck: RunRulecheck, sample: str) -> None:
    done = rulecheck("analyze", sample, "--vendor", "cisco_ios", "--format", "json")
    assert done.returncode == 0
    assert [one["platform"] for one in json.loads(done.stdout)["devices"]] == ["cisco_ios"]
    assert "not fully understood" in done.stderr


def test_jobs_and_hash_seeds_do_not_change_a_byte(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.rules").write_text(IPTABLES.replace("192.0.2.", f"192.0.{number}."))
        (folder / f"{number}.cfg").write_text(ASA)
    (folder / "broken.cfg").write_bytes(b"\0")
    for style in ("json", "text", "html"):
        one, two = (
            rulecheck("analyze", "in", "--format", style, "--jobs", str(jobs), env={"PYTHONHASHSEED": str(jobs)})
            for jobs in (1, 2)
        )
        assert (one.returncode, one.stdout, one.stderr) == (2, two.stdout, two.stderr), style
        assert two.returncode == 2


def test_devices_of_one_run_have_different_names(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    for name in ("a.cfg", "b.cfg"):
        (tmp_path / name).write_text(ASA)
    report = json.loads(rulecheck("analyze", ".", "--format", "json").stdout)
    assert [one["name"] for one in report["devices"]] == ["edge (a)", "edge (b)"]
    assert {one["device"] for one in report["findings"]} == {"edge (a)", "edge (b)"}


def test_time_is_reported_only_when_asked_for(rulecheck: RunRulecheck, sample: str) -> None:
    assert "created" not in json.loads(rulecheck("analyze", sample, "--format", "json").stdout)
    done = rulecheck("analyze", sample, "--format", "json", "--timestamp", env={"SOURCE_DATE_EPOCH": "86400"})
    assert json.loads(done.stdout)["created"] == "1970-01-02T00:00:00Z"
    now = json.loads(rulecheck("analyze", sample, "--format", "json", "--timestamp").stdout)["created"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", now)


def _on_a_terminal(folder: Path, arguments: list[str], **env: str) -> str:
    """Run with a pseudo terminal as standard output and standard error, and return what appeared on it."""
    outer, inner = pty.openpty()
    settings = {key: value for key, value in ENVIRONMENT.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, env={**settings, "TERM": "xterm", **env}, stdout=inner, stderr=inner
    )
    os.close(inner)
    seen = b""
    try:
        while chunk := os.read(outer, 65536):
            seen += chunk
    except OSError:  # Linux reports the closed other end so
        pass
    os.close(outer)
    assert process.wait(60) == 0
    return seen.decode()


def test_colour_only_on_a_terminal_that_wants_it(tmp_path: Path, sample: str) -> None:
    assert "\x1b[" in _on_a_terminal(tmp_path, [sample])
    assert "\x1b" not in _on_a_terminal(tmp_path, [sample], NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal(tmp_path, [sample], TERM="dumb")


def test_a_progress_bar_only_on_a_terminal_and_for_many_files(tmp_path: Path, sample: str) -> None:
    many = []
    for number in range(6):
        (tmp_path / f"{number}.rules").write_text(IPTABLES)
        many.append(f"{number}.rules")
    assert "analysing" in _on_a_terminal(tmp_path, many)
    assert "analysing" not in _on_a_terminal(tmp_path, [sample])
    done = subprocess.run([*COMMAND, *many], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, sample: str) -> None:
    covered = "".join(f"-A INPUT -s 192.0.2.{low}/32 -p tcp -m tcp --dport 22 -j ACCEPT\n" for low in range(250))
    (tmp_path / "big.rules").write_text(IPTABLES.replace("COMMIT", covered + "COMMIT"))
    script = f"set -o pipefail; {' '.join(COMMAND)} big.rules --format json | head -c 10"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout) == 10
    assert sample


def test_a_full_disk_behind_standard_output_is_one_message(tmp_path: Path, sample: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, sample],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "rulecheck: standard output cannot be written: no space left on device\n"


def test_closed_standard_output_and_input_are_one_message_each(tmp_path: Path, sample: str) -> None:
    script = f"{' '.join(COMMAND)} {sample} >&-"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "rulecheck: standard output is closed; write the report to a file with -o FILE\n"
    script = f"{' '.join(COMMAND)} - <&-"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("rulecheck: <stdin>: standard input is closed; ")


def test_an_interruption_ends_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "-"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    state = Path(f"/proc/{process.pid}/wchan")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and "pipe" not in state.read_text():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip() == "rulecheck: interrupted"
