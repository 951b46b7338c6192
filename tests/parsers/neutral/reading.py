"""Helpers of the rule table tests: text in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.neutral import PARSER
from parsers.reading import split_lines
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match
from rulecheck.model.rule import Rule

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "neutral"


def config(text: str, path: str = "table.csv") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), split_lines(text))


def read(text: str, path: str = "table.csv") -> Device:
    found = config(text, path)
    (device,) = PARSER.parse(found)
    assert device.source.lines.total == len(found.lines)
    return device


def row(**cells: str) -> Rule:
    """Read a CSV table with one row; action, source and destination may be left out."""
    full = {"action": "permit", "source": "any", "destination": "any", **cells}
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in full.values()]
    (found,) = read(f"{','.join(full)}\n{','.join(quoted)}").policies[0].rules
    return found


def terms(found: Match, family: int = 4) -> list[dict[Field, IntervalSet]]:
    return [dict(term.sets) for term in found.terms((family,))]


def policy(device: Device, name: str = "rules") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def span(low: int, high: int | None = None) -> IntervalSet:
    return IntervalSet(((low, low if high is None else high),))
