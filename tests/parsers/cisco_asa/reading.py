"""Short ways to parse ASA text in tests."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address
from textwrap import dedent

from parsers.base import ConfigText
from parsers.cisco.asa import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Service
from rulecheck.model.rule import Rule


def config(text: str, path: str = "edge.cfg") -> ConfigText:
    return ConfigText(path, sha256(text.encode()).hexdigest(), tuple(text.splitlines()))


def device(text: str) -> Device:
    (found,) = PARSER.parse(config(dedent(text)))
    return found


def policy(text: str, name: str | None = None) -> Policy:
    policies = device(text).policies
    return policies[0] if name is None else next(one for one in policies if one.name == name)


def entry(text: str, definitions: str = "") -> Rule:
    """Return the rule of one extended entry, written from permit or deny on, behind some definitions."""
    (rule,) = policy(f"{dedent(definitions)}\naccess-list X extended {text}\n").rules
    return rule


def codes(found: Device) -> list[tuple[str, int]]:
    """Return the diagnostics as (code, line)."""
    return [(one.code, one.line) for one in found.diagnostics]


def field(rule: Rule, name: Field) -> IntervalSet | None:
    """Return what an unconditional rule of one family says about a field; None if it says nothing."""
    values = {term.sets.get(name) for term in rule.match.must()}
    assert len(values) == 1, f"{len(values)} different sets of {name}"
    return values.pop()


def services(rule: Rule) -> list[tuple[object, ...]]:
    """Return the services as (protocols, source ports, destination ports, icmp), each as pairs or None."""
    assert rule.match.services is not None
    return [_plain(one) for one in rule.match.services.elements]


def _plain(one: Service) -> tuple[object, ...]:
    sets = (one.protocol, one.source_ports, one.destination_ports, one.icmp)
    return tuple(None if values is None else values.intervals for values in sets)


def v4(text: str) -> int:
    return int(IPv4Address(text))


def v6(text: str) -> int:
    return int(IPv6Address(text)) + IPV6_BASE


def between(low: int, high: int) -> IntervalSet:
    return IntervalSet.of((low, high))


def points(*values: int) -> IntervalSet:
    return IntervalSet.points(values)
