"""Mutated certificates are rejected, and so are reports that say something else than their certificates."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rulecheck.audit import ACCEPTED, REJECTED, UNCERTIFIED, UNCHECKED
from rulecheck.certificates import Bounds
from rulecheck.certificates.search import TOO_LARGE
from rulecheck.checks.findings import find
from rulecheck.engine import analyze_policies
from rulecheck.model.certificate import Place, PlanCertificate, Step
from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence, Cover, Finding, Kind, RuleRef
from tests.certificates.made import Made, device_of, judging, made, made_of_findings, not_accepted
from tests.certificates.mutations import mutants
from tests.engine.notation import chain, policy

LINES = (
    "permit 1-4 > any tcp",
    "deny 5-9 > any",
    "permit 1-2 > any tcp 80",
    "permit 3-7 > any tcp",
    "permit 20-30 > any udp 53",
    "permit 20-40 > any udp",
    "permit none > any",
    "permit 50-59 > any",
    "permit 60-69 > any",
    "permit 55-65 > any",
    "deny 70-79 > any",
)
"""Live, shadowed by two rules, covered by one and by two, redundant through a rule and through the default, empty."""

LIST = made([policy(LINES)])
ORDER = made([policy(["deny 1-3 > any", "permit 1-2 > any", "deny 1-9 > any", "permit any > any"])])
"""Rule 1 is dead because of rule 0, which is only needless once rule 1 is gone."""

CHAINS = made(
    [
        policy(["call INNER 1-9 > any tcp", "permit 1-9 > any", "call INNER 20-29 > any", "deny any > any"]),
        chain("INNER", ["permit 1-3 > any", "return 4-5 > any", "deny 2-5 > any", "permit 1-2 > any", "log 1 > any"]),
    ]
)
_OPEN = ("permit 1-5 > any if a", "permit 1-9 > any if !a", "permit 1-3 > any", "deny 2 > any if a", "deny 1-3 > any")
UNKNOWN = made([policy(_OPEN)])
EVERY = (LIST, ORDER, CHAINS, UNKNOWN)
MUTANTS = [(case, change, proof) for case in EVERY for change, proof in mutants(case.proof)]


def test_there_is_something_to_mutate() -> None:
    for case in EVERY:
        assert not_accepted(case.answers()) == []
    kinds = {one.kind for case in EVERY for one in case.answers()}
    assert kinds >= {"live", "empty", "shadowed", "covered", "redundant", "removal_plan"}
    assert len(MUTANTS) > 500


def test_mutants_are_rejected() -> None:
    survivors = [change for case, change, proof in MUTANTS if not not_accepted(case.with_proof(proof).answers())]
    assert survivors == []


def test_the_order_of_a_plan_matters() -> None:
    report = copy.deepcopy(ORDER.report)
    report["removal_plan"][0]["remove"] = [0, 1]
    for order, bad in (((1, 0), []), ((0, 1), ["removing line 1 in its turn may change an outcome"])):
        plan = PlanCertificate(("LIST",), tuple(Step(Place("LIST", index)) for index in order))
        proof = replace(ORDER.proof, plans=(plan,))
        assert [one.reason for one in not_accepted(replace(ORDER, report=report, proof=proof).answers())] == bad


Change = Callable[[dict[str, Any]], object]


def _finding(report: dict[str, Any], index: int) -> dict[str, Any]:
    (found,) = [one for one in report["findings"] if one["rule"]["index"] == index]
    assert isinstance(found, dict)
    return found


REPORTS: dict[str, tuple[Change, str]] = {
    "a finding left out": (
        lambda r: r["findings"].remove(_finding(r, 2)),
        "the report claims this, and there is no certificate for it",
    ),
    "a plan that removes more": (
        lambda r: r["removal_plan"][0]["remove"].append(0),
        "the certificate removes other rules than the plan",
    ),
    "a plan that removes less": (
        lambda r: r["removal_plan"][0]["remove"].pop(),
        "the certificate removes other rules than the plan",
    ),
    "another line": (lambda r: _finding(r, 2)["rule"].update(line=9), "otherwise than the configuration has it"),
    "another text": (lambda r: _finding(r, 2)["rule"].update(text="permit"), "otherwise than the configuration has it"),
    "another outcome": (
        lambda r: _finding(r, 2)["by"][0].update(outcome="deny"),
        "otherwise than the configuration has it",
    ),
    "nobody takes it": (lambda r: _finding(r, 2).update(by=[]), "does not hold for a region"),
    "one of two is left out": (lambda r: _finding(r, 9)["by"].pop(), "does not hold for a region"),
    "one too many takes it": (
        lambda r: _finding(r, 2)["by"].append(copy.deepcopy(_finding(r, 9)["by"][0])),
        "the finding names other rules than its certificate",
    ),
    "another conflict": (
        lambda r: _finding(r, 3).update(conflict=copy.deepcopy(_finding(r, 2)["by"][0])),
        "does not meet another outcome first",
    ),
    "the default takes over": (
        lambda r: _finding(r, 4).update(reason="default"),
        "the finding names other rules than its certificate",
    ),
    "the default does not take over": (
        lambda r: _finding(r, 10).update(reason=None),
        "the finding names other rules than its certificate",
    ),
    "another id": (lambda r: _finding(r, 2).update(id="0"), "the certificate is for another finding"),
    "a rule that is not there": (lambda r: _finding(r, 2)["rule"].update(index=99), "no certificate"),
    "another hash": (
        lambda r: r["devices"][0]["source"].update(sha256="1" * 64),
        "the configuration is not the one that was analysed",
    ),
    "another platform": (lambda r: r["devices"][0].update(platform="iptables"), "read as another platform"),
    "another number of rules": (
        lambda r: r["devices"][0]["policies"][0].update(rules=3),
        "otherwise than the configuration",
    ),
    "another default": (
        lambda r: r["devices"][0]["policies"][0].update(default="permit"),
        "otherwise than the configuration",
    ),
    "a policy too many": (
        lambda r: r["devices"][0]["policies"].append({"name": "X", "rules": 0, "default": "deny"}),
        "other policies than the configuration",
    ),
}


@pytest.mark.parametrize("change", REPORTS)
def test_reports_that_say_something_else_are_rejected(change: str) -> None:
    report = copy.deepcopy(LIST.report)
    alter, reason = REPORTS[change]
    alter(report)
    bad = not_accepted(replace(LIST, report=report).answers())
    assert bad
    assert {one.status for one in bad} == {REJECTED}
    assert any(reason in one.reason for one in bad), bad


def test_a_finding_said_to_be_of_another_kind_is_rejected() -> None:
    for finding in LIST.report["findings"]:
        for kind in {"empty", "shadowed", "covered", "redundant", "mergeable"} - {finding["kind"]}:
            assert ACCEPTED not in _with_kind(LIST, finding["rule"]["index"], kind)


def _with_kind(case: Made, index: int, kind: str) -> set[str]:
    """Return what becomes of a claim whose kind is changed in the report and in the certificate alike."""
    report = copy.deepcopy(case.report)
    _finding(report, index)["kind"] = kind
    certificates = tuple(
        replace(one, kind=kind) if one.place.index == index else one for one in case.proof.certificates
    )
    changed = replace(case, report=report, proof=replace(case.proof, certificates=certificates))
    return {one.status for one in changed.answers() if (one.index, one.kind) == (index, kind)}


def test_what_is_too_large_is_listed() -> None:
    case = made([policy(LINES)], Bounds(regions=1))
    bad = not_accepted(case.answers())
    assert {(one.index, one.kind, one.status, one.reason) for one in bad} >= {
        (9, "covered", UNCERTIFIED, TOO_LARGE),
    }
    assert {one.status for one in bad} == {UNCERTIFIED}


def _partly(index: int, taker: int) -> Made:
    """Return the list with the finding that a rule loses packets to another one."""
    device = device_of([policy(PARTLY)])
    found = [one for one in find(device, analyze_policies(device.policies)) if one.kind is not Kind.PARTIALLY_SHADOWED]
    place = RuleRef("LIST", index, index + 1, PARTLY[index], "permit")
    other = RuleRef("LIST", taker, taker + 1, PARTLY[taker], PARTLY[taker].split()[0])
    finding = Finding(
        id="1",
        code="RC105",
        kind=Kind.PARTIALLY_SHADOWED,
        severity=Severity.INFO,
        confidence=Confidence.EXACT,
        device="fw",
        policy="LIST",
        rule=place,
        message="",
        recommendation="",
        by=(Cover(other, 0.5),),
    )
    return made_of_findings(device, analyze_policies(device.policies), (*found, finding))


PARTLY = ("deny 1-3 > any", "permit 3-4 > any", "permit 1-9 > any")


@pytest.mark.parametrize(("index", "taker", "good"), [(2, 0, True), (1, 0, True), (2, 1, False)])
def test_a_rule_that_loses_packets_has_an_example(index: int, taker: int, good: bool) -> None:
    case = _partly(index, taker)
    (answer,) = [one for one in case.answers() if one.kind == "partially_shadowed"]
    assert (answer.status == ACCEPTED) is good
    others = [change for change, proof in mutants(case.proof) if not not_accepted(case.with_proof(proof).answers())]
    assert others == []


def test_kinds_without_a_definition_of_proof_are_named() -> None:
    report = copy.deepcopy(LIST.report)
    report["findings"].append({**_finding(report, 2), "kind": "mergeable"})
    answers = replace(LIST, report=report).answers()
    assert [one.status for one in answers if (one.kind, one.index) == ("mergeable", 2)] == [UNCHECKED]


def test_without_certificates_everything_is_rejected() -> None:
    answers = judging(replace(LIST, proof=replace(LIST.proof, certificates=(), plans=())).answers())
    assert len(answers) == len(LINES) + 1
    assert {one.status for one in answers} == {REJECTED}
