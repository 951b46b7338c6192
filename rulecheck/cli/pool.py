"""Many inputs in parallel processes, with results in the order of the inputs."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from rulecheck.cli.worker import Result, Task, analyse, internal_error, out_of_memory
from rulecheck.startup import relax_collector

_BYTES_WORTH_A_PROCESS = 200_000
"""Less input than this is analysed sooner than another process has started."""

Numbered = tuple[int, Task]


def analyse_all(tasks: Sequence[Task], jobs: int, done: Callable[[], None]) -> list[Result]:
    """Analyse every task, at most ``jobs`` at a time; ``done`` is called after each.

    A worker that dies takes only its own input with it. Standard input is read in this process.
    """
    results: dict[int, Result] = {}
    queue = list(enumerate(tasks))
    here = [item for item in queue if item[1].candidate.is_stdin]
    queue = [item for item in queue if not item[1].candidate.is_stdin]
    if min(jobs, len(queue)) <= 1:
        here, queue = [*here, *queue], []
    for number, task in here:
        results[number] = analyse(task)
        done()
    queue.reverse()
    while queue:
        _work(queue, min(jobs, len(queue)), results, done)
    return [results[number] for number in range(len(tasks))]


def default_jobs(tasks: Sequence[Task]) -> int:
    """Return the number of usable cores, or fewer where the inputs are too small to be worth a process."""
    size = 0
    for task in tasks:
        try:
            size += Path(task.candidate.path).stat().st_size
        except (OSError, ValueError):
            continue
    return max(1, min(len(os.sched_getaffinity(0)), size // _BYTES_WORTH_A_PROCESS))


def _work(queue: list[Numbered], jobs: int, results: dict[int, Result], done: Callable[[], None]) -> None:
    """Take tasks from the end of ``queue`` until it is empty or a worker has died."""
    running: dict[Future[Result], Numbered] = {}
    pool = _pool(jobs)
    try:
        while queue or running:
            while queue and len(running) < jobs:
                running[pool.submit(analyse, queue[-1][1])] = queue[-1]
                queue.pop()
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                number, task = running[future]
                results[number] = _result(future, task)
                del running[future]
                done()
    except BrokenProcessPool:
        for number, task in sorted(running.values(), key=lambda item: item[0]):
            results[number] = _alone(task)
            done()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(task: Task) -> Result:
    """Analyse one task in a process of its own: it is one of those that ran when a worker died."""
    with _pool(1) as pool:
        try:
            return _result(pool.submit(analyse, task), task)
        except BrokenProcessPool:
            return Result(task.candidate, error=out_of_memory(task.candidate.path))


def _result(future: Future[Result], task: Task) -> Result:
    """Return the result; an exception here means that it could not be sent back.

    Raises:
        BrokenProcessPool: the worker died.
    """
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception as problem:  # noqa: BLE001 - the boundary between one input and the run
        return Result(task.candidate, error=internal_error(task.candidate.path, problem))


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_start_worker)


def _start_worker() -> None:
    """Set up a worker: Ctrl-C ends it without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    relax_collector()
