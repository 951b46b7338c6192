from __future__ import annotations

import re

import pytest

from reports import text
from reports.text.layout import Paper, shorten, table, wrap
from reports.visible import cells
from rulecheck.model.finding import Report
from tests.reports import sample
from tests.reports.goldens import assert_golden

SGR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 200])
def test_the_full_report(width: int) -> None:
    assert_golden(f"full-{width}.txt", text.render(sample.FULL, colour=False, width=width))


def test_a_report_without_findings_and_one_without_input() -> None:
    assert_golden("clean.txt", text.render(sample.CLEAN, colour=False, width=80))
    assert_golden("empty.txt", text.render(sample.EMPTY_RUN, colour=False, width=80))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_changes_nothing_but_colour(width: int) -> None:
    coloured = text.render(sample.FULL, colour=True, width=width)
    assert SGR.search(coloured)
    assert SGR.sub("", coloured) == text.render(sample.FULL, colour=False, width=width)


@pytest.mark.parametrize(
    "report", [sample.FULL, sample.hostile(), sample.hostile("N" * 10_000), sample.hostile("日本 語")]
)
@pytest.mark.parametrize("width", [60, 80, 133])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    lines = text.render(report, colour=False, width=width).splitlines()
    assert [line for line in lines if cells(line) > width] == []


@pytest.mark.parametrize("colour", [False, True])
def test_a_configuration_cannot_write_to_the_terminal(colour: bool) -> None:
    rendered = text.render(sample.hostile(), colour=colour, width=100)
    if colour:
        rendered = SGR.sub("", rendered)
    assert {char for char in rendered if not char.isprintable()} == {"\n"}
    assert "\\x1b[31m" in rendered.replace("\n", "").replace(" ", "")


def test_without_colour_there_is_no_escape() -> None:
    for report in (sample.FULL, sample.hostile()):
        assert "\x1b" not in text.render(report, colour=False, width=80)


def test_a_huge_rule_is_shown_in_full() -> None:
    rule = "x" * 300_000
    rendered = text.render(sample.hostile(rule), colour=False, width=80)
    assert rendered.count("x") > len(rule)


@pytest.mark.parametrize(
    ("content", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a bcdefgh", 4, ["a", "bcde", "fgh"]),
        ("日本語", 4, ["日本", "語"]),
        ("日本", 1, ["日", "本"]),
        (" a  b", 10, [" a  b"]),
    ],
)
def test_wrapping(content: str, width: int, expected: list[str]) -> None:
    assert wrap(content, width) == expected


def test_shortening_keeps_what_fits() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"
    assert shorten("日本語", 5) == "日本…"


def test_a_table_is_squeezed_into_the_paper() -> None:
    lines = table(
        Paper(20, colour=False), ("NAME", "N"), [("a-very-long-name-indeed", "7"), ("b", "12")], frozenset({1})
    )
    assert lines == ["NAME               N", "a-very-long-name   7", "-indeed", "b                 12"]
