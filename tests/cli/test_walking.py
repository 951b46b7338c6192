"""Folders: what is found in them, in which order, and what is passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from parsers.walking import Candidate, find_inputs
from rulecheck.model.finding import InputError


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("x\n")


def _found(*arguments: str, exclude: tuple[str, ...] = ()) -> list[str]:
    candidates, errors = find_inputs(arguments, exclude)
    assert errors == ()
    return [one.path for one in candidates]


def test_folders_are_searched_in_the_order_of_names() -> None:
    _touch("c/b.cfg", "c/a.cfg", "c/z/1.cfg", "c/d/2.cfg", "c/d/e/3.cfg")
    assert _found("c") == ["c/a.cfg", "c/b.cfg", "c/d/2.cfg", "c/d/e/3.cfg", "c/z/1.cfg"]


def test_paths_stay_as_the_user_wrote_them(tmp_path: Path) -> None:
    _touch("c/a.cfg")
    assert _found("c/") == ["c/a.cfg"]
    assert _found("./c") == ["./c/a.cfg"]
    assert _found(str(tmp_path)) == [str(tmp_path / "c/a.cfg")]


def test_hidden_files_and_tool_folders_are_passed_over_but_can_be_named() -> None:
    _touch("c/a.cfg", "c/.hidden.cfg", "c/.git/config", "c/CVS/Entries", "c/__pycache__/x.pyc")
    assert _found("c") == ["c/a.cfg"]
    assert _found("c/.hidden.cfg") == ["c/.hidden.cfg"]
    assert _found("c/CVS") == ["c/CVS/Entries"]


def test_links_that_form_a_loop_do_no_harm() -> None:
    _touch("c/d/a.cfg")
    Path("c/d/up").symlink_to("..")
    Path("c/self").symlink_to(".")
    assert _found("c") == ["c/d/a.cfg"]


def test_links_to_files_are_read_and_each_file_once() -> None:
    _touch("store/real.cfg", "c/a.cfg")
    Path("c/link.cfg").symlink_to("../store/real.cfg")
    Path("c/twin.cfg").symlink_to("a.cfg")
    assert _found("c") == ["c/a.cfg", "c/link.cfg"]
    assert _found("c/a.cfg", "c", "c/a.cfg") == ["c/a.cfg", "c/link.cfg"]


def test_a_dangling_link_is_found_so_that_reading_can_say_so() -> None:
    _touch("c/a.cfg")
    Path("c/b.cfg").symlink_to("nowhere")
    assert _found("c") == ["c/a.cfg", "c/b.cfg"]


def test_a_named_file_is_told_from_one_of_a_folder() -> None:
    _touch("c/a.cfg", "b.cfg")
    assert find_inputs(["b.cfg", "c", "-"])[0] == (
        Candidate("b.cfg"),
        Candidate("c/a.cfg", "c"),
        Candidate("<stdin>"),
    )


def test_outputs_of_this_run_are_no_inputs() -> None:
    _touch("c/a.cfg", "c/report.json")
    assert _found("c", exclude=("c/../c/report.json",)) == ["c/a.cfg"]


def test_deep_folders_need_no_recursion() -> None:
    before = Path.cwd()
    for _ in range(1050):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(before)
    deepest = Path(*["d"] * 1050)
    (deepest / "a.cfg").write_text("x\n")
    assert _found("d") == [str(deepest / "a.cfg")]
    (deepest / "a.cfg").unlink()
    for folder in (deepest, *deepest.parents):  # pytest's own clean-up is recursive
        if folder.name:
            folder.rmdir()


def test_a_folder_that_cannot_be_searched_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _touch("c/a.cfg", "c/locked/b.cfg", "c/z.cfg")
    search = os.scandir

    def refuse(path: str) -> object:
        if path == "c/locked":
            raise PermissionError(13, "Permission denied", path)
        return search(path)

    monkeypatch.setattr(os, "scandir", refuse)
    candidates, errors = find_inputs(["c"])
    assert [one.path for one in candidates] == ["c/a.cfg", "c/z.cfg"]
    message = "the folder cannot be searched: permission denied"
    assert errors == (InputError("c/locked", 0, message, "check its permissions"),)
