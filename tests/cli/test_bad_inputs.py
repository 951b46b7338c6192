"""Bad inputs: one clear message each, the other files still analysed, the right exit code."""

from __future__ import annotations

import ctypes
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.samples import ASA_CYCLE, IPTABLES, IPTABLES_TRUNCATED
from tests.conftest import RunRulecheck

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_CAPBSET_DROP = 24


def _bound_by_permissions() -> None:
    """Take from root, in the child, the right to read files whose mode forbids it."""
    if os.geteuid() == 0:
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                os._exit(99)


def _binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\x02\x01\x01\0\0\0" + bytes(range(256)) * 40)


def _long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"*filter\n")
        for _ in range(100):
            stream.write(b"x" * (1 << 20))


def _unreadable(path: Path) -> None:
    path.write_text(IPTABLES)
    path.chmod(0)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "binary": (_binary, "the file is binary, not text"),
    "long line": (_long_line, "the line is longer than 1,000,000 characters"),
    "unreadable": (_unreadable, "the file may not be read"),
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "pipe": (os.mkfifo, "is a named pipe, not a file"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "the file does not exist"),
}


def _json(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("named", [True, False], ids=["named", "in a folder"])
def test_one_message_and_the_others_go_on(rulecheck: RunRulecheck, tmp_path: Path, kind: str, named: bool) -> None:
    make, message = BAD[kind]
    folder = tmp_path / "in"
    folder.mkdir()
    make(folder / "bad.cfg")
    (folder / "good.rules").write_text(IPTABLES)
    inputs = ["in/bad.cfg", "in/good.rules"] if named else ["in"]
    done = rulecheck("analyze", *inputs, "--format", "json", preexec=_bound_by_permissions)
    if done.returncode == 99:
        pytest.skip("root may not give up its right to read everything here")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("rulecheck: in/bad.cfg")
    assert message in done.stderr
    assert "; " in done.stderr
    report = _json(done.stdout)
    assert [device["source"]["path"] for device in report["devices"]] == ["in/good.rules"]
    assert {one["kind"] for one in report["findings"] if one["code"] < "RC2"} == {"covered", "shadowed"}
    assert [error["message"] for error in report["errors"]] == [message]


def test_a_long_line_needs_little_memory(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    def little_memory() -> None:
        import resource

        limit = 2 << 30
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    with (tmp_path / "big.cfg").open("wb") as stream:
        stream.truncate(0)
        for _ in range(400):
            stream.write(b"x" * (1 << 20))
    done = rulecheck("analyze", "big.cfg", preexec=little_memory)
    assert done.returncode == 2
    assert done.stderr.startswith("rulecheck: big.cfg:1: the line is longer")


def test_an_empty_folder(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = rulecheck("analyze", "in")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "rulecheck: there is no file to analyse in in; name a configuration or a folder that has one\n"
    )


def test_a_truncated_file_is_analysed_and_announced(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "cut.rules").write_text(IPTABLES_TRUNCATED)
    done = rulecheck("analyze", "cut.rules", "--format", "json")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("rulecheck: cut.rules:")
    assert "RC607" in done.stderr
    report = _json(done.stdout)
    assert [one["code"] for one in report["devices"][0]["diagnostics"]] == ["RC607"]
    assert rulecheck("analyze", "cut.rules", "--strict").returncode == 3


def test_a_reference_cycle_is_analysed_and_announced(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA_CYCLE)
    (tmp_path / "good.rules").write_text(IPTABLES)
    done = rulecheck("analyze", "fw.cfg", "good.rules", "--format", "json")
    assert done.returncode == 0
    announced = [line for line in done.stderr.splitlines() if "RC604" in line]
    assert announced
    assert announced[0].startswith("rulecheck: fw.cfg:")
    assert "Traceback" not in done.stderr
    assert [device["platform"] for device in _json(done.stdout)["devices"]] == ["cisco_asa", "iptables"]


def test_unknown_text_is_an_error_when_named_and_a_warning_in_a_folder(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes\n\nNothing to see.\n")
    alone = rulecheck("analyze", "in")
    assert alone.returncode == 2
    assert alone.stderr.startswith("rulecheck: in: nothing here but 1 file that no parser recognises (notes.md); ")
    (folder / "good.rules").write_text(IPTABLES)
    among = rulecheck("analyze", "in")
    assert among.returncode == 0
    assert among.stderr.startswith("rulecheck: in: skipped 1 file that no parser recognises (notes.md); ")
    named = rulecheck("analyze", "in/notes.md", "in/good.rules")
    assert named.returncode == 2
    assert named.stderr.startswith("rulecheck: in/notes.md: no supported platform recognises the text")
    assert "--vendor" in named.stderr
    assert "cisco_asa" in named.stderr


def test_names_that_would_fool_a_terminal_are_shown_as_escapes(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\u202eb\nc.cfg").write_bytes(b"\0")
    done = rulecheck("analyze", ".")
    assert done.returncode == 2
    assert "a\\x1b[2J\\u202eb\\nc.cfg" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_name_that_is_no_unicode_is_no_problem(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.rules")).write_text(IPTABLES)
    for style in ("text", "json", "html"):
        done = rulecheck("analyze", ".", "--format", style)
        assert (done.returncode, done.stderr) == (0, ""), style


def test_an_unreadable_folder_is_one_error(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "in" / "locked").mkdir(parents=True)
    (tmp_path / "in" / "good.rules").write_text(IPTABLES)
    (tmp_path / "in" / "locked").chmod(0)
    done = rulecheck("analyze", "in", preexec=_bound_by_permissions)
    (tmp_path / "in" / "locked").chmod(stat.S_IRWXU)
    if done.returncode == 99:
        pytest.skip("root may not give up its right to read everything here")
    assert done.returncode == 2
    assert done.stderr == (
        "rulecheck: in/locked: the folder cannot be searched: permission denied; check its permissions\n"
    )
    assert "good.rules" in done.stdout
