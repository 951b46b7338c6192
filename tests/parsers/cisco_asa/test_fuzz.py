"""Any text at all: no exception, an end, and every line accounted for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.cisco.asa import PARSER
from tests.parsers.cisco_asa.reading import config

LINES = (Path(__file__).resolve().parents[3] / "fixtures" / "cisco_asa" / "dc-edge.cfg").read_text().splitlines()
ODD = (
    "access-list line 1 0 -1 99999999999 extended standard object-group object network service (hitcnt=3) (inactive) "
    "0x1 host :: 1.1.1.1 255.0.255.0 0.0.0.255 fqdn range eq log time-range user security-group \x00 é ² ٣ { } / 1/ "
    "::/129 ! name X; elements; interface ipv6 remark group-object network-object port-object no : permit"
)
WORDS = sorted({word for line in (*LINES, ODD) for word in line.split()})

lines = st.one_of(
    st.sampled_from(LINES),
    st.builds(
        lambda indent, words: " " * indent + " ".join(words),
        st.integers(0, 4),
        st.lists(st.sampled_from(WORDS), max_size=12),
    ),
    st.builds(
        lambda words: "access-list X extended permit " + " ".join(words),
        st.lists(st.sampled_from(WORDS), max_size=12),
    ),
    st.text(max_size=40).map(lambda text: "".join(text.splitlines())),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a line of the fixture with a word dropped, doubled, replaced, or cut off."""
    words = draw(st.sampled_from(LINES)).split(" ")
    position = draw(st.integers(0, len(words) - 1))
    how = draw(st.sampled_from(("drop", "double", "replace", "cut")))
    if how == "drop":
        del words[position]
    elif how == "double":
        words.insert(position, words[position])
    elif how == "replace":
        words[position] = draw(st.sampled_from(WORDS))
    else:
        del words[position + 1 :]
        words[position] = words[position][: draw(st.integers(0, 8))]
    return " ".join(words)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(lines, mutated()), max_size=30))
def test_any_lines(found: list[str]) -> None:
    text = config("\n".join(found))
    assert 0 <= PARSER.score(text) <= 100
    (device,) = PARSER.parse(text)
    assert device.source.lines.total == len(text.lines)
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in policy.rules:
            rule.match.terms(policy.families)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_fixture_with_some_lines_changed(data: st.DataObject) -> None:
    changed = list(LINES)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(mutated())
    (device,) = PARSER.parse(config("\n".join(changed)))
    assert device.source.lines.total == len(changed)
    assert sum(len(one.rules) for one in device.policies) >= 90


def test_deep_and_wide_groups_end() -> None:
    chain = [f"object-group network G{n}\n group-object G{n + 1}" for n in range(3_000)]
    web = [f"object-group network W{n}\n" + "\n".join(f" group-object W{m}" for m in range(n)) for n in range(60)]
    rules = ["access-list X extended permit ip object-group G0 object-group W59"]
    (device,) = PARSER.parse(config("\n".join([*chain, *web, *rules])))
    assert [one.code for one in device.diagnostics if one.line == 6000] == ["RC603"]


def test_deep_indentation_ends() -> None:
    text = config("\n".join(" " * n + "object network A" for n in range(2_000)))
    (device,) = PARSER.parse(text)
    assert device.source.lines.total == 2_000
