"""Fixtures that several subjects use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, database=None, print_blob=True)
if os.environ.get("CI") and "RULECHECK_EXAMPLES" not in os.environ:
    settings.load_profile("ci")

ROOT = Path(__file__).resolve().parent.parent


class RunRulecheck(Protocol):
    """Runs ``python -m rulecheck`` with arguments and returns what it wrote, as text."""

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str = ...,
        env: Mapping[str, str] | None = ...,
        preexec: Callable[[], None] | None = ...,
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def rulecheck(tmp_path: Path) -> RunRulecheck:
    """Return a function that runs the command in ``tmp_path``, as a user would."""

    def run(
        *arguments: str | Path,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        preexec: Callable[[], None] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        options: dict[str, Any] = {"preexec_fn": preexec} if preexec else {}
        return subprocess.run(
            [sys.executable, "-m", "rulecheck", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,
        )

    return run


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real configurations; the test is skipped where there is none."""
    folder = os.environ.get("RULECHECK_CORPUS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("RULECHECK_CORPUS names no folder of real configurations")
    return Path(folder)
