"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from parsers.bsd.pf import PARSER
from parsers.bsd.pf.clauses import _HANDLERS, _STOPS
from parsers.reading import read_file
from tests.parsers.mutation import check, mutated, soup
from tests.parsers.pf.reading import FIXTURES, read
from tests.strategies import thorough

LINES = (FIXTURES / "edge.conf").read_text(encoding="utf-8").splitlines()
TOKENS = [
    *sorted(_STOPS), *sorted(_HANDLERS), "pass", "block", "match", "anchor", "table", "antispoof", "for", "nat", "rdr",
    "{", "}", "(", ")", ",", "!", "=", "<", ">", "><", "->", '"', '"x"', "<t>", "port", "80", "1:2", "2:1", "10.0.0.1",
    "10/8", "::1", "em0", "lo", "egress", "$x", "x = ", "code", "state", "any", "S/SA", "\\", "#", "-", "include", "²",
    "for", "overload", "persist", "file", "skip", "@0",
]  # fmt: skip


@thorough(300)
@given(soup(TOKENS))
def test_token_soup(lines: list[str]) -> None:
    check(PARSER, lines)


@thorough(200)
@given(mutated(LINES, TOKENS))
def test_mutated_rules(lines: list[str]) -> None:
    check(PARSER, lines)


@thorough(60)
@given(st.integers(0, len(LINES)), st.integers(0, len(LINES)))
def test_any_part(one: int, two: int) -> None:
    check(PARSER, LINES[min(one, two) : max(one, two)])


def test_deep_anchors_end() -> None:
    text = "".join(f'anchor "a{n}" {{\n' for n in range(500)) + "pass quick\n" + "}\n" * 500
    assert "RC601" in {one.code for one in read(text).diagnostics}


def test_the_corpus(corpus: Path) -> None:
    for path in sorted((corpus / "pf").iterdir()):
        (device,) = PARSER.parse(read_file(str(path)))
        assert (device.source.lines.unknown, device.diagnostics) == (0, ())
        assert sum(len(one.rules) for one in device.policies) == 6
