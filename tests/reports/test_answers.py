"""Answers as text and JSON: golden files, the schema, and texts that a hostile configuration contains."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from reports import answers
from reports.answers import schema as answer_schema
from rulecheck import api
from rulecheck.model.answer import (
    Case,
    Certainty,
    ChangeCase,
    ComparisonAnswer,
    Decider,
    DifferenceAnswer,
    EquivalenceAnswer,
    FieldWords,
    ListRef,
    NearMiss,
    Packets,
    PolicyAnswer,
    QueryAnswer,
    RegionAnswer,
)
from rulecheck.model.finding import RuleRef
from tests.reports.goldens import assert_golden

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
VERSION = "1.2.3"


@cache
def _load(name: str) -> api.Config:
    path = FIXTURES / name
    return api.loads(path.read_text(encoding="utf-8"), name=path.name)


def _packet() -> api.QueryResult:
    return api.query(
        _load("cisco_asa/dc-edge.cfg"), source="203.0.113.9", destination="192.0.2.71", protocol="tcp",
        destination_port="https,9443", in_interface="outside",
    )  # fmt: skip


def _called() -> api.QueryResult:
    return api.query(
        _load("iptables/small-office.rules"), policy="INPUT", source="192.168.10.0/24", protocol="tcp",
        destination_port="ssh", in_interface="eth1,ppp0",
    )  # fmt: skip


def _allowed() -> api.QueryResult:
    return api.query(_load("cisco_ios/campus-edge.cfg"), policy="OUTSIDE-IN", destination="WEB-SERVERS", allowed=True)


QUERIES = {"packet": _packet, "called": _called, "allowed": _allowed}
EQUIVALENCES: dict[str, Callable[[], api.EquivalenceResult]] = {
    "removal": lambda: api.simulate(_load("cisco_asa/dc-edge.cfg"), policy="OUTSIDE_IN", remove=[2]),
    "insertion": lambda: api.simulate(
        _load("iptables/small-office.rules"), policy="LOG_DROP", insert="0:permit src=10.9.9.9"
    ),
    "same": lambda: api.equivalent(_load("iptables/office-v6.rules"), _load("iptables/office-v6.rules")),
}


@pytest.mark.parametrize("name", QUERIES)
def test_query_as_text(name: str) -> None:
    assert_golden(f"query-{name}.txt", answers.query_text(QUERIES[name]().answer, width=100))


@pytest.mark.parametrize("name", EQUIVALENCES)
def test_equivalence_as_text(name: str) -> None:
    assert_golden(f"equivalence-{name}.txt", answers.equivalence_text(EQUIVALENCES[name]().answer, width=100))


def test_query_as_json() -> None:
    assert_golden("query-called.json", answers.query_json(_called().answer, VERSION))


def test_equivalence_as_json() -> None:
    assert_golden("equivalence-removal.json", answers.equivalence_json(EQUIVALENCES["removal"]().answer, VERSION))


@pytest.mark.parametrize("width", [40, 60, 200])
def test_lines_fit(width: int) -> None:
    texts = [answers.query_text(make().answer, width=width) for make in QUERIES.values()]
    texts += [answers.equivalence_text(make().answer, width=width) for make in EQUIVALENCES.values()]
    assert max(len(line) for text in texts for line in text.splitlines()) <= width


def test_the_stored_schema_is_the_one_of_the_models() -> None:
    assert answer_schema.STORED.read_text(encoding="utf-8") == answer_schema.schema_text()


def test_answers_obey_the_schema() -> None:
    texts = [answers.query_json(make().answer, VERSION) for make in QUERIES.values()]
    texts += [answers.equivalence_json(make().answer, VERSION) for make in EQUIVALENCES.values()]
    texts += [answers.query_json(hostile_query(), VERSION), answers.equivalence_json(hostile_comparison(), VERSION)]
    for text in texts:
        jsonschema.validate(json.loads(text), answer_schema.schema())


def test_the_schema_refuses_what_is_no_answer() -> None:
    answer = json.loads(answers.query_json(_called().answer, VERSION))
    for broken in (
        {**answer, "kind": "guess"},
        {**answer, "more": 1},
        {k: v for k, v in answer.items() if k != "path"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, answer_schema.schema())


# --- hostile texts ----------------------------------------------------------------------------------------------

EVIL = "\x1b[2J\u202eevil\r\n<script>\udc80\x00"
RULE = RuleRef(EVIL, 1, 7, EVIL, EVIL, name=EVIL)
DECIDER = Decider(EVIL, EVIL, EVIL, RULE)
PACKETS = Packets(EVIL, EVIL, EVIL, ((EVIL, EVIL),), (FieldWords("source", EVIL, (EVIL,)),), (EVIL,))


def hostile_query() -> QueryAnswer:
    cases = (Case(DECIDER, (EVIL,)), Case(Decider(EVIL, EVIL, EVIL, implicit=EVIL)))
    region = RegionAnswer(
        PACKETS, cases, 0.5, {EVIL: EVIL, "port": 1}, (RULE,), (RULE,), (NearMiss(RULE, (EVIL,)),), (DECIDER,)
    )
    policy = PolicyAnswer(EVIL, EVIL, EVIL, (EVIL,), (4, 6), (region, region), EVIL)
    return QueryAnswer(EVIL, ((EVIL, EVIL),), (policy,), notes=(EVIL,))


def hostile_comparison() -> EquivalenceAnswer:
    ref = ListRef(EVIL, EVIL, EVIL, EVIL)
    cases = (ChangeCase(EVIL, EVIL, (EVIL,)), ChangeCase(None, None))
    difference = DifferenceAnswer(PACKETS, cases, False, {EVIL: EVIL}, 0.1, (DECIDER,) * 5, (DECIDER,))
    one = ComparisonAnswer(ref, ref, Certainty.UNDECIDED, (difference,), EVIL, EVIL, (EVIL,))
    return EquivalenceAnswer((one, one), (ref,), (EVIL,), (EVIL,))


@pytest.mark.parametrize("colour", [False, True])
def test_nothing_in_a_configuration_can_move_the_cursor(colour: bool) -> None:
    texts = [
        answers.query_text(hostile_query(), width=80, colour=colour),
        answers.equivalence_text(hostile_comparison(), width=80, colour=colour),
    ]
    for text in texts:
        text.encode("utf-8")
        plain = text.replace("\x1b[0m", "")
        for code in ("1", "2", "31", "32", "33", "1;33", "1;31", "1;32"):
            plain = plain.replace(f"\x1b[{code}m", "")
        assert all(char.isprintable() or char == "\n" for char in plain)
        assert "evil" in plain


def test_json_shows_no_character_that_reorders_text() -> None:
    for text in (
        answers.query_json(hostile_query(), VERSION),
        answers.equivalence_json(hostile_comparison(), VERSION),
    ):
        assert "\u202e" not in text
        assert "evil" in text
        json.loads(text)
