"""Warnings and errors: one line each on standard error, ``rulecheck: FILE:LINE: message; remedy``."""

from __future__ import annotations

from functools import cache

import click

from reports.visible import visible
from rulecheck.model.device import Device, Diagnostic, Severity
from rulecheck.model.finding import DeviceReport, InputError

WHOLE_INPUT_CODES = frozenset({"RC604", "RC605", "RC607"})
"""Diagnostics about an input as a whole; they are announced besides being in the report."""

_NOT_UNDERSTOOD_CODES = frozenset({"RC601", "RC602", "RC603", "RC606"})

_NAMES_SHOWN = 8


def say(message: str) -> None:
    """Write one line to standard error. Control characters in it appear as escapes."""
    click.echo(f"rulecheck: {visible(message)}", err=True)


def say_error(error: InputError) -> None:
    """Write what is wrong with an input, and what to do."""
    say(f"{_place(error.path, error.line)}: {error.message}; {error.remedy}")


def say_diagnostics(device: Device | DeviceReport) -> None:
    """Announce what the reader of a report should know before trusting it."""
    others = []
    for diagnostic in device.diagnostics:
        if diagnostic.code in WHOLE_INPUT_CODES:
            say(f"{_place(device.source.path, diagnostic.line)}: {diagnostic.message} ({diagnostic.code})")
        elif diagnostic.code in _NOT_UNDERSTOOD_CODES and diagnostic.severity is not Severity.INFO:
            others.append(diagnostic)
    if others:
        say(f"{device.source.path}: {_not_understood(others)}; see the diagnostics in the report")


@cache
def say_plugin_problems(platform: str | None = None) -> None:
    """Announce plug-ins that are not used, once; with a platform that the user named those that wanted to be it."""
    from parsers.registry import plugin_problems

    for problem in plugin_problems(platform):
        say(problem)


def skipped(folder: str, paths: list[str]) -> str:
    """Return the phrase for files of a folder that no parser recognises."""
    names = [path.removeprefix(folder).lstrip("/") for path in paths]
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = f", and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"{len(names)} {'file' if len(names) == 1 else 'files'} that no parser recognises ({shown}{more})"


def _not_understood(diagnostics: list[Diagnostic]) -> str:
    affecting = sum(one.affects_verdicts for one in diagnostics)
    places = f"{len(diagnostics)} {'place was' if len(diagnostics) == 1 else 'places were'} not fully understood"
    return f"{places}, {affecting} of which can change a verdict" if affecting else places


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path
