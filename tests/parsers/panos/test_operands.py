"""Addresses, services and applications of a rule."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from parsers.paloalto.panos import PARSER, addresses
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.names import encode_name
from tests.parsers.panos.reading import codes, config, device, match, policy, read, takes


def ip(text: str) -> int:
    return int(ip_address(text)) + (IPV6_BASE if ":" in text else 0)


def in_source(more: str, address: str, truths: dict[str, bool] | None = None, **clauses: str) -> bool:
    other = ip("2001:db8::1") if ":" in address else ip("192.0.2.1")
    return takes(match(more, **clauses), truths, source=ip(address), destination=other)


OBJECTS = """set address net ip-netmask 10.1.2.3/16
set address host ip-netmask 10.9.0.1
set address range ip-range 10.8.0.5-10.8.0.7
set address wild ip-wildcard 10.20.1.0/0.0.248.255
set address six ip-netmask 2001:db8::/32
set address name fqdn WWW.example.com
set address-group inner static [ host range ]
set address-group outer static [ inner net ]
set address-group tagged dynamic filter "'web' and 'prod'"
set region lab address [ 172.20.0.0/16 172.30.0.1-172.30.0.9 ]
set external-list bad type ip url https://example.com/bad.txt
"""


@pytest.mark.parametrize(
    ("source", "inside", "outside"),
    [
        ("net", "10.1.255.255", "10.2.0.0"),
        ("host", "10.9.0.1", "10.9.0.2"),
        ("range", "10.8.0.7", "10.8.0.8"),
        ("wild", "10.20.9.77", "10.20.2.1"),
        ("six", "2001:db8:ffff::1", "10.0.0.1"),
        ("outer", "10.8.0.5", "10.8.0.4"),
        ("lab", "172.30.0.9", "172.31.0.1"),
        ("192.0.2.0/25", "192.0.2.127", "192.0.2.128"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.7-192.0.2.9", "192.0.2.8", "192.0.2.10"),
        ("2001:db8::5", "2001:db8::5", "2001:db8::6"),
        ("[ host 198.51.100.0/24 ]", "198.51.100.9", "198.51.101.9"),
    ],
)
def test_exact_addresses(source: str, inside: str, outside: str) -> None:
    assert in_source(OBJECTS, inside, source=source)
    assert not in_source(OBJECTS, outside, source=source)
    assert in_source(OBJECTS, outside, source=source, negate_source="yes")
    assert not in_source(OBJECTS, inside, source=source, negate_source="yes")
    assert not device(OBJECTS, source=source).diagnostics


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("name", "source fqdn:www.example.com"),
        ("tagged", "source tags:'web' and 'prod'"),
        ("bad", "source external-list:vsys1/bad"),
        ("DE", "source region:DE"),
        ("panw-highrisk-ip-list", "source external-list:panw-highrisk-ip-list"),
    ],
)
def test_addresses_that_are_not_known_are_tests_by_name(source: str, key: str) -> None:
    found = match(OBJECTS, source=source)
    assert [one.key for one in found.all_conditions()] == [key]
    assert not found.must()
    assert in_source(OBJECTS, "10.0.0.1", {key: True}, source=source)
    assert not in_source(OBJECTS, "10.0.0.1", {key: False}, source=source)
    assert in_source(OBJECTS, "10.0.0.1", {key: False}, source=source, negate_source="yes")


def test_any_is_both_families_and_the_negation_of_any_is_nothing() -> None:
    assert {part.family for part in match().source.parts} == {4, 6}
    assert match(source="any", negate_source="yes").terms() == ()


def test_an_element_says_where_it_comes_from() -> None:
    found = match(OBJECTS, source="outer").source
    first = found.elements[0]
    assert (first.text, first.origin.line, first.origin.path) == ("10.9.0.1", 9, ("outer", "inner", "host"))
    assert found.label == "outer"


def test_an_object_comes_before_a_literal_of_the_same_spelling() -> None:
    more = "set address 11.11.11.11 ip-netmask 10.10.10.10\n"
    assert in_source(more, "10.10.10.10", source="11.11.11.11")
    assert not in_source(more, "11.11.11.11", source="11.11.11.11")


@pytest.mark.parametrize(
    ("more", "source", "code"),
    [
        ("", "nowhere", "RC603"),
        ("", "10.0.0.300", "RC606"),
        ("", "10.0.0.9-10.0.0.1", "RC606"),
        ("", "10.0.0.1-2001:db8::1", "RC606"),
        ("set address a ip-netmask 10.0.0.0/33\n", "a", "RC606"),
        ("set address a description x\n", "a", "RC606"),
        ("set address-group g static [ g ]\n", "g", "RC604"),
        ("set address-group g static h\nset address-group h static [ 10.0.0.1 g ]\n", "h", "RC604"),
    ],
)
def test_addresses_that_cannot_be_read_make_the_rule_inexact(more: str, source: str, code: str) -> None:
    found = device(more, source=source)
    assert {one.code for one in found.diagnostics} == {code}
    assert all(one.affects_verdicts for one in found.diagnostics)
    assert policy(found).rules[0].match.all_conditions()


def test_an_empty_group_matches_nothing() -> None:
    assert match("set address-group g\n", source="g").terms() == ()


def test_a_bomb_of_groups_stays_small() -> None:
    lines = ["set address-group g0 static [ 10.0.0.1 10.0.0.2 ]"]
    lines += [f"set address-group g{n} static [ g{n - 1} g{n - 1} 10.1.0.{n} ]" for n in range(1, 200)]
    elements = match("\n".join(lines) + "\n", source="g199").source.elements
    assert len(elements) == 201


def test_groups_may_be_nested_deeper_than_the_stack() -> None:
    lines = ["set address-group g0 static 10.0.0.1"]
    lines += [f"set address-group g{n} static g{n - 1}" for n in range(1, 3_000)]
    assert [one.text for one in match("\n".join(lines) + "\n", source="g2999").source.elements] == ["10.0.0.1"]


SERVICES = """set service web protocol tcp port 80,8080-8090
set service odd protocol udp port 53 source-port 1024-65535
set service s protocol sctp port 2905
set service-group both members [ web odd ]
"""


@pytest.mark.parametrize(
    ("service", "protocol", "source_port", "port", "inside"),
    [
        ("web", 6, 1, 8085, True),
        ("web", 6, 1, 8091, False),
        ("web", 17, 1, 80, False),
        ("odd", 17, 1023, 53, False),
        ("odd", 17, 1024, 53, True),
        ("both", 17, 1024, 53, True),
        ("both", 6, 1, 80, True),
        ("s", 132, 0, 2905, True),
        ("service-http", 6, 0, 8080, True),
        ("service-https", 6, 0, 443, True),
        ("service-https", 6, 0, 80, False),
        ("[ service-https odd ]", 6, 0, 443, True),
        ("any", 47, 0, 0, True),
    ],
)
def test_services(service: str, protocol: int, source_port: int, port: int, *, inside: bool) -> None:
    found = match(SERVICES, service=service)
    assert takes(found, protocol=protocol, source_port=source_port, destination_port=port) == inside
    assert not device(SERVICES, service=service).diagnostics


def test_a_service_of_the_configuration_replaces_the_predefined_one() -> None:
    found = match("set service service-http protocol tcp port 8000\n", service="service-http")
    assert takes(found, protocol=6, destination_port=8000)
    assert not takes(found, protocol=6, destination_port=80)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", "RC603"),
        ("set service x protocol tcp port 70000\n", "RC606"),
        ("set service x protocol tcp port 9-1\n", "RC606"),
        ("set service x protocol tcp port 1 magic yes\n", "RC606"),
        ("set service x protocol quic port 1\n", "RC606"),
        ("set service x description none\n", "RC606"),
        ("set service-group x members x\n", "RC604"),
    ],
)
def test_services_that_cannot_be_read_make_the_rule_inexact(more: str, code: str) -> None:
    found = device(more, service="x")
    assert {one.code for one in found.diagnostics} == {code}
    assert not policy(found).rules[0].match.must()


APPS = """set application mine default port [ tcp/9000-9001 udp/dynamic ]
set application tunnel default ident-by-ip-protocol 47
set application-group std members [ dns mine ]
set application-filter risky risk 5
"""


def test_applications_are_values() -> None:
    found = match(APPS, application="[ ssh std ]")
    (constraint,) = found.constraints
    assert constraint.field is Field.APPLICATION
    assert constraint.text == "ssh, std"
    for name in ("ssh", "dns", "mine"):
        assert encode_name(name) in constraint.values
    assert encode_name("ssl") not in constraint.values
    assert not found.choices


def test_a_filter_is_a_test_by_name() -> None:
    found = match(APPS, application="risky")
    assert [one.key for one in found.all_conditions()] == ["application-filter:vsys1/risky"]


def test_an_application_that_is_not_known_may_stand_for_others() -> None:
    found = match(application="chatter")
    assert takes(found, {}, application="chatter")
    key = "application-container:chatter"
    assert takes(found, {key: True}, application="chatter-video")
    assert not takes(found, {key: False}, application="chatter-video")
    assert not takes(found, {key: True}, application="other")


@pytest.mark.parametrize(
    ("application", "packet", "inside"),
    [
        ("[ dns ssh ]", {"application": "dns", "protocol": 17, "destination_port": 53}, True),
        ("[ dns ssh ]", {"application": "ssh", "protocol": 6, "destination_port": 22}, True),
        ("[ dns ssh ]", {"application": "ssh", "protocol": 6, "destination_port": 53}, False),
        ("[ dns ssh ]", {"application": "ssh", "protocol": 17, "destination_port": 22}, False),
        ("mine", {"application": "mine", "protocol": 6, "destination_port": 9001}, True),
        ("tunnel", {"application": "tunnel", "protocol": 47}, True),
        ("tunnel", {"application": "tunnel", "protocol": 50}, False),
        ("ping", {"application": "ping", "protocol": 1, "icmp": 2048}, True),
    ],
)
def test_each_application_on_its_own_default_ports(
    application: str, packet: dict[str, int | str], *, inside: bool
) -> None:
    found = match(APPS, application=application, service="application-default")
    doubtful = {one.key: False for one in found.all_conditions()}
    assert takes(found, doubtful, **packet) == inside


def test_default_ports_that_are_not_certain_are_tests() -> None:
    secure = match(application="web-browsing", service="application-default")
    keys = [one.key for one in secure.all_conditions()]
    assert keys == ["application-port:web-browsing/0"]
    for truth in (True, False):
        found = takes(secure, {keys[0]: truth}, application="web-browsing", protocol=6, destination_port=443)
        assert found == truth
    dynamic = match(APPS, application="mine", service="application-default")
    assert takes(dynamic, {"application-port:mine/0": True}, application="mine", protocol=17, destination_port=7)


def test_default_ports_that_are_not_known_are_one_test() -> None:
    found = match(application="chatter-base", service="application-default")
    key = "application-default:chatter-base"
    assert takes(found, {key: True}, application="chatter-base", protocol=6, destination_port=1)
    assert not takes(found, {key: False}, application="chatter-base", protocol=6, destination_port=1)


def test_any_application_on_default_ports_has_at_least_the_known_ones() -> None:
    found = match(service="application-default")
    off = {"application-default:any": False}
    assert takes(found, off, application="ssh", protocol=6, destination_port=22)
    assert not takes(found, off, application="ssh", protocol=6, destination_port=23)
    assert takes(found, {"application-default:any": True}, application="x", protocol=6, destination_port=23)


def test_default_ports_of_the_predefined_section_are_read() -> None:
    text = """<config><predefined><application><entry name="chatter-base"><default><port>
