"""JSON with positions: values, lines, several documents, and every way in which a text can be wrong."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.base import ConfigText
from parsers.json_text import MAX_DEPTH, JsonError, JsonNode, json_head, objects, read_json, walk
from parsers.reading import split_lines


def config(text: str) -> ConfigText:
    return ConfigText("export.json", "0" * 64, split_lines(text))


def one(text: str) -> JsonNode:
    (document,) = read_json(config(text)).documents
    return document


def plain(node: JsonNode) -> object:
    if node.kind == "object":
        return {key: plain(value) for key, value in node.members.items()}
    if node.kind == "array":
        return [plain(value) for value in node.items]
    return node.value


def error(text: str) -> JsonError:
    with pytest.raises(JsonError) as caught:
        read_json(config(text))
    return caught.value


def test_lines_of_objects_arrays_and_scalars() -> None:
    root = one('{\n "rules": [\n  {"name": "a"},\n  {\n   "name": "b"\n  }\n ],\n "total": 2\n}')
    rules = root.get("rules")
    assert rules is not None
    assert (root.line, root.end) == (1, 9)
    assert (rules.line, rules.end) == (2, 7)
    assert [(item.line, item.end) for item in rules.items] == [(3, 3), (4, 6)]
    second = rules.items[1].get("name")
    assert second is not None
    assert (second.value, second.line, second.end) == ("b", 5, 5)
    assert list(rules.items[1].lines) == [4, 5, 6]


def test_a_text_on_one_line() -> None:
    root = one('{"rules": [{"name": "a"}, {"name": "b"}]}')
    assert {node.line for node in walk(root)} == {node.end for node in walk(root)} == {1}


def test_walk_yields_outer_before_inner_in_the_order_of_the_text() -> None:
    root = one('{"a": [1, {"b": 2}], "c": 3}')
    assert [node.value for node in walk(root) if node.kind == "number"] == [1, 2, 3]
    assert [node.kind for node in walk(root)][:3] == ["object", "array", "number"]


def test_objects_are_those_that_walk_finds() -> None:
    root = one('{"a": [1, {"b": {}}, [[{"c": 2}]]], "d": {"e": 3}}')
    assert list(objects(root)) == [node for node in walk(root) if node.kind == "object"]


def test_reading_members() -> None:
    root = one('{"t": "x", "n": 7, "f": 7.0, "b": true, "z": null, "deep": {"er": [1]}}')
    assert (root.text("t"), root.text("n"), root.text("none")) == ("x", None, None)
    assert (root.whole("n"), root.whole("f"), root.whole("b"), root.whole("t")) == (7, None, None, None)
    assert (root.flag("b"), root.flag("n"), root.flag("none")) == (True, None, None)
    found = root.at("deep", "er")
    assert found is not None
    assert [item.value for item in found.items] == [1]
    assert root.at("deep", "none", "er") is None
    assert root.at("t", "x") is None
    null = root.get("z")
    assert null is not None
    assert null.kind == "null"
    assert null.members == {}
    assert null.items == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a\\n\\u00e9\\"\\\\"', 'a\né"\\'),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\ud83d"', "\ufffd"),
        ('"tab\there"', "tab\there"),
        ("-0", 0),
        ("1.5e3", 1500.0),
        ("340282366920938463463374607431768211455", 2**128 - 1),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_scalars(text: str, value: object) -> None:
    assert plain(one(text)) == value


@pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 5000, "1" + "0" * 400])
def test_numbers_out_of_range_are_finite(text: str) -> None:
    value = one(text).value
    assert isinstance(value, float)
    assert math.isfinite(value)
    assert abs(value) > 1e300


def test_several_documents() -> None:
    documents = read_json(config('{"a": 1}\n{"a": 2}{"a": 3}\n\n[4]')).documents
    assert [plain(node) for node in documents] == [{"a": 1}, {"a": 2}, {"a": 3}, [4]]
    assert [node.line for node in documents] == [1, 2, 2, 4]


def test_a_duplicate_key_is_reported_and_its_last_value_counts() -> None:
    found = read_json(config('{"a": 1,\n "b": {"a": 2},\n "a": 3}'))
    assert plain(found.documents[0]) == {"a": 3, "b": {"a": 2}}
    assert [(one.key, one.line) for one in found.duplicates] == [("a", 3)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{\n"a": 1,\n}', 3, "} where a key"),
        ("[1,\n]", 2, "] where a value"),
        ("[1 2]", 1, "2 where a comma"),
        ('{"a" 1}', 1, "1 where a colon"),
        ("{a: 1}", 1, "a where a key"),
        ("[1}", 1, "} where a comma"),
        ("]", 1, "] where a JSON value"),
        ('["a\nb"]', 1, "not closed on its line"),
        ('["\\x"]', 1, "escape sequence"),
        ("[NaN]", 1, "NaN"),
        ("[-Infinity]", 1, "NaN and Infinity"),
        ("[01]", 1, "number is malformed"),
        ("[1.]", 1, "number is malformed"),
        ("[truely]", 1, "t where a value"),
        ("['a']", 1, "' where a value"),
        ("[\u00a01]", 1, "character 0xa0"),
        ('{"a": "b" "c"}', 1, "a string where a comma"),
        ('{"a": 1, 2}', 1, "2 where a key"),
    ],
)
def test_malformed_text_is_one_error_with_its_line(text: str, line: int, words: str) -> None:
    problem = error(text)
    assert (problem.error.path, problem.error.line, problem.truncated) == ("export.json", line, False)
    assert words in problem.error.message
    assert problem.error.remedy


@pytest.mark.parametrize("text", ['{"a": 1,', '{"a": [1', '{"a": "b', '{"a": tr', '{"a": 1.', "[", '{"a": -'])
def test_a_text_that_ends_early_is_told_apart(text: str) -> None:
    problem = error(f"[\n{text}")
    assert problem.truncated
    assert problem.error.line == 2
    assert "ends early" in problem.error.message


def test_the_open_container_is_named_where_a_text_ends_early() -> None:
    assert "the object that starts in line 2 is not closed" in error('[\n{"a": 1,\n"b": 2').error.message


@pytest.mark.parametrize("text", ["[" * 1000 + "]" * 1000, '{"a":' * 1000, "[" * 1_000_000])
def test_deep_nesting_is_refused(text: str) -> None:
    assert f"deeper than {MAX_DEPTH} levels" in error(text).error.message


def test_the_deepest_nesting_that_is_read() -> None:
    root = one("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert sum(1 for _ in walk(root)) == MAX_DEPTH


def test_the_head_of_a_text() -> None:
    assert json_head(config('\n {"a":\n 1}')) == ' {"a":\n 1}'
    assert json_head(config("access-list a permit ip any any")) == ""
    assert json_head(config("[" + "1," * 50_000 + "1]"), limit=10) == "[1,1,1,1,1"


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
)


@given(_JSON, st.sampled_from([None, 1]), st.booleans())
def test_reads_the_same_as_the_standard_library(value: object, indent: int | None, ascii_only: bool) -> None:
    assert plain(one(json.dumps(value, indent=indent, ensure_ascii=ascii_only))) == value


@given(_JSON, st.data())
def test_a_mutated_text_is_read_or_refused(value: object, data: st.DataObject) -> None:
    text = json.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    mutated = text[:place] + data.draw(st.text(max_size=3)) + text[place + data.draw(st.integers(0, 2)) :]
    try:
        json.loads(mutated)
        valid = "Infinity" not in mutated and "NaN" not in mutated
    except (ValueError, RecursionError):
        valid = False
    if valid:
        read_json(config(mutated))
        return
    with contextlib.suppress(JsonError):
        read_json(config(mutated))
