"""Real and synthetic configurations that are not part of the repository (set RULECHECK_CORPUS to their folder)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.cisco.asa import PARSER
from tests.parsers.cisco_asa.reading import config

CORPUS = os.environ.get("RULECHECK_CORPUS")
FILES = sorted(
    path for folder in ("cisco_asa", "syntax_cisco_asa") for path in Path(CORPUS or "/nonexistent", folder).glob("*")
)
RULE_WORDS = ("access-list ", "object ", "object-group ", "access-group ")

pytestmark = pytest.mark.skipif(not CORPUS, reason="RULECHECK_CORPUS is not set")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rule_and_object_lines_are_understood(path: Path, record_property: Callable[[str, object], None]) -> None:
    text = config(path.read_text(encoding="utf-8", errors="replace"), path.name)
    (device,) = PARSER.parse(text)
    counts = device.source.lines
    assert counts.total == len(text.lines)
    if path.suffix == ".t":
        pytest.skip("a test script of another tool: it holds wrong configurations on purpose")
    relevant = [n for n, line in enumerate(text.lines, 1) if line.lstrip().startswith(RULE_WORDS)]
    unclear = {one.line for one in device.diagnostics if one.code in ("RC601", "RC602", "RC606")}
    assert len(unclear & set(relevant)) <= len(relevant) // 100
    record_property("understood", f"{counts.understood} of {counts.total}, {counts.unknown} unknown")


def test_the_corpus_is_there() -> None:
    assert len(FILES) > 20
