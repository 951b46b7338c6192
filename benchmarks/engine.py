"""Measures the engine alone on a generated set: ``python -m benchmarks.engine --set policy --rules 10000 --seed 1``.

Each run is a fresh process. The time is that of ``analyze_policies``; the set is made before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import pstats
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sets import SETS

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One run: seconds for making the set and for analysing it, peak memory in KiB, and counts of what was found."""

    rules: int
    made: float
    wall: float
    processor: float
    before: int
    peak: int
    found: dict[str, int]


def run_once(name: str, rules: int, seed: int, profile: Path | None = None) -> EngineRun:
    """Measure in a process of its own.

    Raises:
        subprocess.CalledProcessError: the process failed; its messages went to standard error.
    """
    command = [sys.executable, "-m", "benchmarks.child", name, str(rules), str(seed)]
    if profile:
        command.append(str(profile))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    values: dict[str, Any] = json.loads(done.stdout)
    return EngineRun(**values)


def middle(runs: list[EngineRun]) -> EngineRun:
    """Return the run with the median wall time."""
    return sorted(runs, key=lambda one: one.wall)[len(runs) // 2]


def _describe(runs: list[EngineRun]) -> None:
    typical = middle(runs)
    walls = [one.wall for one in runs]
    peak, before = max(one.peak for one in runs) / 1024, max(one.before for one in runs) / 1024
    print(f"wall {typical.wall:.3f} s (median of {len(runs)}, {min(walls):.3f} to {max(walls):.3f})")
    print(f"processor {typical.processor:.3f} s; making the set took {typical.made:.2f} s")
    print(f"peak {peak:.0f} MiB, {before:.0f} MiB before the analysis")
    print("found " + ", ".join(f"{kind} {count:,}" for kind, count in typical.found.items()))


def _profile(name: str, rules: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "run.prof"
        run_once(name, rules, seed, target)
        for order in ("cumulative", "tottime"):
            pstats.Stats(str(target)).strip_dirs().sort_stats(order).print_stats(35)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the engine alone on a generated set.")
    parser.add_argument("--set", dest="name", choices=sorted(SETS), default="policy", help="[default: policy]")
    parser.add_argument("--rules", type=int, default=10_000, help="rules, or pieces of a cover [default: 10000]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generator [default: 1]")
    parser.add_argument("--repeat", type=int, default=3, help="runs, each in a fresh process [default: 3]")
    parser.add_argument("--profile", action="store_true", help="print a profile of one more run")
    arguments = parser.parse_args()
    if arguments.rules < 2 or arguments.repeat < 1:
        parser.error("--rules must be at least 2, --repeat at least 1")
    runs = [run_once(arguments.name, arguments.rules, arguments.seed) for _ in range(arguments.repeat)]
    print(f"{SETS[arguments.name].words}: {runs[0].rules:,} rules, seed {arguments.seed}")
    _describe(runs)
    if arguments.profile:
        _profile(arguments.name, arguments.rules, arguments.seed)


if __name__ == "__main__":
    main()
