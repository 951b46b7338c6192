"""The certificates of the lists that were worked out by hand, through the file that carries them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from reports import certificate_schema
from reports.certificates import read, render
from tests.certificates.made import judging, made, not_accepted
from tests.engine.worked import CALLS, EXACT, UNKNOWN, Worked

EVERY = (*EXACT, *CALLS, *UNKNOWN)


@pytest.mark.parametrize("worked", EVERY, ids=lambda one: one.title)
def test_every_claim_is_accepted(worked: Worked) -> None:
    case = made(worked.policies)
    answers = case.answers()
    assert not_accepted(answers) == []
    kinds = {(one.policy, one.index): one.kind for one in judging(answers) if one.index >= 0}
    for policy, table in zip(worked.policies, worked.kinds, strict=True):
        for index, kind in table.items():
            if kind != "undecided":
                assert kinds[policy.name, index] == (kind if kind != "-" else "live")


@pytest.mark.parametrize("worked", EVERY, ids=lambda one: one.title)
def test_the_file_carries_all(worked: Worked) -> None:
    proof = made(worked.policies).proof
    text = render("0", [proof])
    assert read(text) == (proof,)
    assert render("0", read(text)) == text
    jsonschema.validate(json.loads(text), certificate_schema.schema())


def test_the_stored_schema_is_the_generated_one() -> None:
    stored = certificate_schema.STORED.read_text(encoding="utf-8")
    assert stored == certificate_schema.schema_text(), "run: python -m reports.certificate_schema"
