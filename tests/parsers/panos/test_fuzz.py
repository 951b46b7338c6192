"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.paloalto.panos import PARSER
from parsers.reading import ReadError
from rulecheck.model.device import Device
from tests.parsers.panos.reading import FIXTURES, config
from tests.parsers.panos.test_forms import CURLY, SET, XML
from tests.strategies import thorough

FORMS = [SET, CURLY, XML, *(path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("*.[xs][em][tl]")))]
LINES = [line for text in FORMS for line in text.splitlines()]
PIECES = [
    *("<", ">", "</", "/>", "{", "}", ";", "[", "]", '"', "'", "&", "&amp;", "<!--", "<![CDATA[", "<?", "=", "\t"),
    *("set ", "delete ", "move ", "copy ", " to ", " top", "entry", "<entry name='a'>", "</entry>", "<member>", "any"),
    *("\u00b2", "\u0663", "10.0.0.0/8", "::1", "0-65536", "99999999999999999999", "rulebase", "security rules x "),
    *("device-group", "parent-dg", "static", "dynamic filter", "yes", "schedule-type", "protocol tcp port 1"),
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut, double or overwrite parts of a configuration."""
    text = draw(st.sampled_from(FORMS))
    for _ in range(draw(st.integers(1, 3))):
        low = draw(st.integers(0, len(text)))
        high = min(len(text), low + draw(st.integers(0, 200)))
        middle = draw(st.sampled_from(["", text[low:high] * 2, *PIECES]) | st.text(max_size=6))
        text = text[:low] + middle + text[high:]
    return text


def check(text: str) -> Device | None:
    source = config(text)
    assert 0 <= PARSER.score(source) <= 100
    try:
        (device,) = PARSER.parse(source)
    except ReadError as refused:
        if not (refused.error.message and refused.error.remedy):
            raise
        return None
    assert device.source.lines.total == len(source.lines)
    known = {(one.scope, one.name) for one in device.policies}
    assert len(known) == len(device.policies)
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in (*policy.rules, *policy.implicit):
            assert rule.calls is None or (policy.scope, rule.calls) in known
            rule.match.terms(policy.families)
    return device


@thorough(200)
@given(mutated())
def test_mutated_configurations(text: str) -> None:
    check(text)


@thorough(150)
@given(st.lists(st.sampled_from(LINES) | st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join), max_size=12))
def test_soup_of_lines(lines: list[str]) -> None:
    check("\n".join(lines))


@thorough(100)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    check(text)


CLAUSES = [line.split(" rules ")[1] for line in SET.splitlines() if " rules " in line]


@thorough(150)
@given(st.data())
def test_a_damaged_rule_is_never_exact_and_different_in_silence(data: st.DataObject) -> None:
    """Where a clause of a rule is damaged, the rule says the same, has another name or value, or is inexact."""
    lines = SET.splitlines()
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if " rules " in line]))
    line = lines[number]
    cut = data.draw(st.integers(line.index("security rules"), len(line)))
    lines[number] = line[:cut]
    device = check("\n".join(lines))
    assert device is not None
    troubled = any(one.affects_verdicts for one in device.diagnostics)
    rules = [rule for policy in device.policies for rule in policy.rules]
    whole = check(SET)
    assert whole is not None
    same = [rule.match.must() for rule in rules] == [rule.match.must() for rule in whole.policies[0].rules]
    description = " description " in line
    assert troubled or same or description or line[:cut].split()[-2:-1] == line.split()[-2:-1]
