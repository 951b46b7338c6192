"""Any JSON at all: no exception but the one for broken JSON, and every line accounted for."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from parsers.cloud.aws import PARSER
from parsers.json_text import JsonError, objects, read_json
from tests.parsers.aws.reading import FIXTURES, config
from tests.strategies import thorough

(FIXTURE,) = (path for path in FIXTURES.iterdir() if not path.name.endswith(".expected.json"))
TEXT = FIXTURE.read_text(encoding="utf-8")
KEYS = sorted({key for one in objects(read_json(config(TEXT)).documents[0]) for key in one.members})
WORDS = ["", "*", "-1", "tcp", "all", "10.0.0.1", "10.0.0.0/8", "::1", "1-2", "2-1", "\ud800", "²", "[x]", "/", "deny"]
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)),
    max_leaves=30,
)


def check(text: str) -> None:
    found = config(text)
    assert 0 <= PARSER.score(found) <= 100
    try:
        (device,) = PARSER.parse(found)
    except JsonError as problem:
        assert problem.error.message and problem.error.remedy  # noqa: PT017, PT018
        return
    assert device.source.lines.total == len(found.lines)
    names = [(one.scope, one.name) for one in device.policies]
    assert len(names) == len(set(names))
    for one in device.policies:
        assert [each.index for each in one.rules] == list(range(len(one.rules)))
        for each in (*one.rules, *one.implicit):
            each.match.terms(one.families)


@thorough(200)
@given(values)
def test_any_json(value: object) -> None:
    check(json.dumps(value, indent=1))


@thorough(100)
@given(st.data())
def test_the_fixture_with_some_places_changed(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(st.one_of(st.text(max_size=3), st.sampled_from(('"', "{", "}", "[", "]", ",", "null", "-1"))))
        text = text[:place] + new + text[place + data.draw(st.integers(0, 5)) :]
    check(text)


@thorough(150)
@given(st.data())
def test_the_fixture_with_values_changed(data: st.DataObject) -> None:
    root = json.loads(TEXT)
    for _ in range(data.draw(st.integers(1, 3))):
        node = root
        while isinstance(node, (dict, list)) and node:
            key = (
                data.draw(st.sampled_from(sorted(node)))
                if isinstance(node, dict)
                else data.draw(st.integers(0, len(node) - 1))
            )
            if not isinstance(node[key], (dict, list)) or data.draw(st.integers(0, 3)) == 0:
                node[key] = data.draw(values)
                break
            node = node[key]
    check(json.dumps(root, indent=1))
