"""Golden files: what the writers must produce, byte for byte. ``RULECHECK_UPDATE_GOLDEN=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare ``text`` with the golden file ``name``."""
    path = FOLDER / name
    if os.environ.get("RULECHECK_UPDATE_GOLDEN") == "1":
        path.write_bytes(text.encode("utf-8"))
    assert path.is_file(), f"{path.name} is missing: run the tests once with RULECHECK_UPDATE_GOLDEN=1"
    expected = path.read_bytes().decode("utf-8")
    assert text == expected, f"{name} has changed; if that is meant, run the tests with RULECHECK_UPDATE_GOLDEN=1"
