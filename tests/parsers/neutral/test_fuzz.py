"""Any table at all: no exception but the one for a broken text, an end, and every line accounted for."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.neutral import PARSER
from parsers.neutral.columns import INFORMATIVE
from parsers.reading import ReadError
from tests.parsers.neutral.reading import FIXTURES, config

TABLES = [(FIXTURES / name).read_text(encoding="utf-8") for name in ("branches.csv", "shop.yaml")]
WORDS = (
    "any", "permit", "deny", "10.0.0.1", "10.0.0.0/8", "::1", "1-2", "tcp", "udp", "icmp", "tcp/80", "80", "70000",
    "!x", "not 10.0.0.1", "a.example", "yes", "no", "2025-01-01", "2025-99-99", "",
    "http", '"', "²", "\ud800", ";", "null", "&a", "*a",
)  # fmt: skip
KEYS = (
    "action", "source", "destination", "protocol", "port", "sport", "service", "icmp_type", "source_zone", "enabled",
    "schedule", "expires", "name", "policy", "device", "rules", "policies", "objects", "services", "schedules",
    "hits", "default", "format", "members", "applied_to", "frob", *sorted(INFORMATIVE)[:2],
)  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)),
    max_leaves=20,
)


def parse(text: str) -> None:
    found = config(text)
    assert 0 <= PARSER.score(found) <= 100
    try:
        (device,) = PARSER.parse(found)
    except ReadError as problem:
        assert problem.error.message  # noqa: PT017
        return
    assert device.source.lines.total == len(found.lines)
    for one in device.policies:
        assert [rule.index for rule in one.rules] == list(range(len(one.rules)))
        for rule in one.rules:
            rule.match.terms(one.families)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values, st.sampled_from([None, 1]))
def test_any_json(value: object, indent: int | None) -> None:
    parse(json.dumps(value, indent=indent))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(KEYS), max_size=8), st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=6))
def test_any_csv(headers: list[str], rows: list[list[str]]) -> None:
    parse("\n".join([",".join(["action", "source", "destination", *headers]), *(",".join(cells) for cells in rows)]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_fixtures_with_some_places_changed(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TABLES))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(st.one_of(st.text(max_size=3), st.sampled_from(WORDS)))
        text = text[:place] + new + text[place + data.draw(st.integers(0, 5)) :]
    parse(text)
