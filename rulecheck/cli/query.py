"""``rulecheck query``: which rule decides these packets, and why; or everything that is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from rulecheck.cli.asking import BAD_INPUT, DONE, ask, read, shared_options, write

_OPERANDS = (
    ("--src", "source", "Source: any, 10.1.2.3, 10.0.0.0/8, 10.1.0.5-10.1.0.20, or an object; ! before it negates."),
    ("--dst", "destination", "Destination, in the same way."),
    ("--proto", "protocol", "Protocol: tcp, udp, icmp … or a number."),
    ("--sport", "source_port", "Source port: 1024-65535, a number, or a name."),
    ("--dport", "destination_port", "Destination port: 80,443, 8000-8100, https."),
    ("--icmp", "icmp", "ICMP message: echo-request, 8, or 3/1 (type/code)."),
    ("--tcp-flags", "tcp_flags", "TCP flags: SYN,!ACK."),
    ("--service", "service", "A service object of the configuration, instead of protocol and ports."),
    ("--state", "state", "Connection state: NEW, ESTABLISHED …"),
    ("--in-interface", "in_interface", "Interface on which the packets arrive; eth* for all that start so."),
    ("--out-interface", "out_interface", "Interface on which they leave."),
    ("--src-zone", "source_zone", "Zone from which they come."),
    ("--dst-zone", "destination_zone", "Zone to which they go."),
    ("--application", "application", "Application, as the configuration names it."),
    ("--user", "user", "User, as the configuration names it."),
)


def _operands(command: Callable[..., Any]) -> Callable[..., Any]:
    for flag, name, words in reversed(_OPERANDS):
        command = click.option(flag, name, metavar="VALUE", multiple=True, help=words)(command)
    return command


@click.command(short_help="Say which rule decides a packet, or what is allowed.")
@click.argument("config", metavar="CONFIG")
@_operands
@click.option("--policy", metavar="NAME", multiple=True, help="Ask this list only. May be repeated.")
@click.option("--device", metavar="NAME", help="Ask this device only, where the input has several.")
@click.option("--allowed", is_flag=True, help="List what is allowed, in as few regions as possible.")
@click.option("--every-packet", is_flag=True, help="Ask about all packets, not only the first of a connection.")
@shared_options
def query(
    config: str,
    policy: tuple[str, ...],
    device: str | None,
    style: str,
    vendor: str | None,
    *,
    allowed: bool,
    every_packet: bool,
    **operands: tuple[str, ...],
) -> int:
    """Say which rule decides a packet, or what is allowed.

    The answer names the rule for each part of the packets asked about, and why others do not decide. CONFIG is a
    file, or - for standard input. What is not given is unrestricted. Values may be lists with commas,
    and options may be repeated. The answer is exact: its regions are disjoint and together the packets asked about.
    Where rules look at connection states or TCP flags, the question is about the first packets of connections,
    unless --state, --tcp-flags or --every-packet say otherwise.

    \b
    Examples:
      rulecheck query fw1.cfg --src 10.1.2.3 --dst 192.0.2.10 --proto tcp --dport 443
      rulecheck query fw1.cfg --src 10.0.0.0/8 --dst WEB_SERVERS --dport 80,443,8000-8100
      rulecheck query fw1.cfg --src any --dst DATABASES --allowed
      rulecheck query fw1.cfg --in-interface outside --icmp echo-request --policy OUTSIDE_IN
      iptables-save | rulecheck query - --policy FORWARD --proto udp --dport domain --format json

    \b
    Exit codes:
      0  answered
      2  wrong usage, or an input that cannot be read or recognised
    """
    found = read(config, vendor)
    from rulecheck.api.querying import query as ask_query

    result = ask(
        lambda: ask_query(
            found,
            policy=policy,
            device=device,
            allowed=allowed,
            every_packet=every_packet,
            **operands,  # type: ignore[arg-type]
        )
    )
    written = write(style, lambda width, colour: result.text(width, colour=colour), result.json)
    return DONE if written else BAD_INPUT
