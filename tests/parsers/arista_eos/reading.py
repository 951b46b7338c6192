"""Short ways to parse text of the platform in tests."""

from __future__ import annotations

from hashlib import sha256
from textwrap import dedent

from parsers.base import ConfigText
from parsers.cisco.eos import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import Rule

LIST = "ip access-list X"


def config(text: str, path: str = "edge.cfg") -> ConfigText:
    return ConfigText(path, sha256(text.encode()).hexdigest(), tuple(text.splitlines()))


def device(text: str) -> Device:
    (found,) = PARSER.parse(config(dedent(text)))
    return found


def policy(text: str, name: str | None = None) -> Policy:
    policies = device(text).policies
    return policies[0] if name is None else next(one for one in policies if one.name == name)


def entry(text: str, heading: str = LIST) -> Rule:
    """Return the rule of one entry."""
    (rule,) = policy(f"{heading}\n {text}\n").rules
    return rule


def field(rule: Rule, name: Field) -> IntervalSet | None:
    """Return the values of a field in a match that is one product; None where it is unrestricted."""
    (term,) = rule.match.terms()
    return term.sets.get(name)


def codes(text: str) -> list[str]:
    return [one.code for one in device(text).diagnostics]


def v4(text: str) -> int:
    value = 0
    for part in text.split("."):
        value = value * 256 + int(part)
    return value
