"""Observations in every report: grouped by code, worst first, complete in JSON, harmless whatever they contain."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from reports import html, json_report, json_schema, text
from reports.observed import TOPICS, observation_groups, subject_words
from reports.visible import cells
from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence, Report
from rulecheck.model.observation import ObjectRef, Observation, Place, Topic
from tests.reports import sample

EXPOSED = Observation(
    id="a1",
    code="RC205",
    kind=Topic.EXPOSED_SERVICE,
    severity=Severity.HIGH,
    confidence=Confidence.EXACT,
    device="edge-fw-1",
    message="Line 201 opens Telnet to any address.",
    recommendation="Restrict the source of line 201.",
    policy="OUTSIDE",
    rule=sample.PERMIT_WEB,
    line=201,
)
UNUSED = Observation(
    id="b2",
    code="RC305",
    kind=Topic.UNUSED_OBJECT,
    severity=Severity.INFO,
    confidence=Confidence.UNDECIDED,
    device="edge-fw-1",
    message="OLD (address) was not seen used, but a part of the input was not understood.",
    recommendation="Delete OLD unless something outside this configuration uses it.",
    object=ObjectRef("address", "OLD"),
    line=17,
    places=(Place(17, "object network OLD"),),
    reason="a part of the input was not understood",
)
SILENT = Observation(
    id="c3",
    code="RC403",
    kind=Topic.NOT_LOGGED,
    severity=Severity.INFO,
    confidence=Confidence.EXACT,
    device="edge-fw-1",
    message="60 of 61 rules of OUTSIDE do not log: lines 1, 2, 3, 4 and 56 more.",
    recommendation="Switch the log on in OUTSIDE.",
    policy="OUTSIDE",
    line=1,
    rules=tuple(range(0, 120, 2)),
    places=(Place(1, "access-list OUTSIDE extended permit ip any any", 0),),
)


def _report(*observations: Observation) -> Report:
    return replace(sample.FULL, devices=(replace(sample.EDGE, observations=observations),))


REPORT = _report(UNUSED, SILENT, EXPOSED)


def test_every_topic_has_a_heading() -> None:
    assert set(TOPICS) == set(Topic)


def test_groups_are_sorted_by_the_worst_of_their_members() -> None:
    worse = replace(UNUSED, id="d4", severity=Severity.CRITICAL)
    groups = observation_groups([UNUSED, EXPOSED, worse])
    assert [(group.code, group.severity) for group in groups] == [
        ("RC305", Severity.CRITICAL),
        ("RC205", Severity.HIGH),
    ]
    assert groups[0].items == (worse, UNUSED)


def test_the_subject_in_words() -> None:
    assert subject_words(EXPOSED) == "OUTSIDE, rule #3"
    assert subject_words(UNUSED) == "not certain"
    assert subject_words(SILENT).startswith("OUTSIDE, rules #0, #2, #4")
    assert subject_words(SILENT).endswith("#78 and 20 more")


def test_json_has_all_of_them_behind_the_proofs() -> None:
    data = json.loads(json_report.render(REPORT))
    jsonschema.validate(data, json_schema.schema(), cls=jsonschema.Draft202012Validator)
    *proofs, unused, silent, exposed = data["findings"]
    assert len(proofs) == len(sample.EDGE.findings)
    assert all(one["line"] == one["rule"]["line"] and one["object"] is None for one in proofs)
    assert (unused["policy"], unused["rule"], unused["line"]) == (None, None, 17)
    assert unused["object"] == {"kind": "address", "name": "OLD"}
    assert silent["rules"] == list(SILENT.rules)
    assert silent["places"] == [{"line": 1, "text": SILENT.places[0].text, "index": 0}]
    assert (exposed["rule"]["index"], exposed["line"], exposed["removable"]) == (3, 201, False)
    assert set(proofs[0]) == set(exposed)
    counts = data["summary"]["findings"]
    assert (counts["unused_object"], counts["not_logged"], counts["exposed_service"]) == (1, 1, 1)


def test_the_day_is_in_the_report_where_it_matters() -> None:
    dated = replace(sample.FULL, devices=(replace(sample.EDGE, reference_date=date(2026, 1, 31)),))
    assert json.loads(json_report.render(dated))["devices"][0]["reference_date"] == "2026-01-31"
    assert "reference_date" not in json.loads(json_report.render(REPORT))["devices"][0]


def test_text_shows_the_first_of_each_code_and_counts_the_rest() -> None:
    many = [replace(EXPOSED, id=str(number), message=f"Line {number} is open.") for number in range(1, 9)]
    shown = text.render(_report(*many, UNUSED), colour=False, width=100)
    assert "Risk and hygiene: 9 observations" in shown
    assert "Line 5 is open." in shown
    assert "Line 6 is open." not in shown
    assert "… and 3 more" in shown
    assert "object network OLD" in shown
    assert "besides     risk and hygiene: 8 high, 1 info" in shown
    assert shown.index("RC205") < shown.index("RC305")


def test_advice_that_differs_is_not_taken_from_the_first() -> None:
    other = replace(EXPOSED, id="e5", recommendation="Restrict the source of line 7.")
    shown = text.render(_report(EXPOSED, other), colour=False, width=100)
    assert "Restrict the source" not in shown
    assert "rulecheck explain RC205" in shown


def test_html_shows_each_with_its_advice() -> None:
    page = html.render(REPORT)
    assert page.count('class="diagnostic observation"') == 3
    for one in (EXPOSED, UNUSED, SILENT):
        assert one.recommendation in page
        assert f'id="o-{one.id}"' in page
    assert '<a href="#observations">Risk and hygiene <b>3</b></a>' in page


def test_a_report_without_observations_does_not_speak_of_them() -> None:
    assert "Risk and hygiene" not in html.render(_report())
    assert "Risk and hygiene" not in text.render(_report(), colour=False, width=80)


@pytest.mark.parametrize("width", [60, 133])
def test_hostile_texts_stay_texts(width: int) -> None:
    bad = replace(
        UNUSED,
        message=sample.HOSTILE,
        recommendation=sample.HOSTILE,
        policy=sample.HOSTILE,
        object=ObjectRef(sample.HOSTILE, sample.HOSTILE),
        places=(Place(3, sample.HOSTILE * 9),),
        reason=sample.HOSTILE,
    )
    report = _report(bad)
    shown = text.render(report, colour=False, width=width)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert all(cells(line) <= width for line in shown.splitlines())
    page = html.render(report)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\u202e" not in json_report.render(report)
