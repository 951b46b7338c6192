"""Helpers of the nftables tests: rule sets in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.netfilter.nftables import PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import Rule

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "nftables"
NET10 = IntervalSet(((10 << 24, (11 << 24) - 1),))
REST4 = IPV4_ALL - NET10


def config(text: str, path: str = "gw.nft") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode()).hexdigest(), tuple(text.splitlines()))


def read(text: str, path: str = "gw.nft") -> Device:
    (device,) = PARSER.parse(config(text, path))
    assert device.source.lines.total == len(text.splitlines())
    return device


def policy(device: Device, name: str) -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def table(*rules: str, family: str = "ip", before: str = "", chains: str = "", chain_policy: str = "drop") -> Device:
    """Read a table with a chain ``input`` of these rules; ``before`` are its sets, ``chains`` its other chains."""
    hook = "ingress device eth0" if family == "netdev" else "input"
    head = f"table {family} t {{\n{before}\nchain input {{\ntype filter hook {hook} priority 0; policy {chain_policy};"
    return read("\n".join((head, *rules, "}", chains, "}")))


def rules(*texts: str, family: str = "ip", before: str = "", chains: str = "") -> tuple[Rule, ...]:
    return policy(table(*texts, family=family, before=before, chains=chains), f"{family} t input").rules


def rule(text: str, family: str = "ip", before: str = "") -> Rule:
    (found,) = rules(text, family=family, before=before)
    return found


def only(text: str, family: str = "ip", before: str = "") -> dict[Field, IntervalSet]:
    """Return what a rule restricts, where it is one exact product; an address of a whole family is left out."""
    found = rule(text, family, before).match
    assert found.all_conditions() == ()
    (term,) = found.terms((4,) if family == "ip" else (6,) if family == "ip6" else (4, 6))
    whole = (IPV4_ALL, IPV6_ALL)
    return {field: values for field, values in term.sets.items() if values not in whole}


def families(text: str, family: str = "inet") -> set[int]:
    """Return the address families of the packets that a rule can match."""
    terms = rule(text, family).match.terms((4, 6))
    return {4 if term.sets[Field.SOURCE] <= IPV4_ALL else 6 for term in terms}


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def points(*numbers: int) -> IntervalSet:
    return IntervalSet.points(numbers)


def span(low: int, high: int) -> IntervalSet:
    return IntervalSet(((low, high),))
