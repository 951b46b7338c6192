from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import jsonschema
import pydantic
import pytest

from reports import json_report, json_schema
from rulecheck.model.finding import Cover, Finding, Report
from tests.reports import sample
from tests.reports.goldens import assert_golden

REPORTS = {
    "full": sample.FULL,
    "clean": sample.CLEAN,
    "empty": sample.EMPTY_RUN,
    "hostile": sample.hostile(),
    "many": sample.many(50),
}

CONTRACT: dict[str, Any] = {
    "schema": str,
    "tool": {"name": str, "version": str},
    "devices": {
        "name": str,
        "platform": str,
        "source": {"path": str, "sha256": str, "lines": int, "understood_lines": int},
        "policies": {"name": str, "kind": str, "applied_to": list, "rules": int, "default": str},
        "diagnostics": {"code": str, "severity": str, "line": int, "message": str},
    },
    "findings": {
        "id": str,
        "code": str,
        "kind": str,
        "severity": str,
        "confidence": str,
        "device": str,
        "policy": str,
        "rule": {"index": int, "name": (str, type(None)), "line": int, "text": str},
        "by": {"index": int, "line": int, "text": str, "share": float, "outcome": str},
        "single_covers": list,
        "reason": (str, type(None)),
        "witness": (dict, type(None)),
        "caveats": list,
        "removable": bool,
        "message": str,
        "share": (float, type(None)),
        "dead_parts": {"operand": str, "text": str, "line": int, "by": list},
        "rewrite": {"operand": str, "values": list},
        "merge": (dict, type(None)),
    },
    "removal_plan": {"device": str, "policy": str, "remove": list, "batches": list, "proven": bool},
    "summary": {"rules": int, "findings": dict, "undecided": int},
}
"""The published shape: every key of it must be there, with a value of this type."""


def _assert_shape(value: object, shape: object, path: str) -> None:
    if not isinstance(shape, dict):
        assert isinstance(value, cast("type", shape)), path
        return
    for one in value if isinstance(value, list) else [value]:
        assert isinstance(one, dict), path
        for key, inner in shape.items():
            assert key in one, f"{path}.{key}"
            _assert_shape(one[key], inner, f"{path}.{key}")


def _with(finding: Finding) -> Report:
    return replace(sample.FULL, devices=(replace(sample.EDGE, findings=(finding,)),))


def test_the_full_report() -> None:
    assert_golden("full.json", json_report.render(sample.FULL))


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_obeys_the_published_schema_and_shape(name: str) -> None:
    data = json.loads(json_report.render(REPORTS[name]))
    schema = json.loads(json_schema.STORED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    _assert_shape(data, CONTRACT, "report")


def test_the_stored_schema_is_current() -> None:
    stored = json_schema.STORED.read_text(encoding="utf-8")
    assert stored == json_schema.schema_text(), "run: python -m reports.json_schema"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(surprise=1),
        lambda data: data.update(created=None),
        lambda data: data["findings"][0]["rule"].update(surprise=1),
        lambda data: data["findings"][0].update(kind="invented"),
        lambda data: data["findings"][0]["by"][0].update(share=-0.5),
        lambda data: data["removal_plan"][0].update(batches=[1]),
        lambda data: data.pop("summary"),
        lambda data: data["findings"][0].pop("witness"),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_say(spoil: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(json_report.render(sample.FULL))
    spoil(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json_schema.schema())


def test_line_counts_and_summary_add_up() -> None:
    data = json.loads(json_report.render(sample.FULL))
    source = data["devices"][0]["source"]
    assert (source["lines"], source["understood_lines"], source["unknown_lines"]) == (1234, 1231, 3)
    assert data["summary"] == {
        "rules": 148,
        "findings": {
            "shadowed": 1,
            "covered": 3,
            "redundant": 1,
            "empty": 1,
            "partially_shadowed": 1,
            "generalization": 1,
            "mergeable": 1,
            "dead_part": 1,
        },
        "undecided": 1,
    }


def test_a_timestamp_only_where_asked_for() -> None:
    assert json.loads(json_report.render(sample.FULL))["created"] == sample.FULL.created
    assert "created" not in json.loads(json_report.render(sample.CLEAN))


def test_texts_survive_and_cannot_act_on_a_terminal() -> None:
    rendered = json_report.render(sample.hostile())
    rendered.encode("utf-8")
    assert {char for char in rendered if not char.isprintable()} == {"\n"}
    expected = sample.HOSTILE.replace("\udc80", "\\udc80")
    assert json.loads(rendered)["findings"][0]["rule"]["text"] == expected


def test_text_beyond_ascii_is_written_as_itself() -> None:
    assert "Büro 日本" in json_report.render(sample.hostile("Büro 日本"))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert json_report.render(sample.FULL) == json_report.render(replace(sample.FULL))


def test_batches_have_the_rules_of_the_plan() -> None:
    plan = json.loads(json_report.render(sample.FULL))["removal_plan"][0]
    assert plan["batches"] == [[17, 40], [44], [52, 53], [54]]
    assert sorted(index for batch in plan["batches"] for index in batch) == plan["remove"]


def test_a_share_that_is_off_is_reported_as_it_is() -> None:
    odd = replace(sample.COVERED, by=(Cover(sample.PERMIT_WEB, 1.000001),))
    assert json.loads(json_report.render(_with(odd)))["findings"][0]["by"][0]["share"] == 1.000001


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.1])
def test_what_is_no_share_is_refused(share: float) -> None:
    broken = replace(sample.COVERED, by=(Cover(sample.PERMIT_WEB, share),))
    with pytest.raises(pydantic.ValidationError):
        json_report.render(_with(broken))


def test_what_is_lost_and_what_can_be_written_instead() -> None:
    partial, _, merge, dead = json.loads(json_report.render(sample.FULL))["findings"][5:9]
    assert partial["share"] == 0.342
    assert [one["index"] for one in partial["dead_parts"][0]["by"]] == [5]
    assert partial["rewrite"] == [{"operand": "source", "values": ["198.51.100.0 255.255.255.0", "host 203.0.113.9"]}]
    assert merge["merge"] == {
        "rules": [60, 62],
        "lines": [290, 292],
        "operand": "destination",
        "values": ["10.20.4.0 255.255.255.0", "host 10.20.9.9"],
        "at": 60,
    }
    assert (dead["share"], dead["merge"], dead["removable"]) == (None, None, False)
