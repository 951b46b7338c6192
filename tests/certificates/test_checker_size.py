"""The checker stays small enough to be read."""

from __future__ import annotations

from pathlib import Path

CHECKER = Path(__file__).resolve().parents[2] / "rulecheck" / "verify.py"


def test_the_checker_has_fewer_than_200_lines() -> None:
    lines = CHECKER.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 200
    assert max(map(len, lines)) <= 120
