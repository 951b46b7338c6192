"""Object groups: members, nesting, references that lead nowhere or in a circle."""

from __future__ import annotations

from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from tests.parsers.cisco_ios.reading import between, between6, device, field, points, policy, v4

GROUPS = """\
    object-group network WEB
     description public servers
     host 192.0.2.1
     192.0.2.16 255.255.255.240
     range 192.0.2.40 192.0.2.50
    object-group network ALL
     group-object WEB
     198.51.100.0 /25
    object-group service PORTS
     tcp eq www
     tcp source gt 1023 eq 8443
     udp range 5000 5010
     tcp-udp eq domain
     icmp echo
     esp
     tcp 8080
    ip access-list extended X
     permit object-group PORTS any object-group ALL
     permit tcp object-group WEB any eq 22
     permit PORTS any object-group WEB
    """


def test_network_groups_are_unions_with_netmasks() -> None:
    rule = policy(GROUPS).rules[1]
    web = IntervalSet.of(
        (v4("192.0.2.1"), v4("192.0.2.1")), (v4("192.0.2.16"), v4("192.0.2.31")), (v4("192.0.2.40"), v4("192.0.2.50"))
    )
    assert field(rule, Field.SOURCE) == web
    nested = web | between(v4("198.51.100.0"), v4("198.51.100.127"))
    assert {term.sets[Field.DESTINATION] for term in policy(GROUPS).rules[0].match.terms((4,))} == {nested}


def test_members_say_where_they_come_from() -> None:
    elements = policy(GROUPS).rules[0].match.destination.elements
    by_text = {element.text: element.origin for element in elements}
    assert by_text["host 192.0.2.1"].line == 3
    assert by_text["host 192.0.2.1"].path == ("ALL", "WEB")
    assert by_text["198.51.100.0 /25"].path == ("ALL",)


def test_service_groups() -> None:
    services = policy(GROUPS).rules[0].match.services
    assert services is not None
    assert services.label == "object-group PORTS"
    found = [(one.protocol, one.source_ports, one.destination_ports, one.icmp) for one in services.elements]
    tcp, udp = points(6), points(17)
    assert found == [
        (tcp, None, points(80), None),
        (tcp, between(1024, 65535), points(8443), None),
        (udp, None, between(5000, 5010), None),
        (points(6, 17), None, points(53), None),
        (points(1), None, None, between(8 * 256, 8 * 256 + 255)),
        (points(50), None, None, None),
        (tcp, None, points(8080), None),
    ]


def test_resolved_groups_are_shared() -> None:
    first, _, third = policy(GROUPS).rules
    again = policy(GROUPS + "     permit ip any object-group ALL\n").rules
    assert first.match.services is not None
    assert third.match.services is not None
    assert first.match.services.elements == third.match.services.elements
    assert again[0].match.destination is again[3].match.destination


def test_uses_and_definitions() -> None:
    found = device(GROUPS)
    assert [(one.kind, one.name, one.members) for one in found.objects] == [
        ("network-group", "WEB", ()),
        ("network-group", "ALL", ("WEB",)),
        ("service-group", "PORTS", ()),
    ]
    assert [(use.rule, use.kind, use.name) for use in found.uses] == [
        (0, "service-group", "PORTS"),
        (0, "network-group", "ALL"),
        (1, "network-group", "WEB"),
        (2, "service-group", "PORTS"),
        (2, "network-group", "WEB"),
    ]
    assert found.diagnostics == ()


def test_an_empty_group_matches_nothing() -> None:
    rule = policy("object-group network NONE\nip access-list extended X\n permit ip any object-group NONE\n").rules[0]
    assert rule.match.terms((4,)) == ()


def test_an_undefined_group_is_not_exact_and_its_sides_are_different_tests() -> None:
    text = (
        "ip access-list extended X\n permit ip object-group GONE object-group GONE\n permit ip object-group GONE any\n"
    )
    found = device(text)
    first, second = found.policies[0].rules
    assert [one.key for one in first.match.all_conditions()] == [
        "source object-group:GONE",
        "destination object-group:GONE",
    ]
    assert [one.key for one in second.match.all_conditions()] == ["source object-group:GONE"]
    assert {one.code for one in found.diagnostics} == {"RC603"}
    assert all(one.affects_verdicts for one in found.diagnostics)


def test_an_undefined_nested_group_keeps_the_known_members_exact() -> None:
    text = """\
    object-group network A
     host 192.0.2.1
     group-object GONE
    ip access-list extended X
     permit ip object-group A any
    """
    (must,) = policy(text).rules[0].match.must((4,))
    assert must.sets[Field.SOURCE] == points(v4("192.0.2.1"))
    assert [(one.code, one.line) for one in device(text).diagnostics] == [("RC603", 3)]


def test_a_circle_is_reported_once_and_adds_nothing() -> None:
    text = """\
    object-group network A
     host 192.0.2.1
     group-object B
    object-group network B
     host 192.0.2.2
     group-object A
    ip access-list extended X
     permit ip object-group A any
    """
    found = device(text)
    assert [(one.code, one.line) for one in found.diagnostics] == [("RC604", 6)]
    assert field(found.policies[0].rules[0], Field.SOURCE) == points(v4("192.0.2.1"), v4("192.0.2.2"))


def test_a_group_inside_itself() -> None:
    found = device("object-group network A\n group-object A\n host 192.0.2.1\n")
    assert [one.code for one in found.diagnostics] == ["RC604"]


def test_a_very_deep_and_a_very_wide_nesting_are_read() -> None:
    deep = [f"object-group network G{n}\n group-object G{n + 1}\n group-object G{n + 1}" for n in range(2000)]
    text = "\n".join([*deep, "object-group network G2000", " host 192.0.2.9", "ip access-list extended X"])
    rule = policy(f"{text}\n permit ip object-group G0 any\n").rules[0]
    assert field(rule, Field.SOURCE) == points(v4("192.0.2.9"))


def test_members_that_are_not_understood() -> None:
    text = """\
    object-group network A
     host 192.0.2.1
     10.0.0.0 0.0.255.1
    object-group service S
     tcp eq nosuchport
    ip access-list extended X
     permit object-group S object-group A any
    """
    found = device(text)
    assert [(one.code, one.line) for one in found.diagnostics] == [("RC602", 3), ("RC602", 5)]
    assert found.policies[0].rules[0].match.must((4,)) == ()
    assert found.policies[0].rules[0].match.may((4,))


def test_a_group_of_the_wrong_kind_is_not_exact() -> None:
    text = "object-group service S\n tcp eq 80\nip access-list extended X\n permit ip object-group S any\n"
    found = device(text)
    assert [one.code for one in found.diagnostics] == ["RC603"]
    assert found.policies[0].rules[0].match.must((4,)) == ()


def test_ipv6_groups() -> None:
    text = """\
    object-group v6-network SIX
     host 2001:db8::1
     2001:db8:1::/64
    ipv6 access-list X
     permit tcp object-group SIX any eq 443
    """
    found = field(policy(text).rules[0], Field.SOURCE)
    low = 0x20010DB80001 << 80
    one = (0x20010DB8 << 96) + 1
    assert found == between6(one, one) | between6(low, low + (1 << 64) - 1)


def test_a_group_may_be_defined_behind_its_use_and_in_two_blocks() -> None:
    text = """\
    access-list 101 permit ip object-group A any
    object-group network A
     host 192.0.2.1
    object-group network A
     host 192.0.2.2
    """
    assert field(policy(text).rules[0], Field.SOURCE) == points(v4("192.0.2.1"), v4("192.0.2.2"))
