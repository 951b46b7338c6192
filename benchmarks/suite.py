"""Runs all benchmarks and stores the results: ``python -m benchmarks.suite``, then ``python -m benchmarks.document``.

Each measurement is a process of its own. Peers run right after rulecheck on the same set. ``--most 1000`` leaves out
everything larger, for a first look; ``--only policy`` measures one set.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from benchmarks.command import measure_command
from benchmarks.engine import middle, repeat
from benchmarks.processes import ROOT, FailedRunError
from benchmarks.results import Command, Measured, new_results, to_json
from benchmarks.sets import SETS

STORED = ROOT / "docs" / "benchmarks.json"
PEER_RUNS = (
    ("cudd", "policy", (500, 1_000, 2_000, 5_000)),
    ("cudd", "checkerboard", (1_000, 2_000, 5_000)),
    ("cudd", "cover-overlapping", (1_000,)),
    ("aerleon", "policy", (500, 1_000, 2_000)),
)
COMMAND_LINES = (10_000, 100_000)
PACKAGES = {"cudd": "dd", "aerleon": "aerleon"}


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure: the largest size, one set or all, runs of each, and the bound in seconds for one of them."""

    most: int
    only: str | None
    seed: int
    times: int
    limit: float


def planned(options: Options) -> Iterator[tuple[str, str, int]]:
    """Yield subject, set and size of every measurement, the engine's before those of its peers."""
    for name, chosen in SETS.items():
        if options.only not in (None, name):
            continue
        peers = [(peer, size) for peer, of, sizes in PEER_RUNS if of == name for size in sizes]
        for size in sorted({*chosen.sizes, *(size for _, size in peers)}):
            if size <= options.most:
                yield "engine", name, size
                yield from ((peer, name, size) for peer, at in peers if at == size)


def measure(subject: str, name: str, rules: int, options: Options) -> Measured:
    """Measure one set with one subject; what fails is a result as well."""
    package = PACKAGES.get(subject)
    if package and find_spec(package) is None:
        return Measured(subject, name, rules, failure="not installed")
    try:
        runs = repeat(subject, name, rules, options.seed, times=options.times, limit=options.limit)
    except FailedRunError as problem:
        return Measured(subject, name, rules, failure=str(problem))
    walls = [one.wall for one in runs]
    typical = replace(middle(runs), peak=max(one.peak for one in runs))
    return Measured(subject, name, rules, typical, len(runs), min(walls), max(walls))


def _command(lines: int, options: Options) -> Command | None:
    runs: list[Command] = []
    try:
        while len(runs) < options.times and (not runs or len(runs) * runs[-1].wall < options.limit):
            runs.append(measure_command(lines, options.seed, options.limit))
    except FailedRunError as problem:
        say(f"command, {lines:,} lines: {problem}")
        return None
    typical = sorted(runs, key=lambda one: one.wall)[len(runs) // 2]
    say(f"command, {lines:,} lines: {typical.wall:.2f} s, {typical.peak / 1024:.0f} MiB")
    return typical


def say(text: str) -> None:
    """Tell how far the suite has come."""
    print(text, flush=True)


def _told(one: Measured) -> Measured:
    answer = f"{one.run.wall:.3f} s, {one.run.peak / 1024:.0f} MiB, {one.run.dead:,} dead" if one.run else one.failure
    say(f"{one.subject:8} {one.name:22} {one.rules:>8,}  {answer}")
    return one


def run(options: Options, target: Path) -> None:
    """Measure everything that the options ask for and store the results."""
    results = new_results(options.seed, options.limit)
    say(f"{results.machine.processor}, {results.machine.cores} cores, {results.machine.memory} GiB")
    measured = [_told(measure(subject, name, rules, options)) for subject, name, rules in planned(options)]
    lines = [count for count in COMMAND_LINES if count <= options.most] if options.only is None else []
    commands = [found for found in (_command(count, options) for count in lines) if found]
    stored = replace(results, measured=tuple(measured), commands=tuple(commands))
    target.write_text(to_json(stored), encoding="utf-8")
    say(f"wrote {target.name}")
    wrong = disagreements(measured)
    if wrong:
        sys.exit("CUDD and rulecheck differ about the dead rules of " + ", ".join(wrong))


def disagreements(measured: list[Measured]) -> list[str]:
    """Return the sets for which CUDD, which is exact too, found other dead rules than rulecheck."""
    ours = {(one.name, one.rules): one.run for one in measured if one.subject == "engine"}
    found: list[str] = []
    for one in measured:
        mine = ours.get((one.name, one.rules))
        if one.subject == "cudd" and one.run and mine and one.run.digest != mine.digest:
            found.append(f"{one.name} with {one.rules:,} rules")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Run all benchmarks and store the results.")
    parser.add_argument("--most", type=int, default=100_000, help="largest number of rules or lines [default: 100000]")
    parser.add_argument("--only", choices=sorted(SETS), help="measure one set")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generators [default: 1]")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, fewer where one is slow [default: 3]")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one measurement [default: 600]")
    parser.add_argument("--output", type=Path, default=STORED, help="file for the results [default: that of docs/]")
    arguments = parser.parse_args()
    options = Options(arguments.most, arguments.only, arguments.seed, max(1, arguments.repeat), arguments.limit)
    run(options, arguments.output)


if __name__ == "__main__":
    main()
