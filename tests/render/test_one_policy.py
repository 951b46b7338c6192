"""One policy, many vendors: the policies of ``fixtures/abstract`` mean the same everywhere, and are judged the same.

What a form cannot say is left out there (``docs/platforms/one-policy.md`` has the table); the findings of the rest
are those of the rest of the abstract policy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rulecheck.analysis import report_device
from rulecheck.model.device import Device, LineCounts, Policy, SourceFile
from rulecheck.model.finding import Finding, Kind
from tests.conftest import ROOT
from tests.differential import brute
from tests.differential.test_rendered import check_matches, device_of
from tests.render.abstract import Sketch, model_of
from tests.render.platforms import FORMS, Feature, Form, expressible
from tests.render.policies import PATHS, Expected, Written, read

PROVEN = (Kind.EMPTY, Kind.SHADOWED, Kind.COVERED, Kind.REDUNDANT)
BY_DEFAULT = Expected(Kind.REDUNDANT, frozenset(), frozenset())
"""A rule that is redundant because the default does the same: the last rule of an interface, where the list is one of
several interfaces and has no end of its own."""
MANUAL = ROOT / "docs" / "platforms" / "one-policy.md"
EVERY_PATH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


@cache
def written(path: Path) -> Written:
    return read(path)


def abstract_device(sketch: Sketch) -> Device:
    source = SourceFile("abstract", "0" * 64, LineCounts(len(sketch.lines), 0, 0, 0))
    return Device("abstract", "abstract", source, (model_of(sketch),))


def expected_of(sketch: Sketch, finding: Finding) -> Expected:
    """Return a finding with the names that the rules have in the sketch."""

    def names(indexes: set[int]) -> frozenset[str]:
        return frozenset(sketch.lines[index].name for index in indexes)

    return Expected(finding.kind, names({one.rule.index for one in finding.by}), names(set(finding.single_covers)))


def findings_of(device: Device, policy: str, sketch: Sketch) -> dict[str, Expected]:
    """Return the proven findings about the rules of one policy, by the names of the rules in the sketch."""
    found = [one for one in report_device(device).findings if one.policy == policy]
    assert not [one for one in found if one.kind is Kind.UNDECIDED]
    return {sketch.lines[one.rule.index].name: expected_of(sketch, one) for one in found if one.kind in PROVEN}


def kinds_by_brute_force(policy: Policy) -> dict[str, Kind]:
    device = brute.Device((policy,))
    found = {str(rule.name): device.kind((0, rule.index)) for rule in policy.rules if rule.enabled}
    return {name: kind for name, kind in found.items() if kind is not None}


@EVERY_PATH
def test_what_is_written_down_is_true(path: Path) -> None:
    policy = written(path)
    assert {name: one.kind for name, one in policy.findings.items()} == kinds_by_brute_force(model_of(policy.sketch))
    assert findings_of(abstract_device(policy.sketch), "SKETCH", policy.sketch) == policy.findings


@EVERY_PATH
@EVERY_FORM
def test_every_form_means_the_same_and_has_the_same_findings(form: Form, path: Path) -> None:
    for part in expressible(form, written(path).sketch):
        device = device_of(form.render(part))
        assert device.platform == form.platform
        (policy,) = [one for one in device.policies if form.is_written(one)]
        check_matches(part, form.plain(policy))
        wanted = findings_of(abstract_device(part), "SKETCH", part)
        found = findings_of(device, policy.name, part)
        if form.alone:
            found = {name: one for name, one in found.items() if not name.startswith("end") or one != BY_DEFAULT}
        assert found == wanted
        assert {name: one.kind for name, one in wanted.items()} == kinds_by_brute_force(model_of(part))


def test_forms_that_can_say_everything_have_the_findings_that_are_written_down() -> None:
    whole = [form for form in FORMS if not form.lacks - {Feature.PERMIT_BY_DEFAULT, Feature.DENY_BY_DEFAULT}]
    assert {"checkpoint", "fortios", "juniper", "neutral"} <= {form.platform for form in whole}
    for path in PATHS:
        for form in whole:
            (part,) = expressible(form, written(path).sketch)
            assert part.lines == written(path).sketch.lines


def test_no_rule_is_left_out_everywhere_and_most_are_nowhere() -> None:
    """A registry that declared too much impossible would test too little."""
    total = left = 0
    for path in PATHS:
        lines = written(path).sketch.lines
        for form in FORMS:
            parts = list(expressible(form, written(path).sketch))
            total += len(lines)
            left += sum(len(part.lines) for part in parts)
    assert left > 0.75 * total


def test_the_notation_of_policies_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text('about: x\nrules: ["a: permit tcp from any to any ports 80"]\nfindings: []\n', encoding="utf-8")
    with pytest.raises(AssertionError, match="ports 80"):
        read(path)


def test_a_form_that_says_something_else_is_noticed() -> None:
    """The comparison can fail: a renderer that widens a port range by one is found out."""
    path = next(path for path in PATHS if path.stem == "union")
    form = next(form for form in FORMS if form.name == "cisco_asa")
    (part,) = expressible(form, written(path).sketch)
    text = form.render(part).replace("range 1 1023", "range 1 1022")
    assert text != form.render(part)
    (policy,) = device_of(text).policies
    with pytest.raises(AssertionError):
        check_matches(part, policy)
    assert "ports-middle" in findings_of(device_of(form.render(part)), policy.name, part)
    assert "ports-middle" not in findings_of(device_of(text), policy.name, part)


def table() -> str:
    """Return the table of the manual: what each form cannot say."""
    rows = ["| form | cannot say |", "|---|---|"]
    for form in FORMS:
        lacks = ", ".join(one.value for one in Feature if one in form.lacks)
        rows.append(f"| {form.name} | {lacks or '–'} |")
    return "\n".join(rows)


def test_the_manual_has_the_table() -> None:
    assert table() in MANUAL.read_text(encoding="utf-8")
