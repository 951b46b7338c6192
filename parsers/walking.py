"""Finding the inputs: the files that paths on the command line stand for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.reading import STDIN_NAME
from rulecheck.model.finding import InputError

STDIN_ARGUMENT = "-"

_SKIPPED_FOLDERS = frozenset({"CVS", "_darcs", "__pycache__"})
"""Folders of tools that do not start with a dot."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read. ``folder`` is the folder argument under which it was found, None if it was named itself.

    ``path`` starts as the user wrote it; ``<stdin>`` stands for standard input.
    """

    path: str
    folder: str | None = None

    @property
    def is_stdin(self) -> bool:
        """Return whether this is standard input."""
        return self.folder is None and self.path == STDIN_NAME


def find_inputs(
    arguments: Sequence[str], exclude: Sequence[str] = ()
) -> tuple[tuple[Candidate, ...], tuple[InputError, ...]]:
    """Return the files to read, in order and each once, and what could not be searched.

    Folders are searched recursively in the order of names. Hidden files, folders of version control
    systems, and symbolic links to folders inside a searched folder are passed over, so a link that points
    to its own parent does no harm. ``exclude`` are files to leave out (the outputs of this very run).
    """
    seen = {os.path.realpath(path) for path in exclude}
    found: list[Candidate] = []
    errors: list[InputError] = []
    for argument in arguments:
        for item in _expand(argument):
            if isinstance(item, InputError):
                errors.append(item)
                continue
            identity = item.path if item.is_stdin else os.path.realpath(item.path)
            if identity not in seen:
                seen.add(identity)
                found.append(item)
    return tuple(found), tuple(errors)


def _expand(argument: str) -> Iterator[Candidate | InputError]:
    if argument == STDIN_ARGUMENT:
        yield Candidate(STDIN_NAME)
    elif Path(argument).is_dir():
        yield from _search(argument, argument)
    else:
        yield Candidate(argument)


def _search(folder: str, argument: str) -> Iterator[Candidate | InputError]:
    """Yield the files in ``folder`` and below, without recursion: depth is the attacker's choice."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            yield InputError(current, 0, f"the folder cannot be searched: {reason}", "check its permissions")
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _SKIPPED_FOLDERS:
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif not entry.is_dir():
                yield Candidate(entry.path, argument)
        waiting.extend(reversed(folders))
