"""Helpers of the tests: small exports in, model out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from parsers.base import ConfigText
from parsers.cloud.gcp import PARSER
from parsers.reading import split_lines
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "gcp"


def config(text: str, path: str = "export.json") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), split_lines(text))


def read(value: object, path: str = "export.json") -> Device:
    text = value if isinstance(value, str) else json.dumps(value, indent=1)
    found = config(text, path)
    (device,) = PARSER.parse(found)
    assert device.source.lines.total == len(found.lines)
    return device


def policy(device: Device, name: str) -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def codes(device: Device) -> list[str]:
    return [one.code for one in device.diagnostics]


def values(operand: Addresses) -> IntervalSet:
    return IntervalSet.union_of(part.values for part in operand.parts)


def four(first: str, last: str | None = None) -> IntervalSet:
    low, high = (int.from_bytes(bytes(map(int, text.split("."))), "big") for text in (first, last or first))
    return IntervalSet(((low, high),))


def six(low: int, high: int) -> IntervalSet:
    return IntervalSet(((IPV6_BASE + low, IPV6_BASE + high),))
