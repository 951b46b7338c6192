"""``rulecheck simulate``: what an edit changes for packets, before anyone makes it."""

from __future__ import annotations

import click

from rulecheck.cli.asking import BAD_INPUT, DONE, NOT_PROVEN, ask, read, shared_options, write


@click.command(short_help="Say what an edit changes for packets, before it is made.")
@click.argument("config", metavar="CONFIG")
@click.option("--policy", metavar="NAME", help="The list to edit; may be left out where there is only one.")
@click.option("--device", metavar="NAME", help="The device to edit, where the input has several.")
@click.option("--remove", metavar="N", multiple=True, help="Remove rule #N.")
@click.option(
    "--move", metavar="N:M", multiple=True, help="Move rule #N before the rule that is #M now, or to the end."
)
@click.option("--insert", metavar="N:RULE", multiple=True, help="Insert a rule before the rule that is #N now.")
@click.option("--expect-unchanged", is_flag=True, help="Exit with 1 unless it is proven that no packet changes.")
@shared_options
def simulate(
    config: str,
    policy: str | None,
    device: str | None,
    remove: tuple[str, ...],
    move: tuple[str, ...],
    insert: tuple[str, ...],
    *,
    style: str,
    vendor: str | None,
    expect_unchanged: bool,
) -> int:
    """Say what an edit changes for packets, before it is made.

    Rules can be removed, moved and inserted; nothing is written to CONFIG. Rules are counted from #0, as in
    reports; every number means the list as it is before any edit. RULE is in the
    form "permit src=10.0.0.0/8 dst=SERVERS proto=tcp dport=443", where what is not given is unrestricted, or a line
    in the platform's own language. Where the list is called from others, all ways into it are compared.

    \b
    Examples:
      rulecheck simulate fw1.cfg --policy OUTSIDE_IN --remove 17 --remove 40
      rulecheck simulate fw1.cfg --policy OUTSIDE_IN --move 17:3
      rulecheck simulate fw1.cfg --policy OUTSIDE_IN --insert "0:deny src=198.51.100.0/24"
      rulecheck simulate fw1.rules --policy FORWARD --insert "4:-A FORWARD -s 10.0.0.7 -p tcp --dport 22 -j DROP"
      rulecheck simulate fw1.cfg --policy OUTSIDE_IN --remove 17 --expect-unchanged

    \b
    Exit codes:
      0  answered
      1  --expect-unchanged: a packet changes, or it could not be decided
      2  wrong usage, or an input that cannot be read or recognised
    """
    found = read(config, vendor)
    from rulecheck.api.simulating import simulate as ask_simulate

    result = ask(
        lambda: ask_simulate(found, policy=policy, device=device, remove=remove, move_rules=move, insert=insert)
    )
    if not write(style, lambda width, colour: result.text(width, colour=colour), result.json):
        return BAD_INPUT
    return NOT_PROVEN if expect_unchanged and not result else DONE
