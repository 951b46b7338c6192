from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set
from rulecheck.model.rule import DENY, PERMIT, Hits, Logging, Outcome, Verb
from tests.parsers.neutral.reading import codes, read, row, span, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any", ADDRESS_ALL),
        ("*", ADDRESS_ALL),
        ("any4", IPV4_ALL),
        ("any-ipv6", IPV6_ALL),
        ("10.0.0.1", span(0x0A000001)),
        ("10.1.2.3/16", span(0x0A010000, 0x0A01FFFF)),
        ("10.1.0.0/255.255.0.0", span(0x0A010000, 0x0A01FFFF)),
        ("10.0.0.1-10.0.0.9", span(0x0A000001, 0x0A000009)),
        ("10.0.0.1 - 10.0.0.9", span(0x0A000001, 0x0A000009)),
        ("10.0.0.1; 10.0.0.2,10.0.0.4", IntervalSet.points((0x0A000001, 0x0A000002, 0x0A000004))),
        ("::1", span(IPV6_BASE + 1)),
        ("::/120", span(IPV6_BASE, IPV6_BASE + 255)),
        ("!10.0.0.0/8", ADDRESS_ALL - span(0x0A000000, 0x0AFFFFFF)),
        ("not 0.0.0.0/1; not 128.0.0.0/1", IPV6_ALL),
    ],
)
def test_addresses(text: str, expected: IntervalSet) -> None:
    found = row(source=text).match
    assert IntervalSet.union_of(part.values for part in found.source.parts) == expected
    assert not found.all_conditions()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10.0.0.256", "RC606"), ("10.0.0.0/33", "RC606"), ("10.0.0.9-10.0.0.1", "RC606"), ("10.0.0.1-::1", "RC606"),
        ("10.0.0.0/255.0.255.0", "RC606"), ("web servers", "RC603"), ("10.0.0.1; !10.0.0.2", "RC606"), ("", "RC606"),
    ],
)  # fmt: skip
def test_addresses_that_are_not_understood_make_the_rule_inexact(text: str, code: str) -> None:
    device = read(f"action,source,destination\npermit,{text.replace(',', ';')},any")
    assert codes(device) == [(code, 2)]
    assert device.diagnostics[0].affects_verdicts
    assert not device.policies[0].rules[0].match.terms() or device.policies[0].rules[0].match.all_conditions()


