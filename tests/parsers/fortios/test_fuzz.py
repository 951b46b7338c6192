"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.fortinet.fortios import PARSER
from parsers.fortinet.fortios.sections import NOT_MODELLED, READ
from parsers.fortinet.fortios.settings import KNOWN
from rulecheck.model.device import Device
from tests.parsers.fortios.reading import FIXTURES, config
from tests.strategies import thorough

LINES = (FIXTURES / "branch-gw.conf").read_text(encoding="utf-8").splitlines()
STRUCTURE = [line for line in LINES if line.split()[:1] in (["config"], ["end"], ["next"], ["edit"])]
WORDS = [
    *sorted(KNOWN), *sorted(READ), *sorted(NOT_MODELLED), "config", "edit", "next", "end", "set", "unset", "append",
    "unselect", "move", "before", "after", "rename", "to", "clone", "delete", "purge", "vdom", "global", "root", "0",
    "1", "enable", "disable", "all", "any", "ALL", "none", "always", "10.0.0.0", "255.255.0.0", "10.0.0.0/8", "1-2:3-4",
    "65536", "²", "٣", '"', "\\", "''", "member", "subnet", "type", "iprange", "#", "--More--", "FGT #", "WEB_FARM",
    "VIP_WEB",
]  # fmt: skip

words = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=8).map(" ".join)
commands = st.tuples(st.sampled_from(["set ", "config ", "edit ", "append ", "", "next", "end", "move "]), words).map(
    "".join
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut, double or overwrite a part of a line of the fixture."""
    line = draw(st.sampled_from(LINES))
    low, high = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    return line[:low] + draw(st.sampled_from(["", line[low:high] * 2]) | words) + line[high:]


def check(lines: list[str]) -> Device:
    source = config("\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines))
    assert 0 <= PARSER.score(source) <= 100
    (device,) = PARSER.parse(source)
    assert device.source.lines.total == len(source.lines)
    assert len({one.name for one in device.policies}) == len(device.policies)
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in policy.rules:
            rule.match.terms(policy.families)
    return device


@thorough(200)
@given(st.lists(commands | st.sampled_from(STRUCTURE), max_size=25))
def test_token_soup(lines: list[str]) -> None:
    check(["config firewall policy", "edit 1", *lines])


@thorough(60)
@given(st.data())
def test_mutated_configurations(data: st.DataObject) -> None:
    """Damage a few lines in the middle of the whole fixture."""
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + 1] = data.draw(st.lists(mutated() | commands, max_size=2))
    check(lines)


@thorough(60)
@given(st.integers(0, len(LINES)), st.integers(0, len(LINES)))
def test_any_part_of_a_configuration(one: int, two: int) -> None:
    check(LINES[min(one, two) : max(one, two)])
