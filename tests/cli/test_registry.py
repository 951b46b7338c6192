"""Recognising a platform by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import registry
from parsers.base import ConfigText, Parser
from parsers.reading import read_file
from parsers.registry import AmbiguousError, NotRecognisedError
from rulecheck.model.device import Device, LineCounts, SourceFile

ROOT = Path(__file__).resolve().parents[2]
TEXT = ConfigText("a.cfg", "0" * 64, ("hello",))


class _Fake:
    """A parser with a fixed score that returns one device with its own platform."""

    title = "Fake"
    reads: tuple[str, ...] = ("Nothing.",)
    not_modelled: tuple[str, ...] = ("Everything.",)

    def __init__(self, platform: str, score: int) -> None:
        self.platform = platform
        self._score = score

    def score(self, config: ConfigText) -> int:
        assert config is TEXT
        return self._score

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        source = SourceFile(config.path, config.sha256, LineCounts(1, 0, 0, 0))
        return (Device("x", self.platform, source),)


def _install(monkeypatch: pytest.MonkeyPatch, **scores: int) -> None:
    fakes: dict[str, Parser] = {name: _Fake(name, score) for name, score in scores.items()}
    monkeypatch.setattr(registry, "PARSERS", dict.fromkeys(scores, ""))
    monkeypatch.setattr(registry, "load", fakes.__getitem__)


def test_the_highest_score_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, one=40, two=90, three=0)
    assert registry.detect(TEXT) == "two"
    assert registry.parse(TEXT)[0].platform == "two"


def test_a_named_platform_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, one=0, two=90)
    assert registry.parse(TEXT, "one")[0].platform == "one"


def test_low_scores_recognise_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, one=registry.RECOGNISED_FROM - 1, two=0)
    with pytest.raises(NotRecognisedError) as caught:
        registry.parse(TEXT)
    error = caught.value.error
    assert error.path == "a.cfg"
    assert error.message == "no supported platform recognises the text (a little like one)"
    assert error.remedy == "name the platform with --vendor, one of: one, two"


def test_a_tie_is_an_error_not_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, one=70, two=70, three=10)
    with pytest.raises(AmbiguousError, match=r"looks like one and two alike.*--vendor"):
        registry.detect(TEXT)


@pytest.mark.parametrize("platform", registry.platforms())
def test_every_row_leads_to_its_parser(platform: str) -> None:
    parser = registry.load(platform)
    assert parser.platform == platform
    assert parser.title
    assert all(sentence.endswith(".") for sentence in (*parser.reads, *parser.not_modelled))


@pytest.mark.parametrize("folder", registry.platforms())
def test_fixtures_are_recognised_with_a_clear_lead(folder: str) -> None:
    texts = [
        path
        for path in sorted((ROOT / "fixtures" / folder).iterdir())
        if not path.name.endswith((".expected.json", ".md"))
    ]
    assert texts
    for path in texts:
        config = read_file(str(path))
        scores = sorted(((registry.load(name).score(config), name) for name in registry.platforms()), reverse=True)
        assert scores[0][1] == folder, path
        assert scores[0][0] >= 2 * scores[1][0], (path, scores)


@pytest.mark.parametrize(
    "lines",
    [
        ("# A heading", "", "Some text about access-list and permit ip any any rules."),
        ('{"findings": [{"rule": "access-list OUTSIDE extended permit ip any any"}]}',),
        ("import os", "", "print(os.name)"),
        ("name,source,destination,street", "web,any,10.0.0.1,permit"),
    ],
)
def test_other_texts_are_recognised_as_nothing(lines: tuple[str, ...]) -> None:
    with pytest.raises(NotRecognisedError):
        registry.detect(ConfigText("x", "0" * 64, lines))
