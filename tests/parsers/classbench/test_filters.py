"""ClassBench filters: columns, wrong values, detection, and any text at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import registry
from parsers.base import ConfigText
from parsers.classbench import PARSER
from parsers.reading import read_file, split_lines
from rulecheck.engine import analyze_policies
from rulecheck.model.device import Device
from rulecheck.model.fields import IPV6_BASE, Field, tcp_flag_values
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "classbench" / "filters-69.rules"
START = "@10.0.0.0/8\t192.0.2.1/32\t0 : 65535\t80 : 80\t"


def config(text: str) -> ConfigText:
    return ConfigText("acl1.rules", hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), split_lines(text))


def read(text: str) -> Device:
    (device,) = PARSER.parse(config(text))
    assert device.source.lines.total == len(split_lines(text))
    return device


def match(text: str) -> Match:
    (found,) = read(text).policies[0].rules
    return found.match


def term(text: str) -> dict[Field, IntervalSet]:
    (found,) = match(text).terms()
    return dict(found.sets)


def one(value: int, high: int | None = None) -> IntervalSet:
    return IntervalSet(((value, value if high is None else high),))


def test_the_columns() -> None:
    assert term(START + "0x06/0xFF\t0x1000/0x1000\t") == {
        Field.SOURCE: one(0x0A000000, 0x0AFFFFFF),
        Field.DESTINATION: one(0xC0000201),
        Field.PROTOCOL: one(6),
        Field.DESTINATION_PORT: one(80),
        Field.TCP_FLAGS: tcp_flag_values(0x10, 0x10),
    }


@pytest.mark.parametrize(
    "end", ["0x06/0xFF", "0x06/0xFF\t", "0x06/0xFF 0x0000/0x0000", "6/255", "0x06/0xff\t0x1234/0x0000"]
)
def test_five_columns_and_columns_that_restrict_nothing(end: str) -> None:
    assert Field.TCP_FLAGS not in term(START + end)
    assert term(START + end)[Field.PROTOCOL] == one(6)


def test_spaces_instead_of_tabs_and_ranges_without_spaces() -> None:
    assert term("@10.0.0.0/8 192.0.2.1/32 1024:65535 53:53 0x11/0xFF")[Field.SOURCE_PORT] == one(1024, 65535)


def test_icmp_types_and_codes() -> None:
    text = "@10.0.0.0/8 0.0.0.0/0 0 : 65535 0 : 65535 0x01/0xFF "
    assert term(text + "0x0800/0xff00")[Field.ICMP] == one(0x800, 0x8FF)
    assert term(text + "0x0304/0xffff")[Field.ICMP] == one(0x304)


def test_masks_of_the_protocol() -> None:
    text = "@10.0.0.0/8 0.0.0.0/0 0 : 65535 0 : 65535 "
    assert Field.PROTOCOL not in term(text + "0x00/0x00")
    assert term(text + "0x10/0xFE")[Field.PROTOCOL] == one(16, 17)
    assert term(text + "0x01/0xFB")[Field.PROTOCOL] == IntervalSet.points((1, 5))


def test_ipv6() -> None:
    found = term("@2001:db8::/32 ::/0 0 : 65535 0 : 65535 0x3A/0xFF")
    assert found[Field.SOURCE].intervals[0][0] == IPV6_BASE + (0x20010DB8 << 96)


def test_ports_hold_for_every_protocol() -> None:
    found = term("@10.0.0.0/8 0.0.0.0/0 0 : 65535 80 : 80 0x00/0x00")
    assert found[Field.DESTINATION_PORT] == one(80)
    assert Field.PROTOCOL not in found


@pytest.mark.parametrize("end", ["0x11/0xFF 0x1000/0x1000", "0x06/0xFF 0x0010/0x0010", "0x06/0xFF 0x0000/0x0000 42"])
def test_what_is_not_known_is_a_condition(end: str) -> None:
    device = read(START + end)
    assert [(found.code, found.affects_verdicts) for found in device.diagnostics] == [("RC602", True)]
    assert not device.policies[0].rules[0].match.must()


@pytest.mark.parametrize(
    "text",
    [
        "@10.0.0.0/33 0.0.0.0/0 0 : 65535 0 : 65535 0x06/0xFF",
        "@10.0.0.256/8 0.0.0.0/0 0 : 65535 0 : 65535 0x06/0xFF",
        "@10.0.0.0 0.0.0.0/0 0 : 65535 0 : 65535 0x06/0xFF",
        "@10.0.0.0/8 0.0.0.0/0 9 : 5 0 : 65535 0x06/0xFF",
        "@10.0.0.0/8 0.0.0.0/0 0 : 65536 0 : 65535 0x06/0xFF",
        "@10.0.0.0/8 0.0.0.0/0 0 : 65535 0 : 65535 0x106/0xFF",
        "@10.0.0.0/8 0.0.0.0/0 0 : 65535 0 : 65535 0x06/0xFF 0x10000/0x10000",
        "@10.0.0.0/8 0.0.0.0/0",
        "@",
    ],
)
def test_malformed_filters_may_match_anything(text: str) -> None:
    device = read(text)
    assert [(found.code, found.line) for found in device.diagnostics] == [("RC601", 1)]
    (found,) = device.policies[0].rules
    assert found.match.all_conditions()
    assert device.source.lines.unknown == 1


def test_other_lines() -> None:
    device = read(f"# made by hand\n\n{START}0x06/0xFF\nnonsense\n")
    assert (device.source.lines.blank, device.source.lines.understood, device.source.lines.unknown) == (2, 1, 1)
    assert [found.line for found in device.diagnostics] == [4]


def test_flags_keep_apart_what_would_be_duplicates() -> None:
    """The published sets have filters that differ in the sixth column alone."""
    device = read(f"{START}0x06/0xFF 0x1000/0x1000\n{START}0x06/0xFF 0x0000/0x1000\n{START}0x06/0xFF 0x0000/0x0000")
    verdicts = analyze_policies(device.policies)[0].verdicts
    assert [verdicts[index].kind for index in range(3)] == [None, None, Kind.SHADOWED]


def test_filters_have_outcomes_of_their_own() -> None:
    first, second = read(f"{START}0x06/0xFF\n{START}0x06/0xFF").policies[0].rules
    assert (first.outcome.label, second.outcome.label) == ("filter 1", "filter 2")


def test_detection() -> None:
    assert PARSER.score(config(FIXTURE.read_text(encoding="utf-8"))) == 95
    for text in ("", "@import url(x)", "@10.0.0.1 hello", "access-list x permit ip any any"):
        assert PARSER.score(config(text)) == 0


def test_published_sets(corpus: Path) -> None:
    for path in sorted((corpus / "classbench").iterdir()):
        found = read_file(str(path))
        assert registry.detect(found) == "classbench"
        (device,) = PARSER.parse(found)
        assert device.diagnostics == ()
        assert len(device.policies[0].rules) == len(found.lines)
        assert not any(rule.match.all_conditions() for rule in device.policies[0].rules)


_PARTS = st.sampled_from(
    ("@", "10.0.0.0/8", "::/0", "/", "0", "65535", ":", " : ", "\t", " ", "0x06/0xFF", "0x00/0x00", "0x1000/0x1000",
     "99999999999", "0x", "²", "٣", "\ud800", "@0.0.0.0/0\t0.0.0.0/0\t0 : 65535\t0 : 65535\t",
     "0x55/0x55", "0xffff/0x5555")
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_PARTS, max_size=10).map("".join), max_size=8).map("\n".join))
def test_any_text(text: str) -> None:
    assert 0 <= PARSER.score(config(text)) <= 100
    for rule in read(text).policies[0].rules:
        rule.match.terms()
