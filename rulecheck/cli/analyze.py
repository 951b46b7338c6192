"""``rulecheck analyze``: read, parse, analyse and report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from parsers.registry import platforms
from parsers.walking import find_inputs
from rulecheck.cli.failure import describe
from rulecheck.cli.messages import say, say_diagnostics, say_error
from rulecheck.cli.output import FORMATS, SUFFIXES, OutputError, Target, prepare, render, write, write_stdout
from rulecheck.cli.run import Run, analyse_inputs
from rulecheck.model.device import Severity

NEVER = "never"
GATES = [severity.value for severity in Severity if severity is not Severity.INFO]

DONE, GATE_FAILED, BAD_INPUT, NOT_UNDERSTOOD = 0, 1, 2, 3


def _targets(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[Target, ...]:
    """Read the format of each output file from its suffix."""
    targets = []
    for path in paths:
        suffix = Path(path).suffix.lower()
        if suffix not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise click.BadParameter(f"the suffix of {path!r} names no format; available: {known}", ctx, param)
        targets.append(Target(path, SUFFIXES[suffix]))
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise click.BadParameter("two reports would go to the same file", ctx, param)
    return tuple(targets)


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
    callback=_targets,
    help=f"Write a report to FILE; its suffix is the format ({', '.join(SUFFIXES)}). May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*GATES, NEVER]),
    default=NEVER,
    show_default=True,
    help="Exit with 1 if there is a finding of this severity or a higher one.",
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
      iptables-save | rulecheck analyze -
      rulecheck analyze fw1.cfg --vendor cisco_asa --fail-on high --strict

    \b
    Exit codes, the first that applies:
      2  wrong usage, or an input that cannot be read or recognised (the others are still analysed)
      1  --fail-on: there is such a finding
      3  --strict: a line that can change a verdict was not understood
      0  otherwise
    """
    candidates, errors = find_inputs(paths, [target.path for target in targets])
    _refuse_overwriting(paths, targets)
    try:
        for target in targets:
            prepare(target)
    except OutputError as problem:
        problem.show()
        return BAD_INPUT
    if not candidates and not errors:
        say(f"there is no file to analyse in {', '.join(paths)}; name a configuration or a folder that has one")
        return BAD_INPUT
    run = analyse_inputs(candidates, errors, platform=vendor, jobs=jobs, timestamp=timestamp)
    return _finish(run, targets, style, fail_on, strict=strict)


def _refuse_overwriting(paths: Sequence[str], targets: Sequence[Target]) -> None:
    """Refuse a report that would replace a configuration named on the command line."""
    inputs = {os.path.realpath(path) for path in paths}
    for target in targets:
        if os.path.realpath(target.path) in inputs:
            raise click.UsageError(f"{target.path} is an input; the report would replace it")


def _finish(run: Run, targets: Sequence[Target], style: str | None, fail_on: str, *, strict: bool) -> int:
    """Write messages and reports and return the exit code."""
    for warning in run.warnings:
        say(warning)
    for error in run.report.errors:
        say_error(error)
    for device in run.report.devices:
        say_diagnostics(device)
    written = _write(run, targets, style)
    if run.report.errors or not written:
        return BAD_INPUT
    if fail_on != NEVER and any(one.severity.rank <= Severity(fail_on).rank for one in run.report.findings):
        return GATE_FAILED
    if strict and any(one.affects_verdicts for device in run.report.devices for one in device.diagnostics):
        return NOT_UNDERSTOOD
    return DONE


def _write(run: Run, targets: Sequence[Target], style: str | None) -> bool:
    """Write all reports. Returns False if one could not be written; the others are."""
    wanted = style or ("" if targets else "text")
    if not run.report.devices and wanted == "text":
        wanted = ""
    complete = True
    for target in (*targets, *((None,) if wanted else ())):
        try:
            _write_one(run, target, wanted)
        except OutputError as problem:
            problem.show()
            complete = False
        except Exception as problem:  # noqa: BLE001 - one writer's failure leaves the others their work
            name = target.path if target else "standard output"
            say(f"{name}: {describe(problem)}; please report this with the smallest configuration that shows it")
            complete = False
    return complete


def _write_one(run: Run, target: Target | None, wanted: str) -> None:
    if target is None:
        write_stdout(run.report, wanted)
    else:
        write(target, render(run.report, target.format))
        say(f"wrote {target.path}")
