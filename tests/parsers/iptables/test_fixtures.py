from __future__ import annotations

import json
from collections import Counter

from rulecheck.model.rule import Verb
from tests.parsers.iptables.reading import FIXTURES, codes, policy, read

OFFICE = (FIXTURES / "small-office.rules").read_text(encoding="utf-8")
OFFICE6 = (FIXTURES / "office-v6.rules").read_text(encoding="utf-8")


def test_office_gateway_is_understood() -> None:
    device = read(OFFICE, "small-office.rules")
    assert device.name == "small-office"
    assert device.source.lines.unknown == 0
    assert [(one.code, one.message) for one in device.diagnostics] == [("RC608", "chain OLD_OFFICE is never jumped to")]
    rules = [rule for each in device.policies for rule in each.rules]
    assert len(rules) == OFFICE.count(" -A ")
    assert all(rule.hits is not None for rule in rules)
    verbs = Counter(rule.outcome.verb for rule in rules)
    assert (verbs[Verb.GOTO], verbs[Verb.RETURN], verbs[Verb.TRANSLATE]) == (1, 1, 12)


def test_expected_findings_name_rules_of_the_gateway() -> None:
    device = read(OFFICE, "small-office.rules")
    expected = json.loads((FIXTURES / "small-office.expected.json").read_text(encoding="utf-8"))["findings"]
    found = [(one["policy"], one["index"]) for one in expected]
    assert len(set(found)) == len(found)
    for name, index in found:
        assert policy(device, name).rules[index].origin.text.startswith("[")
    kinds = Counter(one["kind"] for one in expected)
    assert set(kinds) == {"empty", "shadowed", "covered", "redundant"}


def test_ipv6_gateway_is_understood() -> None:
    device = read(OFFICE6, "office-v6.rules")
    assert codes(device) == []
    assert {each.families for each in device.policies} == {(6,)}
    assert sum(len(each.rules) for each in device.policies) == OFFICE6.count(" -A ")
