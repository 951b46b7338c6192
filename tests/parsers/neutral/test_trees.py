from __future__ import annotations

import json

import pytest

from parsers.neutral import PARSER
from parsers.neutral.yaml_text import read_yaml
from parsers.reading import ReadError
from rulecheck.model.device import ObjectUse
from rulecheck.model.rule import DENY, PERMIT
from tests.parsers.neutral.reading import FIXTURES, codes, config, policy, read, span

RULE = {"action": "permit", "source": "any", "destination": "10.0.0.1"}


def error(text: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        PARSER.parse(config(text))
    return caught.value


def test_the_fixture() -> None:
    device = read((FIXTURES / "shop.yaml").read_text(encoding="utf-8"))
    assert (device.name, device.source.lines.unknown, codes(device)) == ("shop-fw", 0, [])
    inbound, outbound = device.policies
    assert (inbound.default, inbound.applied_to, inbound.applied) == (DENY, ("outside in",), True)
    assert (outbound.default, outbound.applied) == (PERMIT, None)
    assert [rule.origin.line for rule in inbound.rules[:4]] == [27, 28, 29, 30]
    assert inbound.rules[0].match.destination is inbound.rules[2].match.destination
    assert inbound.rules[8].schedule is not None
    assert inbound.rules[8].schedule.text == "summer campaign, ends 2025-08-31"
    assert ObjectUse("inbound", 0, "object", "web") in device.uses
    assert ObjectUse("inbound", 8, "schedule", "campaign") in device.uses
    found = {(one.kind, one.name): one for one in device.objects}
    assert found["object", "web"].members == ("web-1", "web-2")
    assert found["object", "web"].content is inbound.rules[0].match.destination


@pytest.mark.parametrize(
    "value",
    [[RULE], {"rules": [RULE]}, {"policies": {"rules": [RULE]}}, {"policies": [{"name": "rules", "rules": [RULE]}]}],
)
def test_json_in_its_shapes(value: object) -> None:
    text = json.dumps(value, indent=1)
    assert PARSER.score(config(text)) > 60
    (found,) = policy(read(text)).rules
    assert found.match.destination.label == "10.0.0.1"


def test_lists_and_numbers() -> None:
    rule = {**RULE, "source": ["10.0.0.1", "10.0.0.2"], "protocol": [6, "udp"], "destination_port": 53}
    (found,) = policy(read(json.dumps({"rules": [rule]}))).rules
    assert found.match.services is not None
    assert found.match.services.elements[0].destination_ports == span(53)
    assert len(found.match.source.elements) == 2


def test_yaml_is_1_2() -> None:
    """Neither ``22:30`` is a number in base 60 nor ``no`` a truth value."""
    text = "rules:\n- {name: no, action: permit, source: any, destination: any, protocol: tcp, destination_port: 22:30}"
    (found,) = policy(read(text)).rules
    assert found.name == "no"
    assert found.match.services is not None
    assert found.match.services.elements[0].destination_ports == span(22, 30)


def test_aliases_are_followed() -> None:
    text = "objects:\n  a: &x [10.0.0.1, 10.0.0.2]\n  b: *x\nrules:\n- {action: permit, source: b, destination: any}\n"
    (found,) = policy(read(text)).rules
    assert len(found.match.source.elements) == 2


def test_alias_bombs_are_refused() -> None:
    bomb = ["a0: &a0 [" + ",".join(["x"] * 10) + "]"]
    bomb += [f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 12)]
    assert "multiply" in error("\n".join([*bomb, "rules: []"])).error.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rules:\n- {action: permit", 2, "malformed"),
        ("rules:\n  - a: 'x\n", 2, "malformed"),
        ("rules:\n- a: *nothing\n", 2, "no anchor"),
        ("rules:\n- {source: !10.0.0.0/8 , action: permit}\n", 2, "outside quotes"),
        ("rules:\n- ? [a]\n  : b\n", 2, "no plain text"),
        ("[" * 1000, 1, "levels"),
        ("a:\n" + "".join(" " * n + "- \n" for n in range(1, 400)), 1, ""),
        ("\tx: 1", 1, "malformed"),
    ],
)
def test_broken_text_is_one_clear_error(text: str, line: int, words: str) -> None:
    problem = error(f"{text}")
    assert words in problem.error.message
    assert problem.error.line >= line
    assert problem.error.remedy


@pytest.mark.parametrize("text", ["a:\n\n\n\n", "a: |\n x\n\n\n", "rules:\n- {name: a\u2028b}\n\n", "---\n...\n"])
def test_values_at_the_end_of_the_file_keep_inside_it(text: str) -> None:
    assert read(text).source.lines.total == len(text.split("\n")) - 1


def test_duplicate_keys_are_reported() -> None:
    device = read("rules:\n- action: permit\n  action: deny\n  source: any\n  destination: any\n")
    assert codes(device) == [("RC606", 3)]
    assert policy(device).rules[0].outcome == DENY


def test_lines_of_yaml() -> None:
    (root,) = read_yaml(config("a:\n  b: 1\n  c:\n    - x\n    - y\nd: |\n  text\n  more\n")).documents
    spans = {key: (node.line, node.end) for key, node in root.members.items()}
    assert spans["a"] == (2, 5)
    assert spans["d"][0] == 6
    assert root.at("a", "c") is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rules: [7]", "RC601"),
        ("rules: {a: b}", "RC601"),
        ("rules:\n- {action: permit, source: {a: 1}, destination: any}", "RC601"),
        ("rules:\n- {action: permit, source: [null], destination: any}", "RC601"),
        ("rules: []\nfrob: 1", "RC601"),
        ("format: other/2\nrules: []", "RC601"),
        ("policies: {a: 7}", "RC601"),
        ("policies: {a: {rules: [], frob: 1}}", "RC601"),
        ("policies: [{name: a, rules: []}, {name: a, rules: []}]", "RC606"),
        ("default: maybe\npolicies: {a: []}", "RC606"),
        ("rules:\n- {action: permit, source: any, destination: any, frob: 1}", "RC602"),
        ("objects: [a]\nrules: []", "RC601"),
        ("objects: {a: [b], b: [a]}\nrules:\n- {action: permit, source: a, destination: any}", "RC604"),
        ("services: {a: [a]}\nrules:\n- {action: permit, source: any, destination: any, service: a}", "RC604"),
    ],
)
def test_what_is_not_understood_is_reported(text: str, code: str) -> None:
    device = read(text)
    assert code in [one.code for one in device.diagnostics]
    assert any(one.affects_verdicts for one in device.diagnostics)
    for one in device.policies:
        assert all(rule.match.all_conditions() for rule in one.rules)


def test_deep_and_wide_objects_end() -> None:
    chain = {f"c{n}": [f"c{n + 1}"] for n in range(3_000)}
    wide = {f"w{n}": [f"w{m}" for m in range(n)] for n in range(50)}
    rule = {"action": "permit", "source": "c0", "destination": "w49"}
    device = read(json.dumps({"objects": {**chain, **wide}, "rules": [rule]}))
    assert {one.code for one in device.diagnostics} >= {"RC603"}
