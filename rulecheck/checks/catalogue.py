"""The catalogue of codes: every check's documentation, read from the docstring of its module."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

HEADINGS = ("What it does", "Why it matters", "Example", "What to do", "Source")
"""The headings that the documentation of every code has, in this order."""


@dataclass(frozen=True, slots=True)
class Doc:
    """The documentation of one code. ``kind`` is the finding's kind, or a short name for a diagnostic."""

    code: str
    kind: str
    title: str
    text: str


@cache
def documentation() -> Mapping[str, Doc]:
    """Return the documentation of all codes, by code."""
    found: dict[str, Doc] = {}
    package = importlib.import_module("rulecheck.checks")
    for module_info in pkgutil.iter_modules(package.__path__):
        if not module_info.name.startswith("rc"):
            continue
        module = importlib.import_module(f"rulecheck.checks.{module_info.name}")
        text = inspect.getdoc(module) or ""
        title = text.splitlines()[0].removeprefix(f"{module.CODE}: ").rstrip(".")
        found[module.CODE] = Doc(module.CODE, module.KIND, title, text)
    return found
