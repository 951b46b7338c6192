"""Helpers of the RouterOS tests: exports in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.mikrotik import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.match import Match
from rulecheck.model.names import encode_name
from rulecheck.model.rule import Rule
from tests.reference import matches

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "mikrotik"


def config(text: str, path: str = "router.rsc") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), tuple(text.splitlines()))


def read(text: str, path: str = "router.rsc") -> Device:
    (device,) = PARSER.parse(config(text, path))
    assert device.source.lines.total == len(text.splitlines())
    return device


def filtered(*rules: str, before: str = "", menu: str = "/ip firewall filter") -> Device:
    """Read rules of one table; each is what stands behind ``add``."""
    return read("\n".join([*before.splitlines(), menu, *(f"add {one}" for one in rules)]))


def policy(device: Device, name: str = "forward") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def rule(text: str, *, before: str = "", menu: str = "/ip firewall filter") -> Rule:
    """Read one rule of chain forward."""
    device = filtered(f"chain=forward {text}", before=before, menu=menu)
    return next(one for each in device.policies for one in each.rules)


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def v4(text: str) -> int:
    parts = [int(part) for part in text.split(".")]
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]


def v6(low: int) -> int:
    return IPV6_BASE + (0x20010DB8 << 96) + low


def hits(
    match: Match, source: int | str = "192.0.2.1", destination: int | str = "192.0.2.2", **fields: int | str
) -> bool:
    """Return whether an exact match takes a packet. Interfaces are names, everything else numbers."""
    packet = dict.fromkeys(Field, 0)
    packet[Field.PROTOCOL] = 6
    packet[Field.SOURCE] = v4(source) if isinstance(source, str) else source
    packet[Field.DESTINATION] = v4(destination) if isinstance(destination, str) else destination
    for name, value in fields.items():
        packet[Field(name)] = encode_name(value) if isinstance(value, str) else value
    return matches(match, packet, {})
