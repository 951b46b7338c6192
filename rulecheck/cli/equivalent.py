"""``rulecheck equivalent``: do two configurations treat every packet alike?"""

from __future__ import annotations

import click

from rulecheck.cli.asking import BAD_INPUT, DONE, NOT_PROVEN, ask, read, shared_options, write


@click.command(short_help="Say whether two configurations treat every packet alike.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--policy", metavar="NAME", multiple=True, help="Compare this list of both; given twice, one of A and one of B."
)
@click.option(
    "--effect", is_flag=True, help="Compare only whether packets pass, not how they are refused or translated."
)
@shared_options
def equivalent(
    before: str, after: str, policy: tuple[str, ...], style: str, vendor: str | None, *, effect: bool
) -> int:
    """Say whether two configurations treat every packet alike, and prove it.

    A and B are files, one of them may be - for standard input. Lists are compared by name; where each side has one
    list only, or with --policy given twice, names do not matter. The files may be of different platforms. Where
    packets differ, the answer has exactly those packets, with an example and the responsible rules on both sides.

    \b
    Examples:
      rulecheck equivalent fw1-old.cfg fw1-new.cfg
      rulecheck equivalent fw1.cfg fw1.cfg --policy OUTSIDE_IN --policy OUTSIDE_IN_NEW
      rulecheck equivalent asa.cfg iptables.rules --policy OUTSIDE_IN --policy FORWARD --effect
      rulecheck equivalent old.cfg new.cfg --format json

    \b
    Exit codes:
      0  every list is proven equivalent
      1  packets differ, a list has no counterpart, or it could not be decided
      2  wrong usage, or an input that cannot be read or recognised
    """
    if before == after == "-":
        raise click.UsageError("only one of the two can be standard input")
    sides = read(before, vendor), read(after, vendor)
    from rulecheck.api.comparing import equivalent as ask_equivalent

    result = ask(lambda: ask_equivalent(*sides, policy=policy, effect_only=effect))
    if not write(style, lambda width, colour: result.text(width, colour=colour), result.json):
        return BAD_INPUT
    return DONE if result else NOT_PROVEN
