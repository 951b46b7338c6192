"""How the time of each parser grows: ``python -m benchmarks.parser_growth --size 100000``.

Each case of :mod:`benchmarks.generators.growing` is parsed at half the size and at the size, in processes of their
own. In linear time the second takes about twice the first; the exit code is 1 when one takes over three times, which
quadratic time does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generators.growing import CASES
from benchmarks.processes import FailedRunError, measure

MOST = 3.0
_NOISE = 1.0
"""Seconds below which a ratio says nothing."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Processor seconds of parsing at half the size and at the size, and the peak memory in KiB."""

    case: str
    size: int
    half: float
    whole: float
    peak: int

    @property
    def ratio(self) -> float:
        """Return how many times the time of the half is needed for the whole."""
        return self.whole / max(self.half, 0.001)

    @property
    def steep(self) -> bool:
        """Return whether the time grows faster than in proportion to the size."""
        return self.whole > _NOISE and self.ratio > MOST


def grow(case: str, size: int, limit: float) -> Growth:
    """Measure one case at half the size and at the size.

    Raises:
        FailedRunError: it took more than ``limit`` seconds or failed.
    """
    platform, make = CASES[case]
    found = []
    with tempfile.TemporaryDirectory() as name:
        for part in (size // 2, size):
            path = Path(name) / f"{part}.txt"
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(f"{line}\n" for line in make(part))
            found.append(measure("benchmarks.large_child", platform, str(path), limit=limit))
    first, second = found
    return Growth(case, size, first["parsing_processor"], second["parsing_processor"], second["peak"])


def report(cases: Sequence[str], size: int, limit: float) -> bool:
    """Print a row for each case; return whether all is well."""
    fine = True
    print(f"{'case':<28}{'size / 2':>10}{'size':>10}{'ratio':>8}{'peak':>12}")
    for case in cases:
        try:
            found = grow(case, size, limit)
        except FailedRunError as problem:
            print(f"{case:<28}{problem}", flush=True)
            fine = False
            continue
        mark = "  grows too fast" if found.steep else ""
        times = f"{found.half:>8.2f} s{found.whole:>8.2f} s{found.ratio:>8.1f}"
        print(f"{case:<28}{times}{found.peak / 1024:>8.0f} MiB{mark}", flush=True)
        fine = fine and not found.steep
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how the time of each parser grows.")
    parser.add_argument("--size", type=int, default=100_000, help="members, rules or lines [default: 100000]")
    parser.add_argument("--only", action="append", metavar="WORD", help="cases whose names hold this; may repeat")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one text [default: 600]")
    arguments = parser.parse_args()
    chosen = [case for case in CASES if not arguments.only or any(word in case for word in arguments.only)]
    sys.exit(0 if report(chosen, arguments.size, arguments.limit) else 1)


if __name__ == "__main__":
    main()
