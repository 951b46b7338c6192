"""Fuzzes every parser, guided by coverage: ``python -m tests.parsers.fuzzing`` (`make fuzz-parsers`).

Needs atheris (the extra ``fuzz``). Each parser runs in a process of its own for ``--seconds``, from the fixtures and,
where RULECHECK_CORPUS is set, from the configurations in it. An input that makes a parser raise, break a promise,
take more than ten seconds or two gigabytes ends the run of that parser, and is kept in the folder of ``--keep``; with
``--reproduce FILE --platform NAME`` it is parsed again. The exit code is 1 when there is such an input.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from parsers.registry import PARSERS, load
from tests.parsers.fuzzing.checks import check, from_bytes
from tests.parsers.fuzzing.seeds import ROOT, dictionary, seeds

TIME_LIMIT = 10
MEMORY_LIMIT = 2_000
LONGEST = 60_000
_FINAL = re.compile(r"stat::(\w+):\s+(\d+)")
_COVERED = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one parser: inputs that were run, edges of its code that they reached, and what broke it."""

    platform: str
    executions: int
    covered: int
    failure: str = ""
    reproducers: tuple[Path, ...] = ()


def fuzz(platform: str, seconds: int, seed: int, keep: Path, corpus: Path | None) -> Fuzzed:
    """Fuzz one parser for some seconds, or until an input breaks it."""
    keep = (keep / platform).resolve()
    keep.mkdir(parents=True, exist_ok=True)
    before = set(keep.iterdir())
    with tempfile.TemporaryDirectory() as name:
        inputs = Path(name) / "inputs"
        inputs.mkdir()
        for raw in seeds(platform, corpus):
            (inputs / sha256(raw).hexdigest()).write_bytes(raw)
        words = Path(name) / "words"
        words.write_text(dictionary(platform), encoding="ascii")
        output = _run(platform, _options(seconds, seed, keep, words, inputs), seconds)
    numbers = {key: int(value) for key, value in _FINAL.findall(output)}
    covered = max((int(one) for one in _COVERED.findall(output)), default=0)
    found = tuple(sorted(set(keep.iterdir()) - before))
    executions = numbers.get("number_of_executed_units", 0)
    failure = _failure(output) if found or not executions else ""
    return Fuzzed(platform, executions, covered, failure, found)


def _options(seconds: int, seed: int, keep: Path, words: Path, inputs: Path) -> list[str]:
    return [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={TIME_LIMIT}",
        f"-rss_limit_mb={MEMORY_LIMIT}",
        f"-max_len={LONGEST}",
        f"-dict={words}",
        f"-artifact_prefix={keep}{os.sep}",
        "-print_final_stats=1",
        str(inputs),
    ]


def _run(platform: str, options: Sequence[str], seconds: int) -> str:
    command = [sys.executable, "-m", "tests.parsers.fuzzing.target", platform, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=seconds * 3 + 120
        )
    except subprocess.TimeoutExpired as late:
        return f"the process did not end\n{(late.stderr or b'').decode('utf-8', 'replace')}"
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _failure(output: str) -> str:
    """Return the line that says what broke."""
    lines = [line.strip() for line in output.splitlines()]
    for number, line in enumerate(lines):
        if "Uncaught Python exception" in line:
            return next((one for one in lines[number + 1 :] if one), line)
    errors = [line for line in lines if "ERROR: libFuzzer:" in line]
    return (errors or [line for line in lines if line] or ["no output"])[-1 if not errors else 0]


def reproduce(platform: str, file: Path) -> None:
    """Parse one input as the fuzzer does; what breaks is raised."""
    text = from_bytes(file.read_bytes())
    found = check(load(platform), text) if text is not None else ()
    print(f"{file.name}: {'refused' if not found else 'read'}, every promise kept")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fuzz every parser, guided by coverage.")
    parser.add_argument("--seconds", type=int, default=60, help="seconds for each parser [default: 60]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run [default: 1]")
    parser.add_argument("--platform", action="append", choices=sorted(PARSERS), help="only this one; may repeat")
    parser.add_argument("--keep", type=Path, default=Path("rulecheck-out/fuzz"), help="folder for inputs that break")
    parser.add_argument("--reproduce", type=Path, metavar="FILE", help="parse one input that was kept")
    arguments = parser.parse_args()
    chosen = arguments.platform or sorted(PARSERS)
    if arguments.reproduce:
        for platform in chosen:
            reproduce(platform, arguments.reproduce)
        return
    if find_spec("atheris") is None:
        parser.error("atheris is missing: install the extra fuzz (make fuzz-parsers does)")
    corpus = Path(os.environ["RULECHECK_CORPUS"]) if os.environ.get("RULECHECK_CORPUS") else None
    print(f"{'parser':<14}{'inputs run':>12}{'edges':>8}  broken by")
    failed = False
    for platform in chosen:
        found = fuzz(platform, arguments.seconds, arguments.seed, arguments.keep, corpus)
        print(f"{platform:<14}{found.executions:>12,}{found.covered:>8,}  {found.failure or '-'}", flush=True)
        for path in found.reproducers:
            print(f"{'':<14}{path}", flush=True)
        failed = failed or bool(found.failure)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
