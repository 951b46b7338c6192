"""Measures how large configurations are read, and how the time grows: ``python -m benchmarks.large_inputs``.

Each text is generated from a seed, written to a temporary file, and read, recognised and parsed in a process of its
own. With ``--write`` (`make bench-large`) the results go into docs/large-inputs.md, between its two marks.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generators.growing import CASES
from benchmarks.generators.large_texts import TEXTS
from benchmarks.parser_growth import Growth, grow
from benchmarks.processes import ROOT, FailedRunError, measure
from benchmarks.results import Machine, this_machine
from rulecheck import __version__

DOCUMENT = ROOT / "docs" / "large-inputs.md"
BEGIN, END = "<!-- results: written by `make bench-large` -->", "<!-- end of results -->"
SIZES = dict.fromkeys(TEXTS, 200_000) | {"panos": 2_715_000}
"""Lines; those of PAN-OS make 100 MB."""


@dataclass(frozen=True, slots=True)
class Large:
    """One file: its size, wall seconds of the stages, processor seconds, and peak memory in KiB."""

    platform: str
    lines: int
    megabytes: float
    rules: int
    reading: float
    recognising: float
    parsing: float
    processor: float
    peak: int

    @property
    def wall(self) -> float:
        """Return the seconds from opening the file to its model."""
        return self.reading + self.recognising + self.parsing


def measure_large(platform: str, size: int, seed: int, limit: float) -> Large:
    """Generate and read one configuration.

    Raises:
        FailedRunError: it took more than ``limit`` seconds, failed, or was not understood as a whole.
    """
    lines = 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.txt"
        with path.open("w", encoding="utf-8") as stream:
            for line in TEXTS[platform](size, seed):
                stream.write(f"{line}\n")
                lines += 1
        megabytes = path.stat().st_size / 1e6
        found = measure("benchmarks.large_child", platform, str(path), limit=limit)
    if found["unknown"] or found["serious"]:
        raise FailedRunError(f"{found['unknown']} lines and {found['serious']} clauses were not understood")
    return Large(
        platform,
        lines,
        megabytes,
        found["rules"],
        reading=found["reading"],
        recognising=found["recognising"],
        parsing=found["parsing"],
        processor=found["processor"],
        peak=found["peak"],
    )


def large_table(rows: Iterable[Large]) -> str:
    """Return the measurements as a table."""
    lines = [
        "| platform | lines | MB | rules | wall | read | recognise | parse | processor | peak memory |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in rows:
        stages = f"{one.reading:.1f} s | {one.recognising:.1f} s | {one.parsing:.1f} s | {one.processor:.1f} s"
        size = f"{one.lines:,} | {one.megabytes:.0f} | {one.rules:,}"
        lines.append(f"| {one.platform} | {size} | {one.wall:.1f} s | {stages} | {one.peak / 1024:,.0f} MiB |")
    return "\n".join(lines)


def growth_table(rows: Iterable[Growth]) -> str:
    """Return how the time grows as a table."""
    lines = [
        "| what grows | size | at half the size | at the size | ratio | peak memory |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for one in rows:
        times = f"{one.half:.1f} s | {one.whole:.1f} s | {one.ratio:.1f}"
        lines.append(f"| {one.case} | {one.size:,} | {times} | {one.peak / 1024:,.0f} MiB |")
    return "\n".join(lines)


def machine_line(machine: Machine, seed: int, load: float) -> str:
    """Return where it was measured, without names and paths."""
    where = f"{machine.processor}, {machine.cores} cores, {machine.memory} GB, Python {machine.python}"
    busy = f"load {load:.1f} at the start" if load >= 0 else "load unknown"
    return f"rulecheck {__version__}, seed {seed}. {where}; {busy}: it slows the wall times more than the processor's."


def replaced(document: str, results: str) -> str:
    """Return the document with other results between the marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{results}\n\n{END}{after}"


def _run(platforms: Sequence[str], cases: Sequence[str], arguments: argparse.Namespace) -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    large, growth = [], []
    for platform in platforms:
        size = max(1_000, int(SIZES[platform] * arguments.scale))
        large.append(measure_large(platform, size, arguments.seed, arguments.limit))
        print(large_table(large[-1:]).splitlines()[-1], flush=True)
    for case in cases:
        growth.append(grow(case, arguments.growth, arguments.limit))
        print(growth_table(growth[-1:]).splitlines()[-1], flush=True)
    return "\n\n".join([machine_line(this_machine(), arguments.seed, load), large_table(large), growth_table(growth)])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how large configurations are read.")
    parser.add_argument("--only", action="append", choices=sorted(TEXTS), help="platform; may repeat; no growth")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes [default: 1]")
    parser.add_argument("--growth", type=int, default=100_000, help="size of what grows, 0 for none [default: 100000]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generators [default: 1]")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one file [default: 600]")
    parser.add_argument("--write", action="store_true", help="write the results into docs/large-inputs.md")
    arguments = parser.parse_args()
    cases = list(CASES) if arguments.growth and not arguments.only else []
    try:
        results = _run(arguments.only or list(TEXTS), cases, arguments)
        if arguments.write:
            DOCUMENT.write_text(replaced(DOCUMENT.read_text(encoding="utf-8"), results), encoding="utf-8")
    except (FailedRunError, OSError, ValueError) as problem:
        sys.exit(f"{problem}")


if __name__ == "__main__":
    main()