def test_domain_names_are_a_test_by_name() -> None:
    found = row(destination="WWW.Example.com")
    assert [one.key for one in found.match.all_conditions()] == ["destination fqdn:www.example.com"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"protocol": "tcp"}, {Field.PROTOCOL: span(6)}),
        ({"protocol": "tcp;udp"}, {Field.PROTOCOL: IntervalSet.points((6, 17))}),
        ({"protocol": "tcp/udp", "dport": "53"},
         {Field.PROTOCOL: IntervalSet.points((6, 17)), Field.DESTINATION_PORT: span(53)}),
        ({"protocol": "6", "port": "80;443,8000-8100"},
         {Field.PROTOCOL: span(6), Field.DESTINATION_PORT: IntervalSet.of((80, 80), (443, 443), (8000, 8100))}),
        ({"protocol": "udp", "sport": "ntp", "dport": "ntp"},
         {Field.PROTOCOL: span(17), Field.SOURCE_PORT: span(123), Field.DESTINATION_PORT: span(123)}),
        ({"protocol": "icmp", "icmp_type": "3/4"}, {Field.PROTOCOL: span(1), Field.ICMP: span(0x304)}),
        ({"protocol": "icmpv6", "icmp_type": "128"}, {Field.PROTOCOL: span(58), Field.ICMP: span(0x8000, 0x80FF)}),
        ({"protocol": "ospf"}, {Field.PROTOCOL: span(89)}),
        ({"protocol": "any", "dport": "any"}, {}),
        ({"service": "tcp/443"}, {Field.PROTOCOL: span(6), Field.DESTINATION_PORT: span(443)}),
        ({"service": "443/tcp"}, {Field.PROTOCOL: span(6), Field.DESTINATION_PORT: span(443)}),
        ({"service": "icmp/8"}, {Field.PROTOCOL: span(1), Field.ICMP: span(0x800, 0x8FF)}),
        ({"service": "https"}, {Field.PROTOCOL: span(6), Field.DESTINATION_PORT: span(443)}),
        ({"service": "gre"}, {Field.PROTOCOL: span(47)}),
        ({"service": "any"}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_services(cells: dict[str, str], expected: dict[Field, IntervalSet]) -> None:
    (found,) = terms(row(**cells).match)
    assert {name: values for name, values in found.items() if name not in (Field.SOURCE, Field.DESTINATION)} == expected


@pytest.mark.parametrize(
    "cells",
    [
        {"protocol": "tpc"}, {"protocol": "256"}, {"protocol": "tcp", "dport": "70000"},
        {"protocol": "tcp", "dport": "9-1"},
        {"dport": "443"}, {"protocol": "gre", "dport": "443"}, {"protocol": "tcp", "icmp_type": "8"},
        {"icmp_type": "999"},
        {"service": "tcp/http/x"}, {"service": "frobnicate"}, {"service": "tcp/443", "protocol": "tcp"},
        {"action": "maybe"}, {"enabled": "perhaps"}, {"expires": "tomorrow"},
    ],
    ids=str,
)  # fmt: skip
def test_values_that_are_not_understood(cells: dict[str, str]) -> None:
    full = {"action": "permit", "source": "any", "destination": "any", **cells}
    device = read(f"{','.join(full)}\n{','.join(full.values())}")
    assert device.diagnostics
    assert all(one.line == 2 and one.affects_verdicts for one in device.diagnostics)
    (found,) = device.policies[0].rules
    assert found.match.all_conditions() or found.outcome.verb is Verb.OTHER
    assert found.match.may()


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Permit", PERMIT),
        ("allow", PERMIT),
        ("ACCEPT", PERMIT),
        ("drop", DENY),
        ("block", DENY),
        ("reject", Outcome(Verb.REJECT)),
    ],
)
def test_actions(word: str, outcome: Outcome) -> None:
    assert row(action=word).outcome == outcome


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("source_zone", Field.SOURCE_ZONE), ("to_zone", Field.DESTINATION_ZONE), ("in_interface", Field.IN_INTERFACE),
        ("oif", Field.OUT_INTERFACE), ("application", Field.APPLICATION), ("user", Field.USER),
    ],
)  # fmt: skip
def test_names(column: str, field: Field) -> None:
    (found,) = row(**{column: "a; b"}).match.constraints
    assert (found.field, found.values) == (field, name_set("a", "b"))
    (negated,) = row(**{column: "!a"}).match.constraints
    assert not negated.values.meets(name_set("a"))
    assert row(**{column: "any"}).match.constraints == ()


def test_facts_about_a_rule() -> None:
    found = row(name="web", enabled="no", log="yes", hits="1 234", comment='says "hi", twice')
    assert (found.name, found.enabled, found.disabled_because) == ("web", False, "disabled")
    assert (found.logging, found.hits) == (Logging("log"), Hits(1234))
    assert found.description == 'says "hi", twice'
    assert row(disabled="yes").enabled is False
    assert row(disabled="no", log="none").logging is None


def test_schedules_and_expiry() -> None:
    found = row(schedule="office hours", expires="2025-08-31")
    assert found.schedule is not None
    assert (found.schedule.name, found.schedule.ends) == ("office hours", datetime.fromisoformat("2025-08-31T23:59"))
    keys = [one.key for one in found.match.conditions]
    assert keys == ["time-range:office hours", "time-range:until 2025-08-31 23:59"]
    assert row(schedule="always").schedule is None
    timed = row(valid_until="2025-08-31 12:30").schedule
    assert timed is not None
    assert timed.ends == datetime.fromisoformat("2025-08-31T12:30")


def test_secrets_are_not_kept() -> None:
    text = "action,source,destination,comment,secret\npermit,any,any,password: hunter22x,psk=abc123def"
    assert "hunter22x" not in repr(read(text))
    assert "abc123def" not in repr(read(text))
