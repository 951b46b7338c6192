"""What the benchmark suite measures, as it is stored: one JSON file from which table and plot are made."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rulecheck import __version__

SCHEMA = "rulecheck.benchmarks/1"
PACKAGES = ("numpy", "dd", "aerleon")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds for making the set and analysing it, memory in KiB, and what was found.

    ``before`` is the peak before the analysis. ``digest`` names the set of dead rules.
    """

    rules: int
    made: float
    wall: float
    before: int
    peak: int
    dead: int
    digest: str
    processor: float = 0.0
    found: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """One set of one size, analysed by rulecheck or a peer: the median run, and the range of wall times.

    ``run`` is None where there was no result; ``failure`` says why.
    """

    subject: str
    name: str
    rules: int
    run: Run | None = None
    runs: int = 0
    fastest: float = 0.0
    slowest: float = 0.0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """The whole command on one configuration: lines, rules, seconds, KiB, and seconds for each stage."""

    lines: int
    rules: int
    megabytes: float
    wall: float
    processor: float
    peak: int
    stages: Mapping[str, float]
    found: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured."""

    processor: str
    cores: int
    memory: int
    python: str
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the suite."""

    rulecheck: str
    machine: Machine
    seed: int
    limit: float
    measured: tuple[Measured, ...] = ()
    commands: tuple[Command, ...] = ()

    def find(self, subject: str, name: str, rules: int) -> Measured | None:
        """Return what was measured on one set, or None."""
        wanted = (subject, name, rules)
        return next((one for one in self.measured if (one.subject, one.name, one.rules) == wanted), None)


def this_machine() -> Machine:
    """Describe this machine: no names, no paths."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cores = len(os.sched_getaffinity(0))
    return Machine(_processor(), cores, round(memory / (1 << 30)), platform.python_version(), _packages())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return " ".join(names[0].split()) if names else platform.machine()


def _packages() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def new_results(seed: int, limit: float) -> Results:
    """Return results without measurements."""
    return Results(__version__, this_machine(), seed, limit)


def to_json(results: Results) -> str:
    """Return the results as they are stored."""
    return json.dumps({"schema": SCHEMA, **asdict(results)}, indent=1, sort_keys=False) + "\n"


def from_json(text: str) -> Results:
    """Read stored results.

    Raises:
        ValueError: the text is no JSON, or of another schema.
    """
    data: dict[str, Any] = json.loads(text)
    if data.pop("schema", None) != SCHEMA:
        raise ValueError(f"the results are not of the schema {SCHEMA}: run the suite again")
    measured = [Measured(**{**one, "run": Run(**one["run"]) if one["run"] else None}) for one in data.pop("measured")]
    commands = [Command(**one) for one in data.pop("commands")]
    machine = Machine(**data.pop("machine"))
    return Results(machine=machine, measured=tuple(measured), commands=tuple(commands), **data)
