"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.juniper import PARSER
from tests.parsers.juniper.reading import FIXTURES, config
from tests.strategies import thorough

SET = (FIXTURES / "branch-srx.set").read_text(encoding="utf-8").splitlines()
CURLY = (FIXTURES / "edge-router.conf").read_text(encoding="utf-8").splitlines()
WORDS = sorted({word.strip(";") for line in (*SET, *CURLY) for word in line.split()})
ODD = [
    "",
    "{",
    "}",
    ";",
    "[",
    "]",
    '"',
    "/*",
    "*/",
    "#",
    "<*>",
    "<[>",
    "\u0663",
    "\u00b2",
    "::/0",
    "1.2.3.4/255.0.255.0",
    "1-2-3",
    "0x",
    "apply-groups",
    "apply-groups-except",
    "inactive:",
    "replace:",
    "delete",
    "insert",
    "before",
    "except",
    "any",
    "user@fw#",
    "[edit",
    "to",
]

words = st.lists(st.sampled_from([*WORDS, *ODD]) | st.text(max_size=5), max_size=10).map(" ".join)
VERBS = ["set", "deactivate", "delete", "insert", "rename", "replace", "activate", "edit", "user@fw> show", ""]
commands = st.tuples(st.sampled_from(VERBS), st.sampled_from(SET).map(lambda line: line.split(" ", 1)[1]), words)


def check(lines: list[str]) -> None:
    text = "\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines)
    source = config(text)
    assert 0 <= PARSER.score(source) <= 100
    for device in PARSER.parse(source):
        assert device.source.lines.total == len(source.lines)
        known = {(one.scope, one.name) for one in device.policies}
        for policy in device.policies:
            assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
            for rule in (*policy.rules, *policy.implicit):
                assert rule.calls is None or (policy.scope, rule.calls) in known
                rule.match.terms(policy.families)


@st.composite
def mutated(draw: st.DrawFn, lines: list[str]) -> str:
    """Cut, double or overwrite a part of a line of a fixture."""
    line = draw(st.sampled_from(lines))
    low, high = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    middle = draw(st.sampled_from(["", line[low:high] * 2, *ODD]) | words)
    return line[:low] + middle + line[high:]


@thorough(150)
@given(st.lists(mutated(SET) | words | commands.map(" ".join), max_size=14))
def test_commands(lines: list[str]) -> None:
    check(lines)


@thorough(150)
@given(st.lists(mutated(CURLY) | words, max_size=20))
def test_blocks(lines: list[str]) -> None:
    check(lines)


@thorough(60)
@given(data=st.data())
def test_a_configuration_with_a_few_damaged_lines(data: st.DataObject) -> None:
    fixture = data.draw(st.sampled_from([SET, CURLY]))
    lines = list(fixture)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 2))] = [data.draw(mutated(fixture) | words)]
    check(lines)
