"""Files are written completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rulecheck.cli.output import OutputError, Target, prepare, write


def _target(path: Path) -> Target:
    return Target(str(path), "text")


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    write(_target(path), "new €\n")
    assert path.read_text("utf-8") == "new €\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.txt"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "report.txt"
    path.write_text("old")
    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="file cannot be written: no space left on device"):
        write(_target(path), "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.txt"]


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "report.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(_target(path), "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.txt"]


def test_the_usual_permissions_apply(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(_target(tmp_path / "report.txt"), "x")
    finally:
        os.umask(before)
    assert (tmp_path / "report.txt").stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_report_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "latest.txt").symlink_to("store/report.txt")
    write(_target(tmp_path / "latest.txt"), "x")
    assert (tmp_path / "latest.txt").is_symlink()
    assert (tmp_path / "store" / "report.txt").read_text() == "x"


def test_folders_are_made_and_long_names_fit(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / ("n" * 250 + ".txt")
    prepare(_target(path))
    write(_target(path), "x")
    assert path.read_text() == "x"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        prepare(_target(tmp_path))


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        prepare(_target(tmp_path / "file" / "report.txt"))


def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not (Path(path) == tmp_path and mode & os.W_OK))
    with pytest.raises(OutputError, match="may not be written to"):
        prepare(_target(tmp_path / "report.txt"))
