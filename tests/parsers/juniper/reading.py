"""Helpers of the Junos tests: text in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.juniper import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.match import Match
from rulecheck.model.rule import Rule

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "juniper"


def config(text: str, path: str = "fw.conf") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode()).hexdigest(), tuple(text.splitlines()))


def devices(text: str) -> tuple[Device, ...]:
    found = PARSER.parse(config(text))
    for device in found:
        assert device.source.lines.total == len(text.splitlines())
    return found


def read(text: str) -> Device:
    """Read a text with one device in it."""
    (device,) = devices(text)
    return device


def sets(*statements: str) -> Device:
    """Read statements as ``set`` commands."""
    return read("\n".join(f"set {one}" for one in statements))


def policy(device: Device, name: str) -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def term(*clauses: str, family: str = "inet", more: tuple[str, ...] = ()) -> Rule:
    """Read a filter with one term; clauses begin with ``from`` or ``then``, ``more`` are further statements."""
    device = sets(*(f"firewall family {family} filter F term T {one}" for one in clauses), *more)
    return device.policies[0].rules[0]


def match(*clauses: str, family: str = "inet", more: tuple[str, ...] = ()) -> Match:
    return term(*(f"from {one}" for one in clauses), "then accept", family=family, more=more).match


def zone_policy(*clauses: str, more: tuple[str, ...] = (), place: str = "from-zone a to-zone b") -> Rule:
    """Read one SRX policy. What the clauses do not say is any, any, any, permit."""
    given = " ".join(clauses)
    defaults = [
        f"match {word} any"
        for word in ("source-address", "destination-address", "application")
        if f"match {word} " not in given
    ]
    actions = [] if "then " in given else ["then permit"]
    start = f"security policies {place} policy P"
    device = sets(*more, *(f"{start} {one}" for one in (*clauses, *defaults, *actions)))
    (found,) = (one for one in device.policies if one.rules)
    return found.rules[0]
