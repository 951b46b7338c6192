"""The command group. ``--help`` and ``--version`` import none of the commands."""

from __future__ import annotations

from importlib import import_module

import click

from rulecheck import __version__

COMMANDS = {
    "analyze": ("rulecheck.cli.analyze:analyze", "Analyse configurations and report what was found."),
    "equivalent": ("rulecheck.cli.equivalent:equivalent", "Say whether two configurations treat every packet alike."),
    "explain": ("rulecheck.cli.explain:explain", "Say what a finding code means."),
    "parsers": ("rulecheck.cli.platforms:parsers", "List the supported platforms."),
    "query": ("rulecheck.cli.query:query", "Say which rule decides a packet, or what is allowed."),
    "verify": ("rulecheck.cli.verify:verify", "Check every claim of a report with an independent checker."),
    "simulate": ("rulecheck.cli.simulate:simulate", "Say what an edit changes for packets, before it is made."),
}
"""Command → where it is defined, and its summary as its own help begins."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their summaries from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rulecheck", message="%(prog)s %(version)s")
def cli() -> None:
    """Find firewall rules that can never match, or change nothing, and prove it.

    Everything happens on this machine: rulecheck opens no network connection.

    \b
    Examples:
      rulecheck analyze firewall.cfg
      rulecheck analyze configs/ -o report.html -o report.json
      ssh fw1 show running-config | rulecheck analyze -
      rulecheck explain shadowed
      rulecheck parsers

    \b
    Exit codes:
      0  done
      1  a gate failed (--fail-on)
      2  wrong usage, or an input that cannot be read or recognised
      3  with --strict: a line that can change a verdict was not understood
    """
