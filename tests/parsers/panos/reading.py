"""Helpers of the PAN-OS tests: text in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.paloalto.panos import PARSER
from parsers.reading import split_lines
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.match import Match
from rulecheck.model.names import encode_name
from rulecheck.model.rule import Rule

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "panos"


def config(text: str, path: str = "fw.xml") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode()).hexdigest(), split_lines(text))


def read(text: str) -> Device:
    source = config(text)
    (device,) = PARSER.parse(source)
    assert device.source.lines.total == len(source.lines)
    return device


def policy(device: Device, name: str = "vsys1") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


ANY = {"from": "any", "to": "any", "source": "any", "destination": "any", "application": "any", "service": "any"}


def commands(name: str, clauses: dict[str, str], prefix: str = "set rulebase") -> str:
    """Return the commands of one rule; clauses that are not given are ``any``, and it allows."""
    full = {**ANY, "action": "allow", **clauses}
    return "\n".join(f'{prefix} security rules "{name}" {key} {value}' for key, value in full.items() if value) + "\n"


def device(more: str = "", **clauses: str) -> Device:
    """Read one rule, its clauses given with ``_`` for ``-``, and more commands."""
    return read(commands("r", {key.rstrip("_").replace("_", "-"): value for key, value in clauses.items()}) + more)


def rule(more: str = "", **clauses: str) -> Rule:
    (found,) = policy(device(more, **clauses)).rules
    return found


def match(more: str = "", **clauses: str) -> Match:
    return rule(more, **clauses).match


def codes(found: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in found.diagnostics]


def takes(found: Match, truths: dict[str, bool] | None = None, **values: int | str) -> bool:
    """Return whether a match takes a packet; fields that are not given are 0, names are text."""
    fields = {Field(key): encode_name(one) if isinstance(one, str) else one for key, one in values.items()}
    truths = truths or {}
    for term in found.terms():
        inside = all(fields.get(name, 0) in allowed for name, allowed in term.sets.items())
        if inside and all(truths[key] == holds for key, holds in term.conditions.items()):
            return True
    return False
