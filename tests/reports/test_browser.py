"""The HTML report in a real browser: opened from disk, with the network watched."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reports import html
from rulecheck.model.finding import Report
from tests.reports import sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Show = Callable[..., "Page"]


def _missing(reason: str) -> None:
    if os.environ.get("RULECHECK_REQUIRE_BROWSER") == "1":
        pytest.fail(f"browser tests are required, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        _missing("there is no Chromium (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("the Python package playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Return a function that opens a report and fails on any request, script error or console error."""
    contexts: list[Any] = []
    problems: list[str] = []

    def open_report(report: Report, anchor: str = "", **options: object) -> Page:
        path = tmp_path / "report.html"
        path.write_text(html.render(report), encoding="utf-8")
        settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        address = path.as_uri()
        page.on("request", lambda one: problems.append(one.url) if one.url.split("#")[0] != address else None)
        page.on("console", lambda one: problems.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda one: problems.append(str(one)))
        page.on("dialog", lambda one: problems.append(f"dialog {one.message}"))
        page.goto(address + anchor)
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert problems == []


def _shown(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "article.finding", "all => all.filter(one => one.checkVisibility()).map(one => one.id.slice(2))"
    )
    return found


def _wait(page: Page, status: str) -> None:
    page.locator("#filter .shown").filter(has_text=re.compile(rf"^{status}\b")).wait_for()


@pytest.mark.parametrize("report", [sample.FULL, sample.CLEAN, sample.EMPTY_RUN, sample.hostile()])
@pytest.mark.parametrize("width", [400, 768, 1280])
def test_no_page_scrolls_sideways(show: Show, report: Report, width: int) -> None:
    page = show(report, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_of_10000_characters_wrap(show: Show) -> None:
    page = show(sample.hostile("N" * 10_000), viewport={"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    figures = page.locator(".figures").bounding_box()
    assert figures
    assert figures["y"] < 800


def test_the_first_screen_answers_the_first_questions(show: Show) -> None:
    page = show(sample.FULL)
    for selector in ("h1", ".lead", ".figures", ".tally", ".devices"):
        box = page.locator(selector).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800, selector


def test_filter_by_kind_severity_and_removal(show: Show) -> None:
    page = show(sample.FULL)
    _wait(page, "11 of 11 findings shown")
    page.get_by_role("group", name="Kind").get_by_label("covered").uncheck()
    _wait(page, "8 of 11")
    notes = [one.id for one in (sample.PARTIAL, sample.GENERALIZATION, sample.MERGEABLE, sample.DEAD_PART)]
    assert _shown(page) == ["5d41402abc4b", "1f0e3dad9990", "98f137082a0e", "3c59dc048e88", *notes]
    assert not page.locator("section.device").nth(1).is_visible()
    page.get_by_role("group", name="Severity").get_by_label("high").uncheck()
    _wait(page, "7 of 11")
    page.get_by_label("removable only").check()
    _wait(page, "2 of 11")
    assert _shown(page) == ["1f0e3dad9990", "98f137082a0e"]
    page.get_by_role("button", name="Reset").click()
    _wait(page, "11 of 11")
    assert len(_shown(page)) == 11


def test_filter_by_text_needs_every_word(show: Show) -> None:
    page = show(sample.FULL)
    page.get_by_role("searchbox").fill("LAB  10.20.4.8")
    _wait(page, "1 of 11")
    assert _shown(page) == ["5d41402abc4b"]
    page.get_by_role("searchbox").fill("no such text")
    _wait(page, "0 of 11")
    assert page.get_by_text("No finding matches the filter.").is_visible()
    page.get_by_role("searchbox").press("Enter")
    assert page.url.split("#")[0].endswith("report.html")


def test_fold_and_unfold(show: Show) -> None:
    page = show(sample.many(40))
    assert page.locator("article details[open]").count() == 0
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator("article details[open]").count() == 40
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.locator("article details[open]").count() == 0


def test_a_finding_opens_with_the_keyboard(show: Show) -> None:
    page = show(sample.many(40))
    page.locator("article summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("article .message").first.is_visible()


def test_the_skip_link_comes_first(show: Show) -> None:
    page = show(sample.FULL)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the findings"
    box = focused.bounding_box()
    assert box
    assert box["x"] >= 0


def test_a_link_to_a_finding_opens_it(show: Show) -> None:
    page = show(sample.many(40), anchor="#f-00000000001e")
    assert page.locator("article details[open]").count() == 1
    assert page.locator("#f-00000000001e .message").is_visible()


def test_everything_can_be_read_without_javascript(show: Show) -> None:
    page = show(sample.FULL, java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert page.locator("article .message:visible").count() == 8


def test_folded_findings_open_without_javascript(show: Show) -> None:
    page = show(sample.many(40), java_script_enabled=False)
    assert page.locator("article .message:visible").count() == 0
    page.locator("article summary").first.click()
    assert page.locator("article .message:visible").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(show: Show, scheme: str) -> None:
    page = show(sample.FULL, color_scheme=scheme)
    red = page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert (red < 64) if scheme == "dark" else (red > 192)


def test_paper_shows_folded_findings_and_no_controls(show: Show) -> None:
    page = show(sample.many(20), color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert not page.get_by_role("navigation").is_visible()
    box = page.locator("article .message").nth(15).bounding_box()
    assert box
    assert box["height"] > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_hostile_texts_run_nothing(show: Show) -> None:
    page = show(sample.hostile("<img src=x onerror=alert(1)><script>alert(2)</script>"))
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1


def test_controls_and_tables_have_names(show: Show) -> None:
    page = show(sample.FULL)
    for role in ("banner", "main", "navigation", "contentinfo", "search"):
        assert page.get_by_role(role).count() == 1, role
    nameless = page.eval_on_selector_all(
        "input, button, [role=region], [role=img], fieldset",
        """all => all.filter(one => !(one.labels?.length || one.getAttribute('aria-label')
            || one.getAttribute('aria-labelledby') || one.querySelector('legend') || one.textContent.trim()))
            .map(one => one.outerHTML)""",
    )
    assert nameless == []


def test_5000_findings_can_be_filtered(show: Show) -> None:
    page = show(sample.many(5000))
    assert page.locator("#filter .shown").get_attribute("role") == "status"
    _wait(page, "5,000 of 5,000")
    page.get_by_role("searchbox").fill("QUARANTINE")
    _wait(page, "1,000 of 5,000")
    page.locator("#filter input[value=empty]").uncheck()
    _wait(page, "0 of 5,000")
