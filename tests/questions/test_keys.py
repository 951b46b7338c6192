"""Conditions that are bound to a line of one input, compared with another input."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulecheck.engine.questions import Equivalence, Side, compare, portable_keys
from rulecheck.model.device import Policy
from rulecheck.model.match import Condition, Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Rule, Schedule


def _limited(line: int, key: str, text: str = "permit any limit 5/sec", schedule: Schedule | None = None) -> Policy:
    here = Origin("x.cfg", line, text)
    condition = Condition(key.format(line=line), "it is not known", here)
    rule = Rule(0, here, Match(conditions=(condition,)), PERMIT, schedule=schedule)
    return Policy("LIST", "acl", (rule,), DENY)


def _answer(before: Policy, after: Policy) -> Equivalence:
    left, right = (Side((one,), 0, portable_keys((one,))) for one in (before, after))
    return compare(left, right).answer


KEYS = ["limit:{line}", "unparsed:{line}:member", "line {line}, test 1: limit 5/sec", "unclear entry, line {line}"]


@pytest.mark.parametrize("key", KEYS)
def test_a_rule_that_only_moved_down_is_the_same(key: str) -> None:
    assert _answer(_limited(7, key), _limited(19, key)) is Equivalence.EQUIVALENT


@pytest.mark.parametrize("key", KEYS)
def test_another_rule_on_the_same_line_is_another_test(key: str) -> None:
    other = _limited(7, key, "permit any limit 9/sec")
    assert _answer(_limited(7, key), other) is Equivalence.UNDECIDED


def test_names_are_the_same_wherever_they_are_used() -> None:
    key = "fqdn:host7.example.com"
    assert _answer(_limited(7, key), _limited(9, key, "permit other words")) is Equivalence.EQUIVALENT
    assert not portable_keys((_limited(7, key),))


def test_the_second_of_two_rules_written_alike_stays_the_second() -> None:
    one, two = (_limited(line, "limit:{line}").rules[0] for line in (3, 4))
    keys = portable_keys((Policy("LIST", "acl", (one, replace(two, index=1))),))
    assert len(set(keys.values())) == 2


def test_a_schedule_that_was_redefined_is_another_test() -> None:
    def scheduled(text: str) -> Policy:
        return _limited(7, "time-range:WORK", schedule=Schedule("WORK", text))

    assert _answer(scheduled("weekdays 8:00 to 18:00"), scheduled("weekdays 8:00 to 18:00")) is Equivalence.EQUIVALENT
    assert _answer(scheduled("weekdays 8:00 to 18:00"), scheduled("daily 0:00 to 23:59")) is Equivalence.UNDECIDED


def test_a_renamed_condition_keeps_its_truth() -> None:
    limited, closed = _limited(7, "limit:{line}"), replace(_limited(7, "limit:{line}"), rules=())
    keys = portable_keys((limited,))
    found = compare(Side((limited,), 0, keys), Side((closed,), 0, portable_keys((closed,))))
    for one in found.differences:
        changes = [(dict(case.needs), case.before and case.before.label) for case in one.cases]
        assert changes == [({keys["limit:7"]: True}, "permit"), ({}, None)]
    assert found.differences
