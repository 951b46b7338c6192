"""``rulecheck parsers``: the supported platforms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from textwrap import wrap

import click

from parsers.base import Parser
from parsers.plugins import PluginError
from parsers.registry import load, platforms, plugins
from rulecheck.cli.messages import say_plugin_problems
from rulecheck.cli.output import emit

_WIDTH = 100


@click.command(short_help="List the supported platforms.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def parsers(*, as_json: bool) -> None:
    """List the supported platforms: what each parser reads, and what it does not model.

    Platforms of other packages are listed with the package they come from.

    \b
    Examples:
      rulecheck parsers
      rulecheck parsers --json
    """
    say_plugin_problems()
    known = list(_usable())
    if as_json:
        emit(json.dumps([_facts(parser) for parser in known], indent=2, ensure_ascii=False) + "\n", "utf-8")
    else:
        emit("\n".join("".join(f"{line}\n" for line in _lines(parser)) for parser in known))


def _usable() -> Iterator[Parser]:
    for platform in platforms():
        with suppress(PluginError):
            yield load(platform)


def _package(parser: Parser) -> str | None:
    """Return the package that adds the platform, None for a built-in one."""
    plugin = plugins().get(parser.platform)
    return plugin.package if plugin else None


def _facts(parser: Parser) -> dict[str, object]:
    return {
        "platform": parser.platform,
        "title": parser.title,
        "plugin": _package(parser),
        "reads": list(parser.reads),
        "not_modelled": list(parser.not_modelled),
    }


def _lines(parser: Parser) -> list[str]:
    package = _package(parser)
    lines = [f"{parser.platform}  {parser.title}" + (f" (plug-in of {package})" if package else "")]
    for heading, sentences in (("reads", parser.reads), ("does not model", parser.not_modelled)):
        lines.append(f"  {heading}:")
        for sentence in sentences:
            lines += wrap(sentence, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    return lines
