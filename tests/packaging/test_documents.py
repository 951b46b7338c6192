"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from parsers.registry import platforms
from rulecheck import __version__
from rulecheck.cli.analyze import analyze
from rulecheck.cli.group import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("option", [one for one in analyze.params if isinstance(one, click.Option)], ids=str)
def test_every_option_is_in_the_readme(option: click.Option) -> None:
    assert any(f"`{name}" in README for name in option.opts), option.opts


def test_every_command_and_platform_is_in_the_readme() -> None:
    for command in COMMANDS:
        assert f"`rulecheck {command}" in README
    for platform in platforms():
        assert f"`{platform}`" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_target_of_the_makefile_is_described() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    development = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    assert len(targets) > 8
    for target in targets:
        assert f"`make {target}`" in development + README or f"make {target} " in README, target


def test_the_changelog_has_the_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
