"""Whether the tests notice faults: ``python -m tests.mutants``. Exit code 1 where a fault survives, 2 for a stale one.

Each fault is planted in a copy of the package, and a quick part of the tests runs on the copy, stage by stage, until
one fails. A copy without a fault has to pass the stages that were needed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.mutants.faults import FAULTS, Fault, StaleFaultError

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES: tuple[tuple[str, ...], ...] = (
    ("tests/engine",),
    ("tests/fuzz/test_fuzz.py", "-k", "every_method"),
    ("tests/differential/test_engine.py",),
)
"""Quick tests of the engine, the quickest first."""

_COPIED = ("rulecheck", "parsers", "tests", "pyproject.toml")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_LONGEST = 900
_TESTS_FAILED = 1


@dataclass(frozen=True)
class Outcome:
    """The test that failed first, "" where all passed; the number of stages that it took, and the seconds."""

    failure: str
    stages: int
    seconds: float


def copy_to(folder: Path) -> None:
    """Copy what the tests of the engine need."""
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "golden", "mutants"))
        else:
            shutil.copy(source, folder / name)


def first_failure(folder: Path, stages: int) -> tuple[str, int]:
    """Return the test that fails first in a copy, and in which stage; "" where all pass.

    A stage that takes too long fails as well.

    Raises:
        StaleFaultError: the tests could not be run at all.
    """
    environment = {**os.environ, "PYTHONPATH": str(folder), "CI": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("RULECHECK_EXAMPLES", None)
    for number, stage in enumerate(STAGES[:stages], 1):
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *stage]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return f"{stage[0]} does not end", number
        found = _FAILED.search(done.stdout)
        if done.returncode == _TESTS_FAILED and found is not None:
            return found.group(1), number
        if done.returncode != 0:
            raise StaleFaultError(f"the copy cannot be tested: {(done.stdout + done.stderr)[-500:]}")
    return "", stages


def attempt(fault: Fault | None, stages: int = len(STAGES)) -> Outcome:
    """Return which test notices a fault; None stands for a copy without any.

    Raises:
        StaleFaultError: the fault does not fit the source any more, or is no working program.
    """
    begin = monotonic()
    with TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        copy_to(folder)
        if fault is not None:
            fault.plant(folder / "rulecheck")
        return Outcome(*first_failure(folder, stages), monotonic() - begin)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="copies at a time (default: 2)")
    parser.add_argument("--only", default="", help="only faults whose name has this in it")
    options = parser.parse_args(arguments)
    chosen = [fault for fault in FAULTS if options.only in fault.name]
    survived = stale = stages = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for fault, tried in [(fault, pool.submit(attempt, fault)) for fault in chosen]:
            try:
                found = tried.result()
            except StaleFaultError as error:
                stale += 1
                say(f"STALE     {fault.name}\n          {error}")
                continue
            survived += not found.failure
            stages = max(stages, found.stages)
            word = "caught" if found.failure else "SURVIVED"
            say(f"{word:9} {fault.name} ({found.seconds:.0f} s)\n          {found.failure}".rstrip())
    say(f"{len(chosen)} faults: {len(chosen) - survived - stale} caught, {survived} survived, {stale} stale")
    sound = attempt(None, stages)
    if sound.failure:
        say(f"without any fault {sound.failure} fails as well; mend that first")
        return 2
    say(f"without a fault the stages that were needed pass ({sound.seconds:.0f} s)")
    return 2 if stale else int(survived > 0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
