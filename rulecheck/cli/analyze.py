"""``rulecheck analyze``: read, parse, analyse and report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from parsers.registry import platforms
from parsers.walking import find_inputs
from rulecheck.cli.failure import describe
from rulecheck.cli.messages import say, say_diagnostics, say_error, say_plugin_problems
from rulecheck.cli.output import (
    CERTIFICATE_SUFFIXES,
    FORMATS,
    GRAPH_SUFFIXES,
    SUFFIXES,
    OutputError,
    Target,
    prepare,
    render,
    render_certificates,
    render_graph,
    write,
    write_stdout,
)
from rulecheck.cli.run import Run, analyse_inputs
from rulecheck.cli.run import today as today_here
from rulecheck.cli.settings import settings_for
from rulecheck.model.device import Severity

NEVER = "never"
GATES = [severity.value for severity in Severity if severity is not Severity.INFO]

DONE, GATE_FAILED, BAD_INPUT, NOT_UNDERSTOOD = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Outputs:
    """What to write: reports and graphs to files, and a report to standard output in ``style``, "" for none."""

    reports: tuple[Target, ...]
    graphs: tuple[Target, ...]
    certificates: tuple[Target, ...]
    style: str

    @property
    def files(self) -> tuple[Target, ...]:
        return (*self.reports, *self.graphs, *self.certificates)


def _reports(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[Target, ...]:
    return tuple(_target(ctx, param, path, SUFFIXES) for path in paths)


def _graphs(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[Target, ...]:
    return tuple(_target(ctx, param, path, GRAPH_SUFFIXES) for path in paths)


def _certificates(ctx: click.Context, param: click.Parameter, path: str | None) -> tuple[Target, ...]:
    return () if path is None else (_target(ctx, param, path, CERTIFICATE_SUFFIXES),)


def _target(ctx: click.Context, param: click.Parameter, path: str, formats: Mapping[str, str]) -> Target:
    """Read the format of an output file from its suffix."""
    suffix = Path(path).suffix.lower()
    if suffix not in formats:
        known = ", ".join(formats)
        raise click.BadParameter(f"the suffix of {path!r} names no format; available: {known}", ctx, param)
    return Target(path, formats[suffix])


def _arguments(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[str, ...]:
    if "" in paths:
        raise click.BadParameter("a path is empty; name a file, a folder, or - for standard input", ctx, param)
    return paths


@click.command(short_help="Analyse configurations and report what was found.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, callback=_arguments)
@click.option("--vendor", type=click.Choice(platforms()), help="Read every input as this platform; do not detect it.")
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="Format of the report on standard output. [default: text; nothing if -o is given]",
)
@click.option(
    "-o",
    "--output",
    "targets",
    metavar="FILE",
    multiple=True,
    callback=_reports,
    help=f"Write a report to FILE; its suffix is the format ({', '.join(SUFFIXES)}). May be repeated.",
)
@click.option(
    "--graph",
    "graphs",
    metavar="FILE",
    multiple=True,
    callback=_graphs,
    help="Write the rule graph of all devices (rules, objects, who covers and uses whom) to FILE; "
    f"its suffix is the format ({', '.join(GRAPH_SUFFIXES)}). May be repeated.",
)
@click.option(
    "--certificates",
    metavar="FILE",
    callback=_certificates,
    help="Write a proof of every verdict to FILE (.json), for `rulecheck verify`. "
    "Name it REPORT.certificates.json beside REPORT.json, and it is found there.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*GATES, NEVER]),
    default=NEVER,
    show_default=True,
    help="Exit with 1 if there is a finding of this severity or a higher one.",
)
@click.option(
    "--config",
    metavar="FILE",
    help="Settings of the checks. [default: rulecheck.toml in this folder or the nearest one above]",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day (2026-01-31) at which schedules are judged: rules that ended before it take part in nothing. "
    "[default: today]",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if a line that can change a verdict was not understood.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Files to analyse at the same time. [default: the number of cores; fewer for small inputs]",
)
@click.option("--timestamp", is_flag=True, help="Put the time of the run into the report.")
def analyze(
    paths: tuple[str, ...],
    vendor: str | None,
    style: str | None,
    targets: tuple[Target, ...],
    fail_on: str,
    jobs: int | None,
    *,
    graphs: tuple[Target, ...],
    certificates: tuple[Target, ...],
    config: str | None,
    today: datetime | None,
    strict: bool,
    timestamp: bool,
) -> int:
    """Analyse configurations and report what was found.

    PATH is a file, a folder (searched recursively; hidden files are passed over), or - for standard input.
    The platform is detected from the content. Files in a folder that no parser recognises are skipped with
    a warning; a file that you name yourself has to be recognised. Standard output carries the report only.

    \b
    Examples:
      rulecheck analyze fw1.cfg
      rulecheck analyze configs/ -o report.html -o report.json
      rulecheck analyze configs/ --format json > report.json
      rulecheck analyze configs/ -o report.html --graph rules.graphml
      rulecheck analyze fw1.cfg -o fw1.json --certificates fw1.certificates.json
      iptables-save | rulecheck analyze -
      rulecheck analyze fw1.cfg --vendor cisco_asa --fail-on high --strict

    \b
    Exit codes, the first that applies:
      2  wrong usage, or an input that cannot be read or recognised (the others are still analysed)
      1  --fail-on: there is such a finding
      3  --strict: a line that can change a verdict was not understood
      0  otherwise
    """
    outputs = _Outputs(targets, graphs, certificates, style or ("" if targets else "text"))
    candidates, errors = find_inputs(paths, [target.path for target in outputs.files])
    _refuse_overwriting(paths, outputs.files)
    try:
        for target in outputs.files:
            prepare(target)
    except OutputError as problem:
        problem.show()
        return BAD_INPUT
    settings = settings_for(config, today.date() if today else today_here())
    if settings is None:
        return BAD_INPUT
    if not candidates and not errors:
        say(f"there is no file to analyse in {', '.join(paths)}; name a configuration or a folder that has one")
        return BAD_INPUT
    say_plugin_problems(vendor)
    run = analyse_inputs(
        candidates,
        errors,
        platform=vendor,
        jobs=jobs,
        timestamp=timestamp,
        graphs=bool(graphs),
        certificates=bool(certificates),
        settings=settings,
    )
    return _finish(run, outputs, fail_on, strict=strict)


def _refuse_overwriting(paths: Sequence[str], targets: Sequence[Target]) -> None:
    """Refuse outputs that would replace each other, or a configuration named on the command line."""
    inputs = {os.path.realpath(path) for path in paths}
    if len({os.path.realpath(target.path) for target in targets}) < len(targets):
        raise click.UsageError("two outputs would go to the same file")
    for target in targets:
        if os.path.realpath(target.path) in inputs:
            raise click.UsageError(f"{target.path} is an input; the output would replace it")


def _finish(run: Run, outputs: _Outputs, fail_on: str, *, strict: bool) -> int:
    """Write messages, reports and graphs and return the exit code."""
    for warning in run.warnings:
        say(warning)
    for error in run.report.errors:
        say_error(error)
    for device in run.report.devices:
        say_diagnostics(device)
    written = _write(run, outputs)
    if run.report.errors or not written:
        return BAD_INPUT
    if fail_on != NEVER and any(one.rank <= Severity(fail_on).rank for one in run.report.severities):
        return GATE_FAILED
    if strict and any(one.affects_verdicts for device in run.report.devices for one in device.diagnostics):
        return NOT_UNDERSTOOD
    return DONE


def _write(run: Run, outputs: _Outputs) -> bool:
    """Write everything. Returns False if something could not be written; the rest is."""
    jobs = [(target.path, partial(_write_report, run, target)) for target in outputs.reports]
    jobs += [(target.path, partial(_write_graph, run, target)) for target in outputs.graphs]
    jobs += [(target.path, partial(_write_certificates, run, target)) for target in outputs.certificates]
    if outputs.style and (run.report.devices or outputs.style != "text"):
        jobs.append(("standard output", partial(write_stdout, run.report, outputs.style)))
    written = [_attempt(name, job) for name, job in jobs]
    return all(written)


def _attempt(name: str, job: Callable[[], None]) -> bool:
    try:
        job()
    except OutputError as problem:
        problem.show()
    except Exception as problem:  # noqa: BLE001 - one writer's failure leaves the others their work
        say(f"{name}: {describe(problem)}; please report this with the smallest configuration that shows it")
    else:
        return True
    return False


def _write_report(run: Run, target: Target) -> None:
    write(target, render(run.report, target.format))
    say(f"wrote {target.path}")


def _write_graph(run: Run, target: Target) -> None:
    write(target, render_graph(run.graphs, target.format))
    say(f"wrote {target.path}")


def _write_certificates(run: Run, target: Target) -> None:
    write(target, render_certificates(run.report.version, run.certificates))
    say(f"wrote {target.path}")
    missing = sum(len(one.uncertified) for one in run.certificates)
    if missing:
        say(f"{target.path}: {missing} {'claim has' if missing == 1 else 'claims have'} no certificate; each is listed")
