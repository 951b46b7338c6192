"""Any answer at all: no exception but the one for broken JSON, an end, and every line accounted for."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.checkpoint import PARSER
from parsers.json_text import JsonError
from tests.parsers.checkpoint.reading import ANY, FIXTURES, config, layer, policy, read, rule, thing

FIXTURE = (FIXTURES / "edge-policy.json").read_text(encoding="utf-8")
KEYS = (
    "uid", "name", "type", "rulebase", "objects-dictionary", "members", "include", "except", "source", "destination",
    "service", "action", "inline-layer", "time", "vpn", "content", "install-on", "track", "hits", "value", "from", "to",
    "total", "rule-number",
    "ipv4-address", "subnet4", "mask-length4", "port", "source-port", "icmp-type", "ip-protocol",
    "interfaces", "end", "iso-8601", "enabled", "source-negate", "service-negate", "access-layers", "custom-fields",
)  # fmt: skip
WORDS = (
    "access-rule", "access-section", "access-layer", "host", "network", "group", "group-with-exclusion", "service-tcp",
    "service-group", "service-other", "application-site", "security-zone", "time", "package", "place-holder", ANY,
    "Accept", "Inner Layer", "uid-1", "uid-2", "10.0.0.1", "::1", "80", ">1023", "\ud800", "", "²",
)  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)),
    max_leaves=25,
)


def parse(text: str) -> None:
    found = config(text)
    assert 0 <= PARSER.score(found) <= 100
    try:
        (device,) = PARSER.parse(found)
    except JsonError as problem:
        assert problem.error.message and problem.error.remedy  # noqa: PT017, PT018
        return
    assert device.source.lines.total == len(found.lines)
    for one in device.policies:
        assert [each.index for each in one.rules] == list(range(len(one.rules)))
        for each in one.rules:
            each.match.terms(one.families)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values)
def test_any_answer(value: object) -> None:
    parse(json.dumps(value))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(KEYS), values, max_size=8),
    st.dictionaries(st.sampled_from(KEYS), values, max_size=8),
)
def test_any_rule_and_object(columns: dict[str, Any], members: dict[str, Any]) -> None:
    found = {**rule(source=["uid-1"], service=["uid-1"]), **columns}
    parse(json.dumps(layer(found, objects=[{**thing("host", "1"), **members}, thing("group", "2", members=["uid-1"])])))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_fixture_with_some_places_changed(data: st.DataObject) -> None:
    text = FIXTURE
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(
            st.one_of(st.text(max_size=3), st.sampled_from(('"', "{", "}", "[", "]", ",", "null", "-1", "uid")))
        )
        text = text[:place] + new + text[place + data.draw(st.integers(0, 5)) :]
    parse(text)


def test_long_chains_of_groups_and_exclusions_end() -> None:
    deep = [thing("group", f"G{n}", members=[f"uid-G{n + 1}"]) for n in range(3_000)]
    ring = [
        thing("group-with-exclusion", f"X{n}", include=f"uid-X{(n + 1) % 500}", except_=f"uid-X{(n + 7) % 500}")
        for n in range(500)
    ]
    wide = [thing("group", f"W{n}", members=[f"uid-W{m}" for m in range(n)]) for n in range(60)]
    columns = {"source": ["uid-G0", "uid-X0"], "destination": ["uid-W59"]}
    device = read(layer(rule(**columns), objects=[*deep, *ring, *wide]))
    assert {one.code for one in device.diagnostics} >= {"RC603", "RC604"}
    assert policy(device).rules[0].match.all_conditions()
