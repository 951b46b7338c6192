"""Two lists of one name in one device: reported apart, and calls still lead where they led."""

from __future__ import annotations

from dataclasses import replace

from rulecheck.analysis import report_device
from rulecheck.model.finding import Kind
from rulecheck.naming import distinct_policies
from tests.checks.hand import device
from tests.engine.notation import policy

FIRST = policy(["permit 1 > any"])
SECOND = policy(["permit 1-9 > any", "permit 2 > any", "permit 3 > any"])


def test_names_that_differ_are_left_alone() -> None:
    one = device(FIRST, replace(SECOND, name="OTHER"))
    assert distinct_policies(one) is one


def test_a_repeated_name_gets_a_free_number() -> None:
    taken = replace(FIRST, name=f"{FIRST.name} (2)")
    found = distinct_policies(device(FIRST, taken, SECOND))
    assert [one.name for one in found.policies] == [FIRST.name, taken.name, f"{FIRST.name} (3)"]


def test_findings_cite_the_list_that_they_are_about() -> None:
    report = report_device(device(SECOND, FIRST))
    assert [(one.policy, one.rule.index, one.kind) for one in report.findings] == [
        (SECOND.name, 1, Kind.COVERED),
        (SECOND.name, 2, Kind.COVERED),
    ]
    report = report_device(device(FIRST, SECOND))
    assert {one.policy for one in report.findings} == {f"{SECOND.name} (2)"}
    assert [plan.policy for plan in report.plans] == [f"{SECOND.name} (2)"]


def test_calls_follow_their_list() -> None:
    caller = policy(["permit 1 > any"])
    calling = replace(caller, name="CALLER", scope="b", rules=(replace(caller.rules[0], calls=FIRST.name),))
    found = distinct_policies(device(replace(FIRST, scope="a"), replace(FIRST, scope="b"), calling))
    assert found.policies[1].name == f"{FIRST.name} (2)"
    assert found.policies[2].rules[0].calls == f"{FIRST.name} (2)"
