"""Every code is documented, in one form, and ``rulecheck explain`` prints it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulecheck.checks import documentation
from rulecheck.checks.catalogue import HEADINGS
from rulecheck.cli.group import cli
from rulecheck.model.finding import Kind

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "rulecheck" / "checks").glob("rc*.py"))
CODES = sorted(documentation())


def test_there_is_one_file_for_each_code() -> None:
    assert [path.stem.upper() for path in FILES] == CODES
    assert all(re.fullmatch(r"RC[0-9]{3}", code) for code in CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_headings_are_those_of_every_code_in_their_order(code: str) -> None:
    lines = documentation()[code].text.splitlines()
    assert re.fullmatch(rf"{code}: .+\.", lines[0])
    assert lines[1] == ""
    found = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert found == list(HEADINGS)


@pytest.mark.parametrize("code", CODES)
def test_there_is_text_under_every_heading(code: str) -> None:
    lines = documentation()[code].text.splitlines()
    for heading in HEADINGS:
        assert lines[lines.index(heading) + 1].startswith("    "), heading


def test_every_kind_of_finding_has_a_code_and_kinds_are_unique() -> None:
    kinds = [doc.kind for doc in documentation().values()]
    assert len(set(kinds)) == len(kinds)
    assert {kind.value for kind in Kind} <= set(kinds)


@pytest.mark.parametrize("code", CODES)
def test_explain_prints_the_documentation(code: str) -> None:
    doc = documentation()[code]
    for name in (code, code.lower(), doc.kind):
        result = CliRunner().invoke(cli, ["explain", name])
        assert (result.exit_code, result.stdout) == (0, doc.text.rstrip("\n") + "\n")


def test_explain_lists_every_code() -> None:
    listed = [line.split()[0] for line in CliRunner().invoke(cli, ["explain"]).stdout.splitlines()]
    assert listed == CODES


@pytest.mark.parametrize("folder", ["parsers", "rulecheck", "reports"])
def test_every_code_that_the_program_names_is_documented(folder: str) -> None:
    named = {
        code
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r"\bRC[0-9]{3}\b", path.read_text(encoding="utf-8"))
    }
    assert named <= set(CODES)
    if folder == "parsers":
        assert len(named) > 5
