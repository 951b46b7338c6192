"""``rulecheck parsers``: the supported platforms."""

from __future__ import annotations

import json
from textwrap import wrap

import click

from parsers.base import Parser
from parsers.registry import load, platforms
from rulecheck.cli.output import emit

_WIDTH = 100


@click.command(short_help="List the supported platforms.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def parsers(*, as_json: bool) -> None:
    """List the supported platforms: what each parser reads, and what it does not model.

    \b
    Examples:
      rulecheck parsers
      rulecheck parsers --json
    """
    known = [load(platform) for platform in platforms()]
    if as_json:
        emit(json.dumps([_facts(parser) for parser in known], indent=2, ensure_ascii=False) + "\n", "utf-8")
    else:
        emit("\n".join("".join(f"{line}\n" for line in _lines(parser)) for parser in known))


def _facts(parser: Parser) -> dict[str, object]:
    return {
        "platform": parser.platform,
        "title": parser.title,
        "reads": list(parser.reads),
        "not_modelled": list(parser.not_modelled),
    }


def _lines(parser: Parser) -> list[str]:
    lines = [f"{parser.platform}  {parser.title}"]
    for heading, sentences in (("reads", parser.reads), ("does not model", parser.not_modelled)):
        lines.append(f"  {heading}:")
        for sentence in sentences:
            lines += wrap(sentence, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    return lines
