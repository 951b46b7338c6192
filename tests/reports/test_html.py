from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from reports import html
from reports.html import view
from reports.html.compare import comparison
from reports.html.strip import STRIP_WIDTH, marks
from reports.words import KINDS
from rulecheck.model.device import Diagnostic, Severity
from rulecheck.model.finding import Cover, Kind, Report, RuleRef
from tests.reports import sample
from tests.reports.goldens import assert_golden

VOID = {"meta", "input", "br", "rect"}
REPORTS = {
    "full": sample.FULL,
    "clean": sample.CLEAN,
    "empty": sample.EMPTY_RUN,
    "hostile": sample.hostile(),
    "many": sample.many(30),
}


class Page(HTMLParser):
    """Checks that tags balance, and collects ids, links, attributes, headings and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.scripts = 0
        self.shown: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.scripts += tag == "script"
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.shown.append(data)

    @property
    def text(self) -> str:
        return "".join(self.shown)

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


@pytest.mark.parametrize("name", ["full", "clean", "empty"])
def test_the_page(name: str) -> None:
    rendered = html.render(REPORTS[name])
    for own in ("report.css", "report.js"):
        text = files("reports.html").joinpath(own).read_text(encoding="utf-8")
        assert text in rendered
        rendered = rendered.replace(text, f"[{own}]")
    assert_golden(f"{name}.html", re.sub("'sha256-[^']*'", "'sha256-[digest]'", rendered))


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(name: str) -> None:
    page = Page(html.render(REPORTS[name]))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    targets = [*page.values("href"), *(f"#{one}" for value in page.values("aria-labelledby") for one in value.split())]
    assert [target for target in targets if target.removeprefix("#") not in page.ids] == []


@pytest.mark.parametrize("name", REPORTS)
def test_headings_never_skip_a_level(name: str) -> None:
    levels = Page(html.render(REPORTS[name])).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_loads_nothing(name: str) -> None:
    rendered = html.render(REPORTS[name])
    page = Page(rendered)
    assert not {"src", "srcset", "style", "action", "background"} & {found for _, found, _ in page.attributes}
    assert not [found for _, found, _ in page.attributes if found.startswith("on")]
    assert not re.search(r"(?i)https?:|url\(|@import|<link|<img|<iframe|<base", rendered)


def test_only_our_script_may_run() -> None:
    rendered = html.render(sample.hostile())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', rendered)
    script = re.search(r"<script>(.*?)</script>", rendered, re.DOTALL)
    assert policy
    assert script
    digest = b64encode(sha256(script[1].encode()).digest()).decode()
    assert policy[1] == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert Page(rendered).scripts == 1


def test_hostile_texts_are_shown_as_text() -> None:
    rendered = html.render(sample.hostile())
    rendered.encode("utf-8")
    assert {char for char in rendered if not char.isprintable()} == {"\n"}
    shown = "<script>alert(1)</script>&\"'\\x1b[31m\\x07\\x9b2J\\u202egnp.exe\\u2066\\u200b\\udc80"
    assert Page(rendered).text.count(shown) > 20


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}{% raw %}", "</style><script>x</script>", "&lt;b&gt;", "--><b>"])
def test_template_syntax_and_markup_in_configurations_stay_text(text: str) -> None:
    page = Page(html.render(sample.hostile(text)))
    assert page.scripts == 1
    assert page.text.count(text) > 20


def test_every_finding_shows_its_evidence() -> None:
    text = Page(html.render(sample.FULL)).text
    for finding in sample.FULL.findings:
        assert finding.id in text
        assert finding.message in text
        assert finding.recommendation in text
        assert KINDS[finding.kind].meaning in text
        assert all(caveat in text for caveat in finding.caveats)
        assert all(cover.rule.text in text for cover in finding.by)
        assert all(str(value) in text for value in (finding.witness or {}).values())


def test_what_other_tools_call_each_kind_is_said() -> None:
    text = Page(html.render(sample.FULL)).text
    assert [kind for kind in Kind if KINDS[kind].elsewhere and KINDS[kind].elsewhere not in text] == []


def test_a_rule_and_its_covers_stand_side_by_side() -> None:
    table = comparison(sample.SHADOWED)
    assert table is not None
    assert table.labels == ("Action", "Service", "Source", "Destination")
    assert [column.rule.index for column in table.columns] == [17, 5, 6]
    assert [column.differs for column in table.columns] == [False, True, False]
    assert [cell.same for cell in table.columns[1].cells] == [False, False, True, False]
    assert not table.transposed


def test_labels_that_only_a_cover_has_are_shown_too() -> None:
    table = comparison(sample.CHAIN_COVERED)
    assert table is not None
    assert table.labels == ("Protocol", "Destination port", "Target", "In interface")
    mine, cover = table.columns
    assert (mine.cells[3].text, cover.cells[3].text, cover.cells[3].same) == ("", "eth0", False)


def test_many_covers_become_rows() -> None:
    table = comparison(sample.CHAIN_UNION)
    assert table is not None
    assert table.transposed
    assert len(table.columns) == 6


def test_a_conflict_that_is_no_cover_is_shown_beside_them() -> None:
    finding = replace(sample.COVERED, conflict=Cover(sample.DENY_LAB, 0.25))
    table = comparison(finding)
    assert table is not None
    assert [column.role for column in table.columns] == ["This rule", "Decided by", "Differently by"]


def test_a_finding_without_covers_needs_no_table() -> None:
    assert comparison(sample.EMPTY) is None


def test_marks_stay_on_the_strip_and_show_the_worst_severity() -> None:
    far = replace(sample.EMPTY, rule=replace(sample.EMPTY.rule, index=4999))
    beyond = replace(sample.EMPTY, rule=replace(sample.EMPTY.rule, index=9000))
    device = replace(sample.many(5000).devices[0], findings=(sample.REDUNDANT, sample.COVERED, far, beyond))
    found = marks(view.page(Report("1", (device,))).devices[0].policies[0].group)
    assert [(mark.x, mark.severity.value) for mark in found] == [(1, "medium"), (2, "info"), (239, "critical")]
    assert all(mark.x + mark.width <= STRIP_WIDTH for mark in found)


def test_findings_with_one_id_have_anchors_of_their_own() -> None:
    device = replace(sample.EDGE, findings=(sample.COVERED, replace(sample.COVERED)))
    page = Page(html.render(Report("1", (device, replace(device, findings=(sample.COVERED,))))))
    assert [one for one in page.ids if one.startswith("f-")] == [
        "f-7d793037a076",
        "f-7d793037a076-2",
        "f-7d793037a076-3",
    ]


def test_a_cover_without_fields_still_shows_its_text() -> None:
    bare = RuleRef("OUTSIDE", 0, 1, "permit ip any any", "permit")
    finding = replace(sample.COVERED, rule=replace(sample.COVERED.rule, fields=()), by=(Cover(bare, 1.0),))
    device = replace(sample.EDGE, findings=(finding,))
    assert "permit ip any any" in Page(html.render(Report("1", (device,)))).text


def test_a_flood_of_diagnostics_is_cut_and_says_so() -> None:
    flood = tuple(Diagnostic("RC601", Severity.LOW, line, f"message {line}.") for line in range(1, 1203))
    text = Page(html.render(Report("1", (replace(sample.EDGE, diagnostics=flood),)))).text
    assert "message 500." in text
    assert "message 501." not in text
    assert "1,202 places" in text
    assert "702 more" in text


def test_the_same_report_gives_the_same_bytes() -> None:
    assert html.render(sample.FULL) == html.render(replace(sample.FULL))
    assert "2026" not in html.render(replace(sample.FULL, created=None))


def _palettes() -> dict[str, dict[str, tuple[float, float, float]]]:
    css = files("reports.html").joinpath("report.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = [dict(re.findall(r"--([a-z]+): #([0-9a-f]{6}|[0-9a-f]{3});", root)) for root in roots]
    return {
        name: {key: _rgb(value) for key, value in palette.items()}
        for name, palette in zip(("light", "dark", "print"), colours, strict=True)
    }


def _rgb(value: str) -> tuple[float, float, float]:
    digits = value if len(value) == 6 else "".join(digit * 2 for digit in value)
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def _luminance(colour: tuple[float, float, float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("ground", ["page", "sheet", "sunken"])
def test_every_text_colour_has_the_contrast_of_wcag_aa(theme: str, ground: str) -> None:
    palette = _palettes()[theme]
    behind = _luminance(palette[ground])
    names = ("ink", "soft", "link", "critical", "high", "medium", "low", "info", "good", "bad")
    ratios = {}
    for name in names:
        light, dark = sorted((_luminance(palette[name]), behind), reverse=True)
        ratios[name] = (light + 0.05) / (dark + 0.05)
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 4.5} == {}
