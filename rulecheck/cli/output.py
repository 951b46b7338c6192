"""Where reports go: standard output, and files that are written completely or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from reports.visible import visible
from rulecheck.model.finding import Report

if TYPE_CHECKING:
    from rulecheck.graph.build import RuleGraph
    from rulecheck.model.certificate import DeviceCertificates

FORMATS = ("text", "json", "html")

SUFFIXES = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html"}
"""What the suffix of an output file means."""

GRAPH_SUFFIXES = {".graphml": "graphml", ".json": "json"}
"""What the suffix of a file for the rule graph means."""

CERTIFICATE_SUFFIXES = {".json": "certificates"}
"""What the suffix of a file for certificates means."""

FILE_WIDTH = 100
"""Columns of a text report that does not go to a terminal."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write a report or a graph to."""

    path: str
    format: str


class OutputError(click.ClickException):
    """A report or graph cannot be written. The message is one sentence that says where, why and what to do."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to standard error (or ``file``), in the form of all messages."""
        click.echo(f"rulecheck: {visible(self.message)}", file=file, err=file is None)


def render(report: Report, name: str, *, colour: bool = False, width: int = FILE_WIDTH) -> str:
    """Return the report in the format ``name``, one of :data:`FORMATS`."""
    if name == "json":
        from reports import json_report

        return json_report.render(report)
    if name == "html":
        from reports import html

        return html.render(report)
    from reports import text

    return text.render(report, colour=colour, width=width)


def render_graph(graphs: Iterable[RuleGraph], name: str) -> str:
    """Return the rule graphs of devices with different names as one, as ``graphml`` or ``json``."""
    from rulecheck.graph import join, to_graphml, to_json

    return (to_graphml if name == "graphml" else to_json)(join(graphs))


def render_certificates(version: str, devices: Sequence[DeviceCertificates]) -> str:
    """Return the certificates file of a report by this ``version`` of rulecheck."""
    from reports import certificates

    return certificates.render(version, devices)


def write_stdout(report: Report, name: str) -> None:
    """Write the report to standard output, in colour only at a terminal that wants it.

    Raises:
        OutputError: it cannot be written.
    """
    terminal = sys.stdout is not None and sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns if terminal else FILE_WIDTH
    emit(render(report, name, colour=colour, width=width), None if name == "text" else "utf-8")


def emit(text: str, encoding: str | None = None) -> None:
    """Write text to standard output, in its own encoding unless another is named.

    A reader that has seen enough and goes away is no error.

    Raises:
        OutputError: standard output is closed or full.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed; write the report to a file with -o FILE")
    data = text.encode(encoding or sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_stdout()
    except OSError as problem:
        _discard_stdout()
        raise OutputError(f"standard output cannot be written: {(problem.strerror or str(problem)).lower()}") from None


def _discard_stdout() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prepare(target: Target) -> None:
    """Make the folder of ``target`` and check, before any long work, that the file can be written.

    Raises:
        OutputError: it cannot.
    """
    path = Path(target.path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _failure(target.path, problem) from None
    if path.is_dir():
        raise OutputError(f"{target.path}: is a folder; name a file in it")
    if not os.access(_real(path).parent, os.W_OK | os.X_OK):
        raise OutputError(f"{target.path}: its folder may not be written to; choose another place")


def write(target: Target, text: str) -> None:
    """Replace the file by ``text`` in one step: readers see the old content or the new, never a part.

    Raises:
        OutputError: it cannot be written; the old content is still there.
    """
    path = _real(Path(target.path))
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise _failure(target.path, problem) from None
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _real(path: Path) -> Path:
    """Follow links, so that a link to a report stays a link."""
    return Path(os.path.realpath(path))


def _failure(path: str, problem: OSError) -> OutputError:
    reason = (problem.strerror or str(problem)).lower()
    return OutputError(f"{path}: the file cannot be written: {reason}; choose another place")
