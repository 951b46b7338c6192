"""The long run: ``python -m tests.fuzz --count 20000 --seed 1``. Exit code 1 where two methods disagree.

Device number s is the same in every run, so that a run that was stopped goes on with ``--seed`` at the number where it
stopped. The device that fails is made small and written as a test.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from secrets import randbelow
from time import monotonic

from tests.fuzz.features import FEATURES
from tests.fuzz.generate import device
from tests.fuzz.reproduce import reproducer
from tests.fuzz.shrink import shrunk
from tests.fuzz.work import Chunk, Failure, Tally, failure, length, run

_CHUNK = 25
_PROGRESS = 15.0
_SHRINKING = 60.0


def chunks(options: argparse.Namespace) -> Iterator[Chunk]:
    for first in range(options.seed, options.seed + options.count, _CHUNK):
        count = min(_CHUNK, options.seed + options.count - first)
        yield Chunk(first, count, options.oracle, options.wide)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    say(f"devices {options.seed} to {options.seed + options.count - 1}, {options.jobs} processes")
    total, begin = Tally(), monotonic()
    spoken = begin
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for done, tally in enumerate(pool.map(run, chunks(options)), 1):
            total.add(tally)
            if total.failed:
                break
            if monotonic() - spoken > _PROGRESS:
                spoken = monotonic()
                reached = options.seed + done * _CHUNK
                say(f"  {total.tried} tried in {spoken - begin:.0f} s; all below {reached} are done")
        pool.shutdown(cancel_futures=True)
    _summary(total, monotonic() - begin)
    return report_failure(total.failed, options.output) if total.failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="devices to try (default: 20000)")
    parser.add_argument("--seed", type=int, default=None, help="number of the first device (default: any)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--oracle", type=int, default=5, help="every how manieth single list goes to Z3 (0: none)")
    parser.add_argument("--wide", type=int, default=100, help="every how manieth seed a long list too (0: none)")
    parser.add_argument("--output", type=Path, default=Path("rulecheck-out"), help="folder for a failing device")
    options = parser.parse_args(arguments)
    if options.seed is None:
        options.seed = randbelow(1_000_000) * 1_000
    return options


def _summary(total: Tally, seconds: float) -> None:
    say(f"{total.tried} devices with {total.rules} rules in {seconds:.0f} s, {total.left_out} left out as too large")
    say(f"{total.second} of them and {total.wide} long lists were decided by Z3 as well; devices with …")
    for name in FEATURES:
        say(f"  {total.features[name]:>7}  {name}")


def report_failure(found: Failure, output: Path) -> int:
    """Show what failed, made small, and write it as a test."""
    say(f"\ndevice {found.seed} fails{' as a long list' if found.wide else ''}:\n{found.error}")
    if found.wide:
        say(f"replay it with: tests.fuzz.check.check_wide({found.seed}, {length(found.seed)})")
        return 1
    where, _ = failure(device(found.seed))
    small = shrunk(device(found.seed), lambda smaller: failure(smaller)[0] == where, _SHRINKING)
    why = f"Device {found.seed} of the fuzzing run, made small.\n\n{failure(small)[1] or found.error}\n"
    text = reproducer(small, why)
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"test_fuzz_{found.seed}.py"
    path.write_text(text, encoding="utf-8")
    say(f"{text}\nwritten to {path}; run it with: pytest {path}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
