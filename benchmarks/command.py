"""Measures the whole command on a generated ASA configuration: ``python -m benchmarks.command --lines 100000``.

``rulecheck analyze bench.cfg -o report.json -o report.html`` in a process of its own, from start to exit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.asa_config import configuration_of
from benchmarks.processes import FailedRunError, environment
from benchmarks.results import Command


def measure_command(lines: int, seed: int, limit: float) -> Command:
    """Write a configuration of so many lines and analyse it.

    Raises:
        FailedRunError: the command took more than ``limit`` seconds or failed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "bench.cfg"
        config.write_text(configuration_of(lines, seed), encoding="utf-8")
        wall, processor, peak = _run(folder, config, limit)
        stages: dict[str, float] = json.loads((folder / "stages.json").read_text(encoding="utf-8"))
        stages["start, imports and the rest"] = wall - sum(stages.values())
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        summary = report["summary"]
        found = {**summary["findings"], "undecided": summary["undecided"]}
        megabytes = config.stat().st_size / 1e6
        return Command(lines, summary["rules"], megabytes, wall, processor, peak, stages, found)


def _run(folder: Path, config: Path, limit: float) -> tuple[float, float, int]:
    """Return wall and processor seconds and the peak memory in KiB."""
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.stages", folder / "stages.json", "analyze", config]
    for suffix in ("json", "html"):
        command += ["-o", folder / f"report.{suffix}"]
    begin = time.perf_counter()
    child = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    timer = threading.Timer(limit, child.kill)
    timer.start()
    _, status, usage = os.wait4(child.pid, 0)
    timer.cancel()
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise FailedRunError(f"over {limit:.0f} s" if wall >= limit else f"exit code {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure `rulecheck analyze` on a generated ASA configuration.")
    parser.add_argument("--lines", type=int, default=10_000, help="lines of the configuration [default: 10000]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generator [default: 1]")
    parser.add_argument("--limit", type=float, default=3600, help="seconds for the command [default: 3600]")
    arguments = parser.parse_args()
    try:
        found = measure_command(arguments.lines, arguments.seed, arguments.limit)
    except FailedRunError as problem:
        sys.exit(str(problem))
    print(f"{found.lines:,} lines, {found.megabytes:.1f} MB, {found.rules:,} rules, seed {arguments.seed}")
    print(f"wall {found.wall:.2f} s, processor {found.processor:.2f} s, peak {found.peak / 1024:.0f} MiB")
    for stage, seconds in sorted(found.stages.items(), key=lambda item: -item[1]):
        print(f"  {seconds:8.2f} s  {seconds / found.wall:5.1%}  {stage}")
    print("found " + ", ".join(f"{kind} {count:,}" for kind, count in found.found.items()))


if __name__ == "__main__":
    main()
