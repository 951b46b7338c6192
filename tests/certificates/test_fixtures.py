"""Every certificate of every fixture is accepted, and every claim has one; through the file, as a user gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.reading import read_file
from parsers.registry import parse
from reports.certificates import read, render
from rulecheck.analysis import analyze_device
from rulecheck.audit import UNCHECKED, audit
from tests.certificates.made import data, not_accepted

ROOT = Path(__file__).resolve().parents[2] / "fixtures"
CONFIGURATIONS = sorted(
    path
    for path in ROOT.glob("*/*")
    if path.is_file() and not path.name.endswith(".expected.json") and path.parent.name != "abstract"
)


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_every_claim_is_accepted(path: Path) -> None:
    config = read_file(str(path))
    for device, again in zip(parse(config), parse(config), strict=True):
        found = analyze_device(device, certificates=True)
        assert found.certificates is not None
        assert found.certificates.uncertified == ()
        (proof,) = read(render("0", [found.certificates]))
        report = data(found.report)
        answers = list(audit(report, report["devices"][0], again, proof))
        assert [one for one in not_accepted(answers) if one.status != UNCHECKED] == []
        enabled = sum(rule.enabled for policy in device.policies for rule in policy.rules)
        undecided = sum(one["kind"] == "undecided" for one in report["findings"])
        verdicts = {"live", "empty", "shadowed", "covered", "redundant"}
        assert sum(one.kind in verdicts for one in answers) == enabled - undecided
