"""Errors in rulecheck itself: said in one line, without anything that may come from a configuration."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

TRACEBACK_VARIABLE = "RULECHECK_TRACEBACK"
"""Environment variable that, when it is not empty, shows developers the whole traceback."""

_PACKAGES = ("rulecheck", "parsers", "reports")


def describe(problem: Exception) -> str:
    """Return the kind of error and its place. Its text is left out: it may quote a secret."""
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(problem)
    places = _places(problem)
    place = f" at {places[-1]}" if places else ""
    return f"internal error: {type(problem).__name__}{place}"


def _places(problem: Exception) -> list[str]:
    """Return file and line of every frame in rulecheck's own code, outermost first."""
    root = Path(__file__).resolve().parents[2]
    found = []
    for frame in traceback.extract_tb(problem.__traceback__):
        path = Path(frame.filename)
        if any(path.is_relative_to(root / name) for name in _PACKAGES):
            found.append(f"{path.relative_to(root)}:{frame.lineno}")
    return found
