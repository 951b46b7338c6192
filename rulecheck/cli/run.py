"""One run: all inputs analysed and put together into one report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from parsers.walking import Candidate
from rulecheck import __version__
from rulecheck.cli.messages import skipped
from rulecheck.cli.naming import with_unique_names
from rulecheck.cli.pool import analyse_all, default_jobs
from rulecheck.cli.progress import progress
from rulecheck.cli.worker import Result, Task
from rulecheck.model.finding import InputError, Report


@dataclass(frozen=True, slots=True)
class Run:
    """The report, and what people at the terminal should be told besides it."""

    report: Report
    warnings: tuple[str, ...] = ()


def analyse_inputs(
    candidates: Sequence[Candidate],
    errors: Sequence[InputError],
    *,
    platform: str | None,
    jobs: int | None,
    timestamp: bool,
) -> Run:
    """Analyse every candidate. ``errors`` are those that finding the candidates met."""
    tasks = [Task(candidate, platform) for candidate in candidates]
    with progress(len(tasks)) as done:
        results = analyse_all(tasks, jobs or default_jobs(tasks), done)
    devices = with_unique_names([device for result in results for device in result.devices])
    optional, failed = _sorted_out(results)
    skips = _by_folder(optional)
    created = _now() if timestamp else None
    if devices:
        warnings = tuple(f"{folder}: skipped {phrase}; {_USE_VENDOR}" for folder, phrase in skips)
        return Run(Report(__version__, devices, (*errors, *failed), created), warnings)
    nothing = [InputError(folder, 0, f"nothing here but {phrase}", _USE_VENDOR) for folder, phrase in skips]
    return Run(Report(__version__, (), (*errors, *failed, *nothing), created))


_USE_VENDOR = "a file that you name itself with --vendor PLATFORM is read as that platform"


def _sorted_out(results: Sequence[Result]) -> tuple[list[Result], list[InputError]]:
    """Split what was not analysed: files of a folder that nobody recognised, and errors."""
    optional: list[Result] = []
    failed: list[InputError] = []
    for result in results:
        if result.error is None:
            continue
        if result.recognised or result.candidate.folder is None:
            failed.append(result.error)
        else:
            optional.append(result)
    return optional, failed


def _by_folder(results: Sequence[Result]) -> list[tuple[str, str]]:
    groups = groupby(results, key=lambda result: result.candidate.folder or "")
    return [(folder, skipped(folder, [one.candidate.path for one in group])) for folder, group in groups]


def _now() -> str:
    """Return the time of the run in UTC; SOURCE_DATE_EPOCH stands in for the clock in reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
