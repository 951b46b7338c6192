"""One input as a device."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.netfilter.nftables.chains import Built, TableBuilder
from parsers.netfilter.nftables.inventory import add_defines, add_objects
from parsers.netfilter.nftables.reader import Reader
from parsers.netfilter.nftables.ruleset import Ruleset
from parsers.netfilter.nftables.script import nft_lines
from parsers.netfilter.nftables.tokens import LONGEST_LINE, TooDeepError, TreeBuilder, line_tokens
from rulecheck.model.device import Device, Severity, SourceFile


def build(config: ConfigText, platform: str, name: str) -> Device:
    """Return the device that a text configures."""
    ledger, built = Ledger(config), Built()
    with _collector_paused():
        ruleset = _read(config, ledger)
        for table in ruleset.tables.values():
            if table.family == "arp":
                message = f"table {table.scope} filters ARP frames, which are not analysed"
                ledger.report("RC602", Severity.LOW, table.line, message)
                continue
            builder = TableBuilder(config, ledger, table)
            builder.build(built)
            add_objects(config, table, builder.context.sets, built)
        add_defines(config, ruleset, built)
    lines, diagnostics = ledger.close()
    return Device(
        name=name,
        platform=platform,
        source=SourceFile(config.path, config.sha256, lines),
        policies=built.policies(),
        objects=tuple(built.objects),
        uses=tuple(built.uses),
        diagnostics=diagnostics,
    )


def _read(config: ConfigText, ledger: Ledger) -> Ruleset:
    first = next((line.lstrip()[:1] for line in config.lines if line.strip()), "")
    if first == "{":
        from parsers.netfilter.nftables.json_form import read_json_ruleset

        return read_json_ruleset(config, ledger)
    return _read_text(config, ledger)


def _read_text(config: ConfigText, ledger: Ledger) -> Ruleset:
    tree = TreeBuilder()
    for number, text in nft_lines(config, ledger):
        if len(text) > LONGEST_LINE:
            message = f"the line is longer than {LONGEST_LINE:,} characters and was not read"
            ledger.unknown(number, message, affects_verdicts=True)
            continue
        stripped = text.strip()
        if not stripped or stripped.startswith("#"):
            ledger.blank(number)
            if not stripped:
                continue
        try:
            for token in line_tokens(text, number):
                tree.add(token)
        except TooDeepError as error:
            _give_up(config, ledger, number, str(error))
            break
    left = tree.finish(len(config.lines))
    if left is not None:
        message = f"the block that starts here is not closed: the file is cut off after line {len(config.lines)}"
        ledger.report("RC607", Severity.HIGH, left.line, f"{message}; export it again", affects_verdicts=True)
    for number, message in tree.problems:
        ledger.unknown(number, message, affects_verdicts=True)
    return Reader(ledger).read(tree.root)


def _give_up(config: ConfigText, ledger: Ledger, line: int, message: str) -> None:
    ledger.report("RC605", Severity.HIGH, line, f"{message}; the rest was not read", affects_verdicts=True)
    for number in range(line, len(config.lines) + 1):
        ledger.ignored(number)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a growing model again and again: it holds no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
