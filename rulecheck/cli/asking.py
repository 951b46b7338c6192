"""What the commands that ask questions have in common: reading inputs, errors, and the way to standard output."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parsers.registry import platforms
from rulecheck.cli.messages import say_diagnostics, say_error, say_plugin_problems
from rulecheck.cli.output import FILE_WIDTH, OutputError, emit

if TYPE_CHECKING:
    from rulecheck.api import Config

DONE, NOT_PROVEN, BAD_INPUT = 0, 1, 2
FORMATS = ("text", "json")

_Command = TypeVar("_Command", bound=Callable[..., Any])


class InputProblemError(click.ClickException):
    """An input cannot be read or recognised; what is wrong was said already."""

    exit_code = BAD_INPUT

    def show(self, file: object = None) -> None:
        """Write nothing: the message is on standard error."""


def shared_options(command: _Command) -> _Command:
    """Add the options that all of these commands have."""
    vendor = click.option(
        "--vendor", type=click.Choice(platforms()), help="Read every input as this platform; do not detect it."
    )
    style = click.option(
        "--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="Format of the answer."
    )
    return vendor(style(command))


def read(path: str, vendor: str | None) -> Config:
    """Read one configuration, ``-`` for standard input, and announce what was not understood in it.

    Raises:
        InputProblemError: it cannot be read or recognised.
    """
    from parsers.reading import ReadError, read_file, read_stdin
    from rulecheck.api.loading import parse

    say_plugin_problems(vendor)
    try:
        config = parse(read_stdin() if path == "-" else read_file(path), vendor)
    except ReadError as problem:
        say_error(problem.error)
        raise InputProblemError("") from None
    for device in config.devices:
        say_diagnostics(device)
    return config


def ask(question: Callable[[], _Answer]) -> _Answer:
    """Run a question; one that cannot be asked as it is written becomes a usage error."""
    from rulecheck.api import QuestionError

    try:
        return question()
    except QuestionError as problem:
        raise click.UsageError(str(problem)) from None


_Answer = TypeVar("_Answer")


def write(style: str, as_text: Callable[[int, bool], str], as_json: Callable[[], str]) -> bool:
    """Write an answer to standard output, in colour only at a terminal that wants it. Returns whether it was written.

    ``as_text`` gets the width and whether colours may be used.
    """
    try:
        if style == "json":
            emit(as_json(), "utf-8")
            return True
        terminal = sys.stdout is not None and sys.stdout.isatty()
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns if terminal else FILE_WIDTH
        emit(as_text(width, colour))
    except OutputError as problem:
        problem.show()
        return False
    return True
