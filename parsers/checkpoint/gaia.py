"""Gaia configurations (``show configuration``): the system of a gateway, without any firewall rules."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.ledger import Ledger
from rulecheck.model.device import Device, SourceFile

_COMMAND = re.compile(r"(?:set|add|delete|save|lock|unlock|show|clienv|#|Processing|Exported|Done|CLINFR|\S+>)")


def read(config: ConfigText, platform: str) -> Device:
    """Return a device without policies; its rules are on the management server."""
    ledger = Ledger(config)
    name = PurePath(config.path).stem
    for number, line in enumerate(config.lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            ledger.blank(number)
        elif words[:2] == ["set", "hostname"] and len(words) == 3:
            name = words[2]
            ledger.understood(number)
        elif _COMMAND.match(line):
            ledger.ignored(number)
        else:
            ledger.unknown(number, "this line was not understood")
    counts, diagnostics = ledger.close()
    return Device(name, platform, SourceFile(config.path, config.sha256, counts), diagnostics=diagnostics)
