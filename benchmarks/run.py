"""Measures the whole command ``rulecheck analyze`` on generated configurations and prints a table.

    python benchmarks/run.py [--rules N]... [--seed S] [--repeat R]

Each measurement is a process of its own, from start to exit: parsing, analysis, and a JSON and an HTML report.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from benchmarks.asa_config import configuration  # noqa: E402 - a plain script has to find the package first

_MIB = 1024


@dataclass(frozen=True)
class Measurement:
    """One run: wall and processor time in seconds, peak memory in KiB, and what was found."""

    wall: float
    processor: float
    peak: int
    dead: int
    redundant: int
    undecided: int


def measure(config: Path, folder: Path) -> Measurement:
    """Run the command on a configuration.

    Raises:
        SystemExit: the command failed.
    """
    report = folder / "report.json"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "rulecheck",
        "analyze",
        config,
        "-o",
        report,
        "-o",
        folder / "report.html",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"rulecheck ended with exit code {child.returncode}")
    summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
    found = summary["findings"]
    dead = sum(found.get(kind, 0) for kind in ("shadowed", "covered", "empty"))
    seconds = usage.ru_utime + usage.ru_stime
    return Measurement(wall, seconds, usage.ru_maxrss, dead, found.get("redundant", 0), summary["undecided"])


def row(rules: int, runs: list[Measurement]) -> str:
    """Return the line of the table for some runs on one configuration: the median time, the highest memory."""
    middle = sorted(runs, key=lambda one: one.wall)[len(runs) // 2]
    peak = max(one.peak for one in runs) / _MIB
    return (
        f"{rules:>8,}  {middle.wall:>8.2f}  {middle.processor:>8.2f}  {peak:>8.0f}  "
        f"{middle.dead:>6,}  {middle.redundant:>9,}  {middle.undecided:>9,}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure `rulecheck analyze` on generated ASA configurations.")
    parser.add_argument("--rules", type=int, action="append", help="rules; may be repeated [default: 10000]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generator [default: 1]")
    parser.add_argument("--repeat", type=int, default=3, help="runs for each size [default: 3]")
    arguments = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores, seed {arguments.seed}")
    print("   rules    wall s     cpu s  peak MiB    dead  redundant  undecided")
    for rules in arguments.rules or [10_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = folder / "bench.cfg"
            config.write_text(configuration(rules, arguments.seed), encoding="utf-8")
            runs = [measure(config, folder) for _ in range(max(1, arguments.repeat))]
        print(row(rules, runs), flush=True)


if __name__ == "__main__":
    main()
