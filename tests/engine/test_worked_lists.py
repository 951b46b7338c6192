"""The definitions on lists worked out by hand: the engine, and the brute force that thousands of lists rely on."""

from __future__ import annotations

import pytest

from rulecheck.engine import analyze_policies
from tests.differential.brute import Device
from tests.engine.worked import CALLS, EXACT, UNKNOWN, Worked

ALL = (*EXACT, *CALLS, *UNKNOWN)


def _title(worked: Worked) -> str:
    return worked.title


@pytest.mark.parametrize("worked", ALL, ids=_title)
def test_engine(worked: Worked) -> None:
    results = analyze_policies(worked.policies)
    found = tuple({i: v.kind.value if v.kind else "-" for i, v in one.verdicts.items()} for one in results)
    assert found == worked.kinds


@pytest.mark.parametrize("worked", [*EXACT, *CALLS], ids=_title)
def test_brute_force(worked: Worked) -> None:
    device = Device(worked.policies)
    for number, kinds in enumerate(worked.kinds):
        found = {index: device.kind((number, index)) for index in kinds}
        assert {index: kind.value if kind else "-" for index, kind in found.items()} == kinds
