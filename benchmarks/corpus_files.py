"""One file of a corpus through detection and its parser, in a process that may die: what came of it."""

from __future__ import annotations

import multiprocessing
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from parsers.base import ConfigText
from parsers.reading import ReadError, read_file
from parsers.registry import detect, load, parse, platforms
from rulecheck.model.device import Device

_NUMBERS = re.compile(r"\d+")
_START = 60.0
"""Seconds that a new process may take to start."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one file. ``platform`` is empty where none was recognised; ``problem`` then says why.

    ``crash`` is the last line of a traceback, or says that the time ran out; the file then has no other numbers.
    ``unknown`` counts the lines that were not understood, by their text with every number as ``N``; ``serious`` the
    diagnostics that may change a verdict.
    """

    name: str
    platform: str = ""
    problem: str = ""
    crash: str = ""
    seconds: float = 0.0
    understood: int = 0
    ignored: int = 0
    blank: int = 0
    unread: int = 0
    rules: int = 0
    serious: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


def serve(connection: Connection, folder: str) -> None:
    """Answer each name with what comes of the file."""
    for platform in platforms():
        load(platform)
    while True:
        connection.send("ready")
        try:
            name = connection.recv()
        except EOFError:
            return
        connection.send(read_one(Path(folder), name))


def read_all(
    folder: Path, names: Sequence[str], limit: float, server: Callable[[Connection, str], None] = serve
) -> Iterator[Read]:
    """Yield what comes of each file, in order. A file that takes more than ``limit`` seconds counts as a crash."""
    worker = _Worker(folder, server)
    try:
        for name in names:
            yield worker.read(name, limit)
    finally:
        worker.stop()


class _Worker:
    """A process that reads one file after the other, and is replaced when it hangs or dies."""

    def __init__(self, folder: Path, server: Callable[[Connection, str], None]) -> None:
        self._folder = folder
        self._server = server
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=self._server, args=(theirs, str(self._folder)), daemon=True)
        self._process.start()
        theirs.close()
        self._ours.poll(_START)

    def read(self, name: str, limit: float) -> Read:
        """Read one file."""
        try:
            if self._process.is_alive() and self._ours.recv() == "ready":
                self._ours.send(name)
                if self._ours.poll(limit):
                    found = self._ours.recv()
                    assert isinstance(found, Read)
                    return found
            crash = f"took more than {limit:g} s"
        except (EOFError, OSError):
            crash = "the process died"
        self.stop()
        self._start()
        return Read(name, crash=crash)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._ours.close()


def read_one(folder: Path, name: str) -> Read:
    """Read one file in this process."""
    begin = time.perf_counter()
    try:
        config = read_file(str(folder / name))
        platform = detect(config)
        devices = parse(config, platform)
        _check(config, devices)
    except ReadError as refused:
        return Read(name, problem=refused.error.message)
    except Exception as problem:  # noqa: BLE001 - any exception is what this script looks for
        where = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return Read(name, crash=f"{type(problem).__name__} in {place}: {problem}")
    return _counted(name, platform, devices, time.perf_counter() - begin)


def _check(config: ConfigText, devices: Sequence[Device]) -> None:
    """Use what came out as the analysis would.

    Raises:
        ValueError: the counts of lines do not add up to the file.
    """
    for device in devices:
        if device.source.lines.total != len(config.lines):
            raise ValueError(f"{device.source.lines.total} lines accounted for, of {len(config.lines)}")
        for policy in device.policies:
            for rule in (*policy.rules, *policy.implicit):
                rule.match.terms(policy.families)


def _counted(name: str, platform: str, devices: Sequence[Device], seconds: float) -> Read:
    """Return the numbers of one file. Lines are those of the file: its devices share them."""
    diagnostics = {one for device in devices for one in device.diagnostics}
    lines = devices[0].source.lines
    return Read(
        name,
        platform,
        seconds=seconds,
        understood=lines.understood,
        ignored=lines.ignored,
        blank=lines.blank,
        unread=lines.unknown,
        rules=sum(len(policy.rules) for device in devices for policy in device.policies),
        serious=sum(one.affects_verdicts for one in diagnostics),
        unknown=Counter(_NUMBERS.sub("N", one.text.strip()) for one in diagnostics if one.code == "RC601"),
    )
