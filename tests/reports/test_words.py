from __future__ import annotations

import subprocess
import sys

import pytest

from reports import facts, words
from reports.visible import cells, encodable, visible, visible_lines
from rulecheck.model.device import LineCounts, SourceFile
from rulecheck.model.finding import DeviceReport, Kind, PolicySummary, RemovalPlan, Report
from tests.reports import sample


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0%"),
        (0.000001, "<0.1%"),
        (0.05, "5%"),
        (0.925, "92.5%"),
        (0.9994, ">99.9%"),
        (0.9999999, ">99.9%"),
        (1.0, "100%"),
    ],
)
def test_only_all_is_100_percent_and_only_nothing_is_0(share: float, expected: str) -> None:
    assert words.percent(share) == expected


@pytest.mark.parametrize(
    ("indexes", "expected"),
    [
        ((), ""),
        ((3,), "#3"),
        ((4, 3), "#3, #4"),
        ((0, 1, 2, 7, 9, 10, 11, 12), "#0–#2, #7, #9–#12"),
    ],
)
def test_runs_of_rules_are_shortened(indexes: tuple[int, ...], expected: str) -> None:
    assert words.rule_numbers(indexes) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", "plain text"),
        ("grüße 日本", "grüße 日本"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2066b\u200b", "a\\u2066b\\u200b"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),
        ("\u3164\xa0\x7f", "\\u3164\\xa0\\x7f"),
        ("a\tb\nc\rd", "a    b\\nc\\rd"),
    ],
)
def test_nothing_unprintable_is_shown_as_itself(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_lines_of_a_rule_stay_lines() -> None:
    assert visible_lines("one\r\ntwo\x07\n") == ["one", "two\\x07", ""]


def test_lone_surrogates_become_text() -> None:
    assert encodable("a\udc80ü").encode("utf-8").decode("utf-8") == "a\\udc80ü"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width_on_a_terminal(text: str, width: int) -> None:
    assert cells(text) == width


def test_every_kind_has_words() -> None:
    assert set(words.KINDS) == set(Kind)


def _device(path: str, rules: int, lines: LineCounts, *plans: RemovalPlan) -> DeviceReport:
    policy = PolicySummary("A", "acl", (), rules, "deny")
    return DeviceReport(path, "cisco_asa", SourceFile(path, "", lines), (policy,), plans=plans)


def test_a_file_with_several_devices_is_counted_once() -> None:
    lines = LineCounts(5, 3, 1, 1)
    report = Report("1", (_device("a", 1, lines), _device("a", 1, lines), _device("b", 1, LineCounts(1, 0, 0, 0))))
    assert facts.lines_of(report) == LineCounts(6, 3, 1, 1)
    assert facts.understood_share(lines) == 0.9
    assert facts.understood_share(LineCounts(0, 0, 0, 0)) == 1.0


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        ((), "None of 9 rules is proven to be removable."),
        ((RemovalPlan("d", "A", (1, 2), proven=True),), "2 of 9 rules can be removed, no packet changes."),
        (
            (RemovalPlan("d", "A", (1, 2), proven=False),),
            "None of 9 rules is proven to be removable. 2 more removals are not proven.",
        ),
    ],
)
def test_the_plan_in_one_sentence(plans: tuple[RemovalPlan, ...], expected: str) -> None:
    assert facts.total_plan_sentence(Report("1", (_device("a", 9, LineCounts(1, 0, 0, 0), *plans),))) == expected


def test_findings_of_a_policy_that_is_not_listed_are_still_shown() -> None:
    device = DeviceReport("d", "p", sample.EDGE.source, (), findings=(sample.COVERED,))
    (group,) = facts.policy_groups(device)
    assert (group.name, group.summary, group.findings) == ("OUTSIDE", None, (sample.COVERED,))


def test_policies_of_one_name_show_their_findings_once() -> None:
    policy = PolicySummary("OUTSIDE", "acl", (), 1, "deny")
    device = DeviceReport("d", "p", sample.EDGE.source, (policy, policy), findings=(sample.COVERED,))
    assert [len(group.findings) for group in facts.policy_groups(device)] == [1]


def test_diagnostics_that_change_verdicts_come_first() -> None:
    groups = facts.diagnostic_groups(sample.EDGE.diagnostics)
    assert [(group.code, len(group.items), group.affecting) for group in groups] == [
        ("RC602", 1, 1),
        ("RC601", 2, 0),
        ("RC606", 7, 0),
    ]


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("reports.text", {"pydantic", "jinja2", "rich", "pandas", "numpy"}),
        ("reports.json_report", {"jinja2", "rich", "pandas", "numpy"}),
        ("reports.html", {"pydantic", "rich", "pandas", "numpy"}),
    ],
)
def test_a_writer_imports_only_what_it_uses(module: str, absent: set[str]) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & {absent!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
