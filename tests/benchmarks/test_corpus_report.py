"""The corpus report: what it counts, what it lists, and when it fails.

To renew the golden file after a change on purpose: ``RULECHECK_UPDATE_GOLDEN=1 pytest tests/benchmarks``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from benchmarks import corpus_files
from benchmarks.corpus_files import Read, read_all, read_one
from benchmarks.corpus_report import below_goal, details, files_of, is_none, share, summary, table, verdict

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden") / "corpus-report.txt"
GOOD = "access-list A extended permit tcp any any eq 80\n"


FOLDERS = ("cisco_asa", "cisco_ios", "fortios", "juniper", "panos")
"""The fixtures that the golden file is about."""


def test_the_report_on_fixtures() -> None:
    folder = ROOT / "fixtures"
    found = [read_one(folder, name) for name in files_of(folder) if name.startswith(FOLDERS)]
    text = f"{table(found, times=False)}\n{summary(found)}\n{details(found, 5)}\n"
    if os.environ.get("RULECHECK_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_fixture_is_read_well() -> None:
    folder = ROOT / "fixtures"
    found = [read_one(folder, name) for name in files_of(folder) if not is_none(name)]
    assert verdict(found) == (0, [])
    not_read = [one.name for one in found if not one.platform]
    assert [name for name in not_read if not name.startswith("abstract/")] == []


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.cfg").write_text(GOOD, encoding="utf-8")
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam\n", encoding="utf-8")
    (tmp_path / ".hidden").write_text("x\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.corpus_report", "--details"]
    environment = {**os.environ, "RULECHECK_CORPUS": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "2 files: 1 recognised, 1 not recognised, 0 not a configuration, 0 crashed" in done.stdout
    assert "letter.txt: no supported platform recognises the text" in done.stdout
    assert "s inside/a.cfg" in done.stdout


def test_a_folder_is_needed() -> None:
    environment = {**os.environ, "RULECHECK_CORPUS": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.corpus_report"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert "RULECHECK_CORPUS" in done.stderr


def test_a_platform_below_the_goal() -> None:
    found = [
        Read("a", "cisco_asa", understood=98, unread=1),
        Read("b", "cisco_asa", unread=1, ignored=900, unknown=Counter({"what N": 2})),
        Read("c", "pf", ignored=3),
        Read("d.t", "pf", unread=10),
    ]
    assert below_goal(found) == ["cisco_asa"]
    assert share(found[2:3]) == 1.0
    assert verdict(found) == (1, ["cisco_asa: less than 99% of the lines are understood"])
    assert "98.00 %" in table(found, times=True)
    assert "cisco_asa      2  what N" in details(found, 5)


def test_a_share_is_never_rounded_up() -> None:
    assert "99.99 %" in table([Read("a", "pf", understood=999_999, unread=1)], times=False)


def test_files_that_no_device_wrote() -> None:
    assert is_none("x/parse.t") == "test data of a program"
    assert is_none("x/naming.yaml")
    assert not is_none("x/show-hosts.json")
    assert not is_none("x.t/fw.cfg")


def test_a_crash_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.cfg").write_text(GOOD, encoding="utf-8")

    def broken(config: object, platform: str) -> None:
        raise IndexError(f"{platform} of {config is None}")

    monkeypatch.setattr(corpus_files, "parse", broken)
    found = read_one(tmp_path, "a.cfg")
    assert found.crash.startswith("IndexError in test_corpus_report.py:")
    code, why = verdict([found])
    assert code == 1
    assert why[0].startswith("crash: a.cfg: IndexError")


def scripted(connection: Connection, folder: str) -> None:
    """Serve names that say what to do."""
    while True:
        connection.send("ready")
        name = connection.recv()
        if name == "hangs":
            time.sleep(600)
        elif name == "dies":
            os._exit(1)
        connection.send(Read(name, platform=folder))


def test_a_file_that_hangs_or_kills_its_process_is_a_crash_and_the_next_is_read() -> None:
    found = read_all(Path("x"), ["a", "hangs", "b", "dies", "c"], 2.0, scripted)
    assert [(one.name, one.crash) for one in found] == [
        ("a", ""),
        ("hangs", "took more than 2 s"),
        ("b", ""),
        ("dies", "the process died"),
        ("c", ""),
    ]
