"""Measures the engine alone on a generated set: ``python -m benchmarks.engine --set policy --rules 10000 --seed 1``.

Each run is a fresh process. The time is that of ``analyze_policies``; the set is made before the clock starts.
"""

from __future__ import annotations

import argparse
import pstats
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import FailedRunError, measure
from benchmarks.results import Run
from benchmarks.sets import SETS


def run_once(subject: str, name: str, rules: int, seed: int, limit: float, profile: str = "") -> Run:
    """Measure rulecheck (``engine``) or a peer in a process of its own.

    Raises:
        FailedRunError: it took more than ``limit`` seconds or failed.
    """
    rest = [profile] if profile else []
    return Run(**measure("benchmarks.child", subject, name, str(rules), str(seed), *rest, limit=limit))


def repeat(subject: str, name: str, rules: int, seed: int, *, times: int, limit: float) -> list[Run]:
    """Measure several times; a slow subject fewer times, so that all runs together stay within ``limit`` seconds.

    Raises:
        FailedRunError: the first run took more than ``limit`` seconds or failed.
    """
    runs = [run_once(subject, name, rules, seed, limit)]
    while len(runs) < times and (len(runs) + 1) * max(one.made + one.wall for one in runs) < limit:
        runs.append(run_once(subject, name, rules, seed, limit))
    return runs


def middle(runs: list[Run]) -> Run:
    """Return the run with the median wall time."""
    return sorted(runs, key=lambda one: one.wall)[len(runs) // 2]


def _describe(runs: list[Run]) -> None:
    typical = middle(runs)
    walls = [one.wall for one in runs]
    peak, before = max(one.peak for one in runs) / 1024, max(one.before for one in runs) / 1024
    print(f"wall {typical.wall:.3f} s (median of {len(runs)}, {min(walls):.3f} to {max(walls):.3f})")
    print(f"processor {typical.processor:.3f} s; making the set took {typical.made:.2f} s")
    print(f"peak {peak:.0f} MiB, {before:.0f} MiB before the analysis")
    print("found " + ", ".join(f"{kind} {count:,}" for kind, count in typical.found.items()))


def _profile(name: str, rules: int, seed: int, limit: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "run.prof")
        run_once("engine", name, rules, seed, limit, target)
        for order in ("cumulative", "tottime"):
            pstats.Stats(target).strip_dirs().sort_stats(order).print_stats(35)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the engine alone on a generated set.")
    parser.add_argument("--set", dest="name", choices=sorted(SETS), default="policy", help="[default: policy]")
    parser.add_argument("--rules", type=int, default=10_000, help="rules, or pieces of a cover [default: 10000]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generator [default: 1]")
    parser.add_argument("--repeat", type=int, default=3, help="runs, each in a fresh process [default: 3]")
    parser.add_argument("--limit", type=float, default=3600, help="seconds for one run [default: 3600]")
    parser.add_argument("--profile", action="store_true", help="print a profile of one more run")
    arguments = parser.parse_args()
    if arguments.rules < 2 or arguments.repeat < 1:
        parser.error("--rules must be at least 2, --repeat at least 1")
    subject = "engine", arguments.name, arguments.rules, arguments.seed, arguments.limit
    try:
        runs = [run_once(*subject) for _ in range(arguments.repeat)]
        print(f"{SETS[arguments.name].words}: {runs[0].rules:,} rules, seed {arguments.seed}")
        _describe(runs)
        if arguments.profile:
            _profile(*subject[1:])
    except FailedRunError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
