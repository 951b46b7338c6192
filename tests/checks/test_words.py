"""What findings say: the facts, in whole sentences."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rulecheck.engine.verdict import Verdict
from rulecheck.model.device import Policy, Severity
from rulecheck.model.finding import Confidence, Kind
from rulecheck.model.rule import Hits, Logging, Outcome, Rule, Schedule, Verb
from tests.checks.hand import finding, taker
from tests.engine.notation import chain, policy

LIST = policy(
    [
        "deny 1-3 > any tcp 80",
        "permit 4-9 > any tcp 80",
        "permit 1-9 > any tcp 80",
        "permit 5 > any tcp 80",
        "deny 20 > any",
        "permit 30 > any",
        "permit 40 > any",
        "permit 50 > any",
        "permit 1-50 > any",
        "deny any > any",
    ]
)
SHADOWED = Verdict(
    Kind.SHADOWED, takers=(taker(LIST, 0, 0.3333), taker(LIST, 1, 0.6667)), conflict=taker(LIST, 0, 0.3333)
)
COVERED = Verdict(Kind.COVERED, takers=(taker(LIST, 1),), single_covers=(1, 2))
REDUNDANT = Verdict(Kind.REDUNDANT, takers=(taker(LIST, 8),))
BY_DEFAULT = Verdict(Kind.REDUNDANT, by_default=True)
EMPTY = Verdict(Kind.EMPTY, reason="its source object-group OLD holds no address")
UNDECIDED = Verdict(Kind.UNDECIDED, reason="line 7: it is rate limited", suspected=Kind.COVERED)

CASES = {
    "shadowed": (2, SHADOWED),
    "shadowed by one": (3, Verdict(Kind.SHADOWED, takers=(taker(LIST, 0),), conflict=taker(LIST, 0))),
    "shadowed, a small part": (3, replace(SHADOWED, conflict=taker(LIST, 0, 0.00001))),
    "shadowed, no share": (3, replace(SHADOWED, conflict=taker(LIST, 0, 0.0))),
    "shadowed, no conflict named": (3, replace(SHADOWED, conflict=None)),
    "covered": (3, COVERED),
    "covered by several": (8, Verdict(Kind.COVERED, takers=tuple(taker(LIST, n, 0.2) for n in (1, 2, 5, 6, 7)))),
    "covered by two": (8, Verdict(Kind.COVERED, takers=(taker(LIST, 1, 0.5), taker(LIST, 5, 0.5)))),
    "duplicate": (3, replace(COVERED, duplicate_of=1)),
    "redundant": (5, REDUNDANT),
    "redundant to several": (5, Verdict(Kind.REDUNDANT, takers=(taker(LIST, 7, 0.5), taker(LIST, 8, 0.5)))),
    "redundant to the default": (4, BY_DEFAULT),
    "redundant to a rule and the default": (4, replace(BY_DEFAULT, takers=(taker(LIST, 9, 0.5),))),
    "redundant, nobody named": (5, Verdict(Kind.REDUNDANT)),
    "empty": (6, EMPTY),
    "empty, no reason": (6, Verdict(Kind.EMPTY)),
    "undecided": (7, UNDECIDED),
    "undecided, perhaps redundant": (7, replace(UNDECIDED, suspected=Kind.REDUNDANT)),
    "undecided, no reason": (7, Verdict(Kind.UNDECIDED)),
    "on several ways in": (3, replace(COVERED, ways_in=3)),
    "on one way in": (2, replace(SHADOWED, ways_in=1)),
}


def _lines(text: str) -> set[int]:
    """Return every line number that a text names: "line 3", "lines 3, 5 and 9"."""
    return {
        int(number)
        for phrase in re.findall(r"\b[Ll]ines? ([0-9]+(?:(?:, | and )[0-9]+)*)", text)
        for number in re.findall(r"[0-9]+", phrase)
    }


def _with(rule: Rule) -> Policy:
    """Return the list with one of its rules replaced."""
    return replace(LIST, rules=tuple(rule if one.index == rule.index else one for one in LIST.rules))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("outcome", [None, *Verb], ids=str)
def test_sentences_are_whole_whatever_the_rule_does(name: str, outcome: Verb | None) -> None:
    index, verdict = CASES[name]
    rules = LIST if outcome is None else _with(replace(LIST.rules[index], outcome=Outcome(outcome, ("X",)), calls="X"))
    found = finding(index, verdict, rules)
    for text in (found.message, found.recommendation):
        assert re.fullmatch(r"[A-Z].*\.", text)
        assert "None" not in text
        assert "  " not in text
        assert ".." not in text
        assert text == text.strip()
    assert index + 1 in _lines(found.message)


@pytest.mark.parametrize("name", [name for name in CASES if "several" not in name or "redundant" in name])
def test_only_lines_of_the_evidence_are_named(name: str) -> None:
    index, verdict = CASES[name]
    found = finding(index, verdict, LIST)
    evidence = {index + 1, *(one.rule.line for one in found.by)}
    if found.conflict:
        evidence.add(found.conflict.rule.line)
    if found.kind is Kind.UNDECIDED:
        evidence.add(7)
    assert _lines(found.message) <= evidence
    assert _lines(found.recommendation) <= evidence


def test_shadowed() -> None:
    found = finding(2, SHADOWED, LIST)
    assert (found.code, found.severity, found.confidence) == ("RC101", Severity.HIGH, Confidence.EXACT)
    assert _lines(found.message) == {1, 2, 3}
    assert "33.3%" in found.message
    assert {"denied", "permits"} <= set(re.findall(r"\w+", found.message))
    assert _lines(found.recommendation) == {1, 3}
    assert [(one.rule.line, one.share) for one in found.by] == [(1, 0.3333), (2, 0.6667)]
    assert found.conflict is not None
    assert found.conflict.rule.outcome == "deny"
    assert found.removable


def test_covered() -> None:
    found = finding(3, COVERED, LIST)
    assert (found.code, found.severity) == ("RC102", Severity.MEDIUM)
    assert _lines(found.message) == {2, 4}
    assert "1 more earlier rule" in found.recommendation
    assert found.single_covers == (1, 2)
    assert found.removable


def test_more_covers_than_a_sentence_holds_are_counted() -> None:
    index, verdict = CASES["covered by several"]
    message = finding(index, verdict, LIST).message
    assert {2, 3, 6, 7} <= _lines(message)
    assert "1 more" in message


def test_a_duplicate_says_so() -> None:
    assert finding(*CASES["duplicate"], LIST).duplicate_of == 1
    assert finding(*CASES["duplicate"], LIST).message != finding(*CASES["covered"], LIST).message


def test_redundant() -> None:
    found = finding(5, REDUNDANT, LIST)
    assert (found.code, found.severity, found.reason) == ("RC103", Severity.LOW, None)
    assert _lines(found.message) == {6, 9}
    assert "permitted" in found.message
    assert "removal plan" in found.recommendation


def test_redundant_to_the_default() -> None:
    found = finding(4, BY_DEFAULT, LIST)
    assert (found.severity, found.reason) == (Severity.INFO, "default")
    assert "default of LIST" in found.message


def test_a_permit_that_the_default_takes_over_is_no_note() -> None:
    found = finding(5, BY_DEFAULT, LIST)
    assert (found.severity, found.reason) == (Severity.LOW, "default")


def test_empty() -> None:
    found = finding(6, EMPTY, LIST)
    assert (found.code, found.severity, found.reason) == ("RC104", Severity.MEDIUM, EMPTY.reason)
    assert "object-group OLD" in found.message


def test_undecided() -> None:
    found = finding(7, UNDECIDED, LIST)
    assert (found.code, found.severity, found.confidence) == ("RC100", Severity.INFO, Confidence.UNDECIDED)
    assert not found.removable
    assert "line 7: it is rate limited" in found.message
    assert found.reason == "line 7: it is rate limited"


def test_ways_in_are_counted() -> None:
    assert "3 ways" in finding(*CASES["on several ways in"], LIST).message
    assert "one way" in finding(*CASES["on one way in"], LIST).message


def test_a_cover_in_another_list_is_named_with_its_list() -> None:
    other = chain("GUARD", ["deny 1-9 > any"])
    here = policy(["call GUARD any > any", "permit 5 > any"])
    verdict = Verdict(Kind.SHADOWED, takers=(taker(other, 0),), conflict=taker(other, 0))
    found = finding(1, verdict, here, [other])
    assert "GUARD" in found.message
    assert found.by[0].rule.policy == "GUARD"


def _caveats(verdict: Verdict, rule: Rule) -> str:
    return "; ".join(finding(rule.index, verdict, _with(rule)).caveats)


@pytest.mark.parametrize("verdict", [COVERED, REDUNDANT, EMPTY])
def test_caveats(verdict: Verdict) -> None:
    plain = LIST.rules[5]
    assert _caveats(verdict, plain) == ""
    assert "log" in _caveats(verdict, replace(plain, logging=Logging("log")))
    assert "WORK" in _caveats(verdict, replace(plain, schedule=Schedule("WORK")))
    assert "BAD" in _caveats(verdict, replace(plain, outcome=Outcome(Verb.CALL, ("BAD",)), calls="BAD"))
    assert "BAD" in _caveats(verdict, replace(plain, outcome=Outcome(Verb.GOTO, ("BAD",)), calls="BAD"))
    assert "marks" in _caveats(verdict, replace(plain, outcome=Outcome(Verb.CONTINUE, ("MARK 1",))))
    assert "3 places" in _caveats(replace(verdict, ways_in=3), plain)
    assert _caveats(replace(verdict, ways_in=1), plain) == ""


def test_hits_speak_against_a_dead_rule_only() -> None:
    counted = replace(LIST.rules[5], hits=Hits(12345))
    assert "12,345" in _caveats(COVERED, counted)
    assert _caveats(COVERED, replace(counted, hits=Hits(0))) == ""
    assert _caveats(REDUNDANT, counted) == ""


def test_an_undecided_rule_has_no_caveats() -> None:
    assert _caveats(UNDECIDED, replace(LIST.rules[5], logging=Logging("log"), hits=Hits(5))) == ""


def test_a_live_rule_is_no_finding() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        finding(5, Verdict(None), LIST)


def test_the_rule_is_cited_as_written() -> None:
    rule = replace(LIST.rules[3], description="ticket 7", hits=Hits(0), name="web")
    found = finding(3, COVERED, _with(rule))
    assert found.rule.text == "permit 5 > any tcp 80"
    assert (found.rule.index, found.rule.line, found.rule.hits) == (3, 4, 0)
    assert (found.rule.description, found.rule.name) == ("ticket 7", "web")
    assert dict(found.rule.fields)["Source"] == "5"
