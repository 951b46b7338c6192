"""The faults still fit the source. Whether the tests notice them is for ``make mutants``: it takes a while."""

from __future__ import annotations

import pytest

from tests.mutants.__main__ import ROOT
from tests.mutants.faults import FAULTS, Edit, Fault, StaleFaultError


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_can_be_planted(fault: Fault) -> None:
    sources: dict[str, str] = {}
    for edit in fault.edits:
        source = sources.get(edit.file) or (ROOT / "rulecheck" / edit.file).read_text(encoding="utf-8")
        sources[edit.file] = edit.changed(source)
    for file, source in sources.items():
        compile(source, file, "exec")


def test_names_are_told_apart() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len(FAULTS) >= 10


@pytest.mark.parametrize("source", ["", "x = 1\nx = 1\n"])
def test_a_stale_fault_is_an_error(source: str) -> None:
    with pytest.raises(StaleFaultError, match="instead of once"):
        Edit("here.py", "x = 1", "x = 2").changed(source)
