"""Helpers of the FortiOS tests: configurations in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.fortinet.fortios import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.match import Match
from rulecheck.model.names import encode_name
from rulecheck.model.rule import Rule
from tests.reference import matches

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "fortios"

BASE = """config firewall address
    edit "net10"
        set subnet 10.0.0.0 255.255.255.0
    next
    edit "host10"
        set subnet 10.0.0.5 255.255.255.255
    next
end
"""

RULE = {
    "srcintf": '"any"',
    "dstintf": '"any"',
    "srcaddr": '"all"',
    "dstaddr": '"all"',
    "action": "accept",
    "schedule": '"always"',
    "service": '"ALL"',
}


def config(text: str, path: str = "fw.conf") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), tuple(text.splitlines()))


def read(text: str, path: str = "fw.conf") -> Device:
    (device,) = PARSER.parse(config(text, path))
    assert device.source.lines.total == len(text.splitlines())
    return device


def entry(number: int = 1, /, **settings: str | None) -> str:
    """Return a policy; settings replace those of a plain one, None leaves one out, ``_`` stands for ``-``."""
    merged = {**RULE, **{key.replace("_", "-"): value for key, value in settings.items()}}
    lines = [f"        set {key} {value}" for key, value in merged.items() if value is not None]
    return "\n".join([f"    edit {number}", *lines, "    next"])


def section(name: str, *entries: str) -> str:
    return "\n".join([f"config {name}", *entries, "end", ""])


def item(name: str, *settings: str) -> str:
    return "\n".join([f'    edit "{name}"', *(f"        {one}" for one in settings), "    next"])


def policies(*entries: str, before: str = BASE, table: str = "firewall policy") -> Device:
    return read(before + section(table, *entries))


def policy(device: Device, name: str = "policy") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def rule(before: str = BASE, **settings: str | None) -> Rule:
    return policy(policies(entry(**settings), before=before)).rules[0]


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def v4(text: str) -> int:
    parts = [int(part) for part in text.split(".")]
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]


def v6(low: int, prefix: int = 0x20010DB8 << 96) -> int:
    return IPV6_BASE + prefix + low


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
