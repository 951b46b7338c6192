"""Services: ports, ICMP, protocols, groups, negation, and those that FortiOS has from the factory."""

from __future__ import annotations

import pytest

from rulecheck.model.match import Services
from rulecheck.model.rule import Rule
from tests.parsers.fortios.reading import BASE, codes, entry, hits, item, policies, policy, read, rule, section


def service(*settings: str) -> Rule:
    return rule(BASE + section("firewall service custom", item("x", *settings)), service='"x"')


def test_destination_and_source_ports_of_several_protocols() -> None:
    one = service(
        "set protocol TCP/UDP/SCTP", "set tcp-portrange 1-2:3-4 10-11 13:6-7", "set udp-portrange 100",
        "set sctp-portrange 200 201:300",
    )  # fmt: skip
    assert hits(one.match, protocol=6, destination_port=2, source_port=4)
    assert not hits(one.match, protocol=6, destination_port=2, source_port=5)
    assert hits(one.match, protocol=6, destination_port=11, source_port=60000)
    assert hits(one.match, protocol=17, destination_port=100)
    assert not hits(one.match, protocol=17, destination_port=13, source_port=6)
    assert hits(one.match, protocol=132, destination_port=201, source_port=300)


def test_icmp_types_and_codes() -> None:
    one = service("set protocol ICMP", "set icmptype 3", "set icmpcode 4")
    assert hits(one.match, protocol=1, icmp=3 * 256 + 4)
    assert not hits(one.match, protocol=1, icmp=3 * 256)
    every = service("set protocol ICMP", "set icmptype 5", "set icmpcode 1", "unset icmptype")
    assert hits(every.match, protocol=1, icmp=8 * 256)
    assert hits(service("set protocol ICMP6").match, protocol=58)


def test_icmp_type_zero_is_echo_reply_and_not_any() -> None:
    assert not hits(service("set protocol ICMP", "set icmptype 0").match, protocol=1, icmp=8 * 256)


def test_protocol_numbers() -> None:
    assert hits(service("set protocol IP", "set protocol-number 89").match, protocol=89)
    assert not hits(service("set protocol IP", "set protocol-number 89").match, protocol=6)
    assert service("set protocol IP").match.services is None
    assert service("set protocol IP", "set protocol-number 0").match.services is None


def test_another_protocol_drops_what_was_set_before() -> None:
    one = service(
        "set protocol IP", "set protocol-number 254", "set protocol ICMP", "set icmptype 9", "set protocol IP"
    )
    assert one.match.services is None


@pytest.mark.parametrize(
    "setting", ["set tcp-portrange 99999", "set tcp-portrange 20-10", "set tcp-portrange x", "set comment none"]
)
def test_bad_services_are_reported_and_inexact(setting: str) -> None:
    device = policies(entry(service='"x"'), before=BASE + section("firewall service custom", item("x", setting)))
    assert [code for code, _ in codes(device)] == ["RC606"]
    assert policy(device).rules[0].match.must((4,)) == ()


def test_services_restricted_to_addresses_or_proxies_are_conditional() -> None:
    for settings in (["set tcp-portrange 80", 'set fqdn "a.example"'], ["set protocol ALL", "set tcp-portrange 80"]):
        one = service(*settings)
        assert one.match.must((4,)) == ()
        assert one.match.may((4,)) != ()
    assert service("set tcp-portrange 80", "set iprange 0.0.0.0", "set fqdn ''").match.must((4,)) != ()


GROUPED = BASE + section(
    "firewall service custom", item("a", "set tcp-portrange 80"), item("b", "set udp-portrange 53")
) + section(
    "firewall service group", item("inner", 'set member "b"'), item("g", 'set member "a" "inner"'),
    item("loop", 'set member "loop2"'), item("loop2", 'set member "loop"'), item("none"),
)  # fmt: skip


def test_groups_nest_and_keep_the_path() -> None:
    services = rule(GROUPED, service='"g"').match.services
    assert services is not None
    assert [(one.text, one.origin.path) for one in services.elements] == [("a", ("g",)), ("b", ("g", "inner"))]


def test_cycles_and_empty_groups() -> None:
    device = policies(entry(1, service='"loop"'), entry(2, service='"none"'), before=GROUPED)
    assert "RC604" in {code for code, _ in codes(device)}
    first, second = policy(device).rules
    assert first.match.must((4,)) == ()
    assert second.match.may((4,)) == ()


def test_factory_services_need_no_definition() -> None:
    one = rule(service='"HTTPS" "PING" "RSH"')
    assert hits(one.match, protocol=6, destination_port=443)
    assert hits(one.match, protocol=1, icmp=8 * 256)
    assert hits(one.match, protocol=6, destination_port=514, source_port=600)
    assert not hits(one.match, protocol=6, destination_port=514, source_port=6000)
    assert hits(rule(service='"Windows AD"').match, protocol=17, destination_port=88)


def test_a_definition_in_the_file_wins_over_the_factory() -> None:
    before = BASE + section("firewall service custom", item("HTTPS", "set tcp-portrange 8443"))
    assert not hits(rule(before, service='"HTTPS"').match, protocol=6, destination_port=443)


def test_undefined_services_are_inexact() -> None:
    device = policies(entry(service='"ghost"'))
    assert [code for code, _ in codes(device)] == ["RC603"]
    assert policy(device).rules[0].match.must((4,)) == ()


def test_negated_services() -> None:
    one = rule(GROUPED, service='"g" "PING" "RSH"', service_negate="enable")
    assert not hits(one.match, protocol=6, destination_port=80)
    assert hits(one.match, protocol=6, destination_port=81)
    assert hits(one.match, protocol=17, destination_port=80)
    assert not hits(one.match, protocol=17, destination_port=53)
    assert not hits(one.match, protocol=1, icmp=8 * 256)
    assert hits(one.match, protocol=1, icmp=0)
    assert not hits(one.match, protocol=6, destination_port=514, source_port=600)
    assert hits(one.match, protocol=6, destination_port=514, source_port=60)
    assert hits(one.match, protocol=47)


def test_every_service_negated_is_none() -> None:
    assert rule(service='"ALL"', service_negate="enable").match.may((4,)) == ()


def test_services_are_shared_between_rules() -> None:
    first, second = policy(policies(entry(1, service='"g"'), entry(2, service='"g"'), before=GROUPED)).rules
    assert first.match.services is second.match.services
    assert first.match.source is second.match.source


def test_objects_have_their_services() -> None:
    found = {one.name: one for one in read(GROUPED).objects}
    content = found["g"].content
    assert isinstance(content, Services)
    assert len(content.elements) == 2
    assert found["g"].kind == "service group"
