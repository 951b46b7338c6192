"""Runs the command line in this process and notes where the time goes: ``python -m benchmarks.stages FILE ARGS...``.

The functions at the borders of the pipeline's stages are wrapped by clocks; FILE gets seconds per stage as JSON.
Everything else (start-up, imports, joining results) is what remains of the whole process's time.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

BORDERS = (
    ("read the file", "rulecheck.cli.worker", "read_file"),
    ("recognise and parse", "rulecheck.cli.worker", "parse"),
    ("engine", "rulecheck.analysis", "analyze_policies"),
    ("findings", "rulecheck.analysis", "find"),
    ("rule graph", "rulecheck.analysis", "build_graph"),
    ("clusters", "rulecheck.analysis", "clusters"),
    ("batches of the plan", "rulecheck.analysis", "batches"),
    ("write reports", "rulecheck.cli.analyze", "render"),
    ("write reports", "rulecheck.cli.analyze", "write"),
)
"""Stage, and a function that does it: the module that calls it, and its name there."""


def install(clocks: dict[str, float]) -> None:
    """Wrap the functions at the borders.

    Raises:
        AttributeError: one is not there any more: the table above is out of date.
    """
    for stage, module, name in BORDERS:
        place = import_module(module)
        setattr(place, name, _timed(getattr(place, name), stage, clocks))


def _timed(function: Callable[..., Any], stage: str, clocks: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: object, **options: object) -> object:
        begin = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            clocks[stage] += time.perf_counter() - begin

    return timed


def main() -> None:
    target = Path(sys.argv.pop(1))
    clocks: dict[str, float] = defaultdict(float)
    install(clocks)
    from rulecheck.cli import main as run

    try:
        run()
    finally:
        target.write_text(json.dumps(clocks), encoding="utf-8")


if __name__ == "__main__":
    main()
