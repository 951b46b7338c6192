"""Measurements in processes of their own: each starts cold, and none sees the memory of another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class FailedRunError(Exception):
    """A measurement did not come to an end. The message says why in a few words."""


def environment() -> dict[str, str]:
    """Return the environment of every measured process: this source tree, one fixed order of hashes."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}


def measure(module: str, *arguments: str, limit: float) -> dict[str, Any]:
    """Run a module that prints one line of JSON, and return its content.

    Raises:
        FailedRunError: it took more than ``limit`` seconds, failed, or ran out of memory.
    """
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise FailedRunError(f"over {limit:.0f} s") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise FailedRunError(last[0])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
