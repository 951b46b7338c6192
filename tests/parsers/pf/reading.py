"""Helpers of the pf tests: rules in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.bsd.pf import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Match
from rulecheck.model.names import encode_name
from rulecheck.model.rule import Rule
from tests.reference import matches

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "pf"


def config(text: str, path: str = "pf.conf") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), tuple(text.splitlines()))


def read(text: str) -> Device:
    (device,) = PARSER.parse(config(text))
    assert device.source.lines.total == len(text.splitlines())
    return device


def rules(text: str, name: str = "rules") -> tuple[Rule, ...]:
    return policy(read(text), name).rules


def policy(device: Device, name: str = "rules") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def match(text: str) -> Match:
    return rules(text)[-1].match


def codes(device: Device) -> list[str]:
    return [one.code for one in device.diagnostics]


def values(operand: Addresses) -> IntervalSet:
    return IntervalSet.union_of(part.values for part in operand.parts)


def four(first: str, last: str | None = None) -> IntervalSet:
    low, high = (int.from_bytes(bytes(map(int, text.split("."))), "big") for text in (first, last or first))
    return IntervalSet(((low, high),))


def six(low: int, high: int) -> IntervalSet:
    return IntervalSet(((IPV6_BASE + low, IPV6_BASE + high),))


def hits(
    found: Match, source: int | str = "192.0.2.1", destination: int | str = "192.0.2.2", **fields: int | str
) -> bool:
    """Return whether an exact match takes a packet. Interfaces are names, everything else numbers."""
    packet = dict.fromkeys(Field, 0)
    packet |= {Field.PROTOCOL: 6, Field.TCP_FLAGS: 2}
    packet[Field.SOURCE] = four(source).lowest if isinstance(source, str) else source
    packet[Field.DESTINATION] = four(destination).lowest if isinstance(destination, str) else destination
    for name, value in fields.items():
        packet[Field(name)] = encode_name(value) if isinstance(value, str) else value
    return matches(found, packet, {})
