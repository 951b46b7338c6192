"""Parallel analysis: the order of results, and workers that die."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from parsers.walking import Candidate
from rulecheck.cli import pool
from rulecheck.cli.pool import analyse_all, default_jobs
from rulecheck.cli.worker import Result, Task
from rulecheck.model.finding import InputError


def by_name(task: Task) -> Result:
    """Stand in for the analysis in worker processes: what happens depends on the file's name."""
    path = task.candidate.path
    if path.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.startswith("odd"):
        return Result(task.candidate, error=InputError(path, 0, "odd", _Unpicklable("r")))
    return Result(task.candidate, error=InputError(path, os.getpid(), "seen", ""))


class _Unpicklable(str):
    __slots__ = ()

    def __reduce__(self) -> str:
        raise ValueError("this cannot be sent between processes")


def _tasks(*names: str) -> list[Task]:
    return [Task(Candidate(name, "folder")) for name in names]


def _run(monkeypatch: pytest.MonkeyPatch, jobs: int, *names: str) -> tuple[list[InputError], int]:
    monkeypatch.setattr(pool, "analyse", by_name)
    calls: list[None] = []
    results = analyse_all(_tasks(*names), jobs, lambda: calls.append(None))
    assert [one.candidate.path for one in results] == list(names)
    return [one.error for one in results if one.error is not None], len(calls)


def test_results_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"f{number}" for number in range(12)]
    errors, calls = _run(monkeypatch, 3, *names)
    assert [error.path for error in errors] == names
    assert os.getpid() not in {error.line for error in errors}
    assert calls == 12


@pytest.mark.parametrize("names", [("only",), ()])
def test_one_file_needs_no_process(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    errors, _ = _run(monkeypatch, 4, *names)
    assert [error.line for error in errors] == [os.getpid()] * len(names)


def test_a_worker_that_dies_takes_only_its_own_input(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("a", "die1", "b", "c", "die2", "d", "e")
    errors, calls = _run(monkeypatch, 2, *names)
    lost = {error.path for error in errors if "ran out of memory or was killed" in error.message}
    assert lost == {"die1", "die2"}
    assert [error.path for error in errors if error.message == "seen"] == ["a", "b", "c", "d", "e"]
    assert calls == len(names)


def test_a_result_that_cannot_be_sent_is_an_error_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    errors, _ = _run(monkeypatch, 2, "a", "odd", "b")
    assert [error.message.split(" at ")[0] for error in errors] == ["seen", "internal error: ValueError", "seen"]


def test_small_inputs_stay_in_one_process(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 1000)
    large.write_bytes(b"x" * 100_000_000)
    assert default_jobs([Task(Candidate(str(small)))] * 50) == 1
    assert default_jobs([Task(Candidate(str(large)))] * 50) == len(os.sched_getaffinity(0))
    assert default_jobs([Task(Candidate(str(tmp_path / "none")))]) == 1
