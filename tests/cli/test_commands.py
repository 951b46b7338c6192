"""Help, ``explain`` and ``parsers``."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from parsers.registry import platforms
from rulecheck.checks import documentation
from rulecheck.cli.group import COMMANDS, cli


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_the_group_is_the_one_of_the_command(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.short_help == COMMANDS[name][1]
    assert (command.help or "").startswith(COMMANDS[name][1].removesuffix("."))


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)])
def test_every_help_has_examples(arguments: list[str]) -> None:
    text = _run(*arguments, "--help")
    assert "\n  Examples:\n    " in text
    assert f"rulecheck {' '.join(arguments)}".rstrip() in text.split("Examples:")[1]


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(cli, ["analyse"])
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_explain_lists_every_code_in_order() -> None:
    codes = [line.split()[0] for line in _run("explain").splitlines()]
    assert codes == sorted(codes)
    assert set(codes) == {doc.code for doc in documentation().values()}
    assert {"RC101", "RC102", "RC103", "RC104"} <= set(codes)


@pytest.mark.parametrize("word", ["RC101", "rc101", "shadowed", " Shadowed "])
def test_explain_takes_codes_and_kinds(word: str) -> None:
    text = _run("explain", word)
    assert text == _run("explain", "RC101")
    for heading in ("What it does", "Why it matters", "Example", "What to do", "Source"):
        assert heading in text


@pytest.mark.parametrize("kind", ["shadowed", "covered", "redundant", "empty"])
def test_explain_knows_every_kind(kind: str) -> None:
    assert "What to do" in _run("explain", kind)


def test_explain_helps_with_a_typing_error() -> None:
    result = CliRunner().invoke(cli, ["explain", "shadwed"])
    assert result.exit_code == 2
    assert "did you mean shadowed" in result.output
    assert "lists them all" in CliRunner().invoke(cli, ["explain", "qqqqq"]).output


def test_parsers_says_what_each_reads_and_does_not_model() -> None:
    text = _run("parsers")
    listed = json.loads(_run("parsers", "--json"))
    assert [one["platform"] for one in listed] == list(platforms())
    for one in listed:
        assert set(one) == {"platform", "title", "plugin", "reads", "not_modelled"}
        assert f"{one['platform']}  {one['title']}\n" in text
        assert one["reads"]
        assert one["not_modelled"]
    assert text.count("reads:") == text.count("does not model:") == len(listed)