<member>tcp/4443</member></port></default></entry></application></predefined>
<devices><entry name="d"><vsys><entry name="vsys1"><rulebase><security><rules><entry name="r">
<from><member>any</member></from><to><member>any</member></to><source><member>any</member></source>
<destination><member>any</member></destination><application><member>chatter-base</member></application>
<service><member>application-default</member></service><action>allow</action>
</entry></rules></security></rulebase></entry></vsys></entry></devices></config>"""
    found = policy(read(text)).rules[0].match
    assert takes(found, application="chatter-base", protocol=6, destination_port=4443)
    assert not found.all_conditions()


def test_a_group_of_applications_that_contains_itself_is_reported_once() -> None:
    found = device("set application-group g members [ ssh g ]\n", application="g")
    assert codes(found) == [("RC604", 8)]


def test_wildcards_that_are_too_many_ranges_together_are_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MAX_PARTS", 600)
    wildcards = [*(f"10.0.{n}.0/0.255.0.255" for n in range(3)), "10.0.0.0/0.255.255.255"]
    lines = [f"set address a{n} ip-wildcard {text}" for n, text in enumerate(wildcards)]
    names = " ".join(f"a{n}" for n in range(len(wildcards)))
    lines.append(
        f"set rulebase security rules r from any to any source [ {names} ] destination any application any "
        "service any action allow"
    )
    (found,) = PARSER.parse(config("\n".join(lines)))
    elements = found.policies[0].rules[0].match.source.elements
    assert [one.condition is None for one in elements] == [True, True, False, True]
