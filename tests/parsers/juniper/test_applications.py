"""Applications, sets of them, and the built-in ones."""

from __future__ import annotations

import pytest

from parsers.juniper.vocabulary import table
from rulecheck.model.match import Service
from tests.parsers.juniper.reading import codes, sets, zone_policy

APP = "applications application x"


def services(*statements: str, name: str = "x") -> tuple[Service, ...]:
    found = zone_policy(f"match application {name}", more=statements).match.services
    assert found is not None
    return found.elements


def shape(one: Service) -> tuple[object, ...]:
    sets_ = (one.protocol, one.source_ports, one.destination_ports, one.icmp)
    return tuple(None if values is None else list(values) for values in sets_)


TCP, UDP = [(6, 6)], [(17, 17)]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["protocol tcp", "destination-port 80"], (TCP, None, [(80, 80)], None)),
        (["protocol 6", "destination-port https"], (TCP, None, [(443, 443)], None)),
        (["protocol udp", "source-port 1024-65535", "destination-port 53"], (UDP, [(1024, 65535)], [(53, 53)], None)),
        (["protocol tcp", "protocol udp"], (UDP, None, None, None)),
        (["protocol icmp", "icmp-type 8"], ([(1, 1)], None, None, [(2048, 2303)])),
        (["protocol icmp", "icmp-type echo-reply", "icmp-code 0"], ([(1, 1)], None, None, [(0, 0)])),
        (["protocol icmp6", "icmp6-type 128"], ([(58, 58)], None, None, [(128 * 256, 128 * 256 + 255)])),
        (["protocol 47"], ([(47, 47)], None, None, None)),
        (
            ["protocol tcp", "application-protocol ftp", "inactivity-timeout 60", "destination-port 21"],
            (TCP, None, [(21, 21)], None),
        ),
        (["term t protocol tcp destination-port 22 inactivity-timeout never"], (TCP, None, [(22, 22)], None)),
        (["term t protocol udp", "term t alg dns", "term t destination-port 53"], (UDP, None, [(53, 53)], None)),
    ],
)
def test_one_application(statements: list[str], expected: tuple[object, ...]) -> None:
    (one,) = services(*(f"{APP} {each}" for each in statements))
    assert shape(one) == expected
    assert one.condition is None


def test_terms_are_alternatives() -> None:
    found = services(f"{APP} term a protocol tcp", f"{APP} term a destination-port 1", f"{APP} term b protocol udp")
    assert [shape(one) for one in found] == [(TCP, None, [(1, 1)], None), (UDP, None, None, None)]


def test_nested_sets() -> None:
    found = services(
        f"{APP} protocol tcp",
        "applications application-set inner application x",
        "applications application-set inner application junos-ssh",
        "applications application-set outer application-set inner",
        "applications application-set outer application junos-dns-udp",
        name="outer",
    )
    assert [(one.text, one.origin.path) for one in found] == [
        ("x", ("outer", "inner")),
        ("junos-ssh", ("outer", "inner")),
        ("junos-dns-udp", ("outer",)),
    ]


def test_any_among_the_members_is_any() -> None:
    rule = zone_policy("match application s", more=("applications application-set s application any",))
    assert rule.match.services is None
    assert zone_policy("match application [ junos-ssh any ]").match.services is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("junos-http", [(TCP, None, [(80, 80)], None)]),
        ("junos-icmp-ping", [([(1, 1)], None, None, [(2048, 2303)])]),
        ("junos-icmp6-dst-unreach-port", [([(58, 58)], None, None, [(260, 260)])]),
        ("junos-gre", [([(47, 47)], None, None, None)]),
        ("junos-cifs", [(TCP, None, [(139, 139)], None), (TCP, None, [(445, 445)], None)]),
        ("junos-sip", [(UDP, None, [(5060, 5060)], None), (TCP, None, [(5060, 5060)], None)]),
    ],
)
def test_built_in_applications(name: str, expected: list[tuple[object, ...]]) -> None:
    assert [shape(one) for one in services(name=name)] == expected


def test_own_definitions_win_over_built_in_ones() -> None:
    (one,) = services("applications application junos-http protocol udp", name="junos-http")
    assert shape(one) == (UDP, None, None, None)


def test_rpc_applications_are_conditions() -> None:
    assert [one.condition.key for one in services(name="junos-ms-rpc-epm") if one.condition] == ["rpc:junos-ms-rpc-epm"]
    (one,) = services(f"{APP} protocol tcp", f"{APP} rpc-program-number 100003")
    assert one.condition is not None
    assert one.condition.key == "rpc:100003"


def test_every_built_in_application_and_set_can_be_read() -> None:
    known = {**table("applications", "applications.toml"), **table("sets", "applications.toml")}
    for name in known:
        for one in services(name=name):
            assert one.protocol, name
            assert all(one.sets().values()), name
    for members in table("sets", "applications.toml").values():
        assert set(members) <= set(known)


@pytest.mark.parametrize("name", ["missing", "junos-no-such-application"])
def test_undefined_applications(name: str) -> None:
    lines = [f"match application {name}"]
    rule = zone_policy(*lines)
    assert rule.match.must() == ()
    assert [one.key for one in rule.match.all_conditions()] == [f"application:{name}"]


def test_sets_that_contain_themselves() -> None:
    device = sets(
        "applications application-set s application-set t",
        "applications application-set t application-set s",
        "security policies from-zone a to-zone b policy P match application s",
    )
    assert ("RC604", 2) in codes(device)


@pytest.mark.parametrize(
    "statements",
    [
        ["destination-port 80"],
        ["protocol tcp", "destination-port 99999"],
        ["protocol tcp", "destination-port 90-80"],
        ["protocol no-such-protocol"],
        ["protocol gre", "destination-port 80"],
        ["protocol tcp", "icmp-type 8"],
        ["protocol tcp", "no-such-statement 1"],
        ["protocol tcp", "ether-type 0x800"],
    ],
)
def test_what_is_not_understood_makes_the_rule_inexact(statements: list[str]) -> None:
    rule = zone_policy("match application x", more=tuple(f"{APP} {one}" for one in statements))
    assert rule.match.must() == ()
    assert rule.match.may()
    device = sets(*(f"{APP} {one}" for one in statements))
    assert device.diagnostics


def test_equal_operands_are_one_object() -> None:
    start = "security policies from-zone a to-zone b policy"
    rules = sets(f"{start} P match application junos-ssh", f"{start} Q match application junos-ssh").policies[0].rules
    assert rules[0].match.services is rules[1].match.services


def test_large_sets_keep_what_differs_in_more_than_ports() -> None:
    lines = [f"applications application a{number} protocol tcp" for number in range(600)]
    lines += [f"applications application a{number} destination-port {number}" for number in range(600)]
    lines += [f"applications application-set s application a{number}" for number in range(600)]
    found = services(*lines, "applications application-set s application junos-dns-udp", name="s")
    assert [shape(one) for one in found] == [(TCP, None, [(0, 599)], None), (UDP, None, [(53, 53)], None)]
