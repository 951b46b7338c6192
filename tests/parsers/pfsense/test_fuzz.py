"""Nothing that a file contains makes the parser raise anything but ReadError, hang, or lose a line."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from parsers.bsd.sense import PFSENSE as PARSER
from parsers.reading import ReadError, read_file
from tests.parsers.pfsense.reading import FIXTURES, config
from tests.strategies import thorough

(FIXTURE,) = FIXTURES.glob("*.xml")
TEXT = FIXTURE.read_text(encoding="utf-8")
PIECES = [
    "<", ">", "</rule>", "<rule>", "<not/>", "<any/>", "<source>", "</source>", "<disabled/>", "&amp;",
    "<!DOCTYPE x>",
    "<network>lan</network>", "<address>X</address>", "<port>9-1</port>", "<floating>yes</floating>", "²", "!",
    "WEBPORTS",
    "inet46", "<protocol>bogus</protocol>", "<type>match</type>", "<sched>NO</sched>", "LOCALNETS", "::1", "(self)",
]  # fmt: skip


def check(text: str) -> None:
    found = config(text)
    assert 0 <= PARSER.score(found) <= 100
    try:
        (device,) = PARSER.parse(found)
    except ReadError as problem:
        assert problem.error.message and problem.error.remedy  # noqa: PT017, PT018
        return
    assert device.source.lines.total == len(found.lines)
    names = {(one.scope, one.name) for one in device.policies}
    for one in device.policies:
        assert [each.index for each in one.rules] == list(range(len(one.rules)))
        for each in (*one.rules, *one.implicit):
            assert each.calls is None or (one.scope, each.calls) in names
            each.match.terms(one.families)


@thorough(150)
@given(st.data())
def test_the_fixture_with_some_places_changed(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(st.one_of(st.text(max_size=4), st.sampled_from(PIECES)))
        text = text[:place] + new + text[place + data.draw(st.integers(0, 12)) :]
    check(text)


@thorough(60)
@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_any_part(one: int, two: int) -> None:
    check("<pfsense>" + TEXT[min(one, two) : max(one, two)])


def test_secrets_are_not_shown() -> None:
    (device,) = PARSER.parse(config(TEXT.replace("published web", "password: hunter2")))
    assert "hunter2" not in repr(device)
    assert "0123456789012345678901234567890123456789" not in repr(device)


def test_the_corpus(corpus: Path) -> None:
    counted = {"opndossier_config-pfSense.xml": 13, "opndossier_sample.config.7.xml": 11, "opnsense-aliases.xml": 2}
    for path in sorted((corpus / "pfsense").iterdir()):
        (device,) = PARSER.parse(read_file(str(path)))
        assert device.source.lines.unknown == 0
        assert {one.code for one in device.diagnostics} <= {"RC605"}
        assert sum(len(one.rules) for one in device.policies) == counted[path.name]
