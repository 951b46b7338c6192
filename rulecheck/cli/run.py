"""One run: all inputs analysed and put together into one report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from parsers.walking import Candidate
from rulecheck import __version__
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.cli.messages import skipped
from rulecheck.cli.naming import with_unique_names
from rulecheck.cli.pool import analyse_all, default_jobs
from rulecheck.cli.progress import progress
from rulecheck.cli.worker import Result, Task
from rulecheck.model.finding import DeviceReport, InputError, Report

if TYPE_CHECKING:
    from rulecheck.graph.build import RuleGraph
    from rulecheck.model.certificate import DeviceCertificates


@dataclass(frozen=True, slots=True)
class Run:
    """The report, what people at the terminal should be told besides it, and each device's rule graph and certificates.

    Graphs and certificates are there if they were asked for. Their device names are those of the report.
    """

    report: Report
    warnings: tuple[str, ...] = ()
    graphs: tuple[RuleGraph, ...] = ()
    certificates: tuple[DeviceCertificates, ...] = ()


def analyse_inputs(
    candidates: Sequence[Candidate],
    errors: Sequence[InputError],
    *,
    platform: str | None,
    jobs: int | None,
    timestamp: bool,
    graphs: bool = False,
    certificates: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> Run:
    """Analyse every candidate. ``errors`` are those that finding the candidates met."""
    tasks = [Task(candidate, platform, graphs, certificates, settings) for candidate in candidates]
    with progress(len(tasks)) as done:
        results = analyse_all(tasks, jobs or default_jobs(tasks), done)
    devices = with_unique_names([device for result in results for device in result.devices])
    optional, failed = _sorted_out(results)
    skips = _by_folder(optional)
    created = _now() if timestamp else None
    if devices:
        warnings = tuple(f"{folder}: skipped {phrase}; {_USE_VENDOR}" for folder, phrase in skips)
        report = Report(__version__, devices, (*errors, *failed), created)
        return Run(report, warnings, _graphs(results, devices), _certificates(results, devices))
    nothing = [InputError(folder, 0, f"nothing here but {phrase}", _USE_VENDOR) for folder, phrase in skips]
    return Run(Report(__version__, (), (*errors, *failed, *nothing), created))


def _graphs(results: Sequence[Result], devices: Sequence[DeviceReport]) -> tuple[RuleGraph, ...]:
    """Return the graphs of all results under the names that the devices have in the report."""
    found = [graph for result in results for graph in result.graphs]
    if not found:
        return ()
    from rulecheck.graph import rename_device

    return tuple(
        graph if graph.graph["device"] == device.name else rename_device(graph, device.name)
        for graph, device in zip(found, devices, strict=True)
    )


def _certificates(results: Sequence[Result], devices: Sequence[DeviceReport]) -> tuple[DeviceCertificates, ...]:
    """Return the certificates of all results under the names that the devices have in the report."""
    found = [one for result in results for one in result.certificates]
    return tuple(replace(one, name=device.name) for one, device in zip(found, devices, strict=True)) if found else ()


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


def today() -> date:
    """Return the day of the run, local time; SOURCE_DATE_EPOCH stands in for the clock in reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdecimal() else datetime.now().astimezone().date()
