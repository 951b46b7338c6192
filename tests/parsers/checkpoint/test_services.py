from __future__ import annotations

import pytest

from parsers.checkpoint.complement import complement
from parsers.checkpoint.predefined import predefined
from rulecheck.model.fields import PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from tests.parsers.checkpoint.reading import Json, codes, layer, match, policy, read, rule, thing

HTTP = thing("service-tcp", "http", port="80")
HTTPS = thing("service-tcp", "https", port="443")
PING = thing("service-icmp", "ping", icmp_type=8)
FACEBOOK = thing("application-site", "Facebook", user_defined=False)


def sets(*objects: Json, names: list[str] | None = None, **columns: object) -> list[dict[Field, IntervalSet]]:
    found = match(*objects, service=names or [one["uid"] for one in objects], **columns).services
    assert found is not None
    return [one.sets() for one in found.elements]


def ports(*pairs: tuple[int, int]) -> IntervalSet:
    return IntervalSet.of(*pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", ports((80, 80))),
        ("8000-8100", ports((8000, 8100))),
        (">1023", ports((1024, 65535))),
        ("<1024", ports((0, 1023))),
        ("80,443", ports((80, 80), (443, 443))),
        (">65535", IntervalSet()),
    ],
)
def test_ports(text: str, expected: IntervalSet) -> None:
    (found,) = sets(thing("service-tcp", "S", port=text))
    assert found == {Field.PROTOCOL: ports((6, 6)), Field.DESTINATION_PORT: expected}


def test_source_ports_and_other_protocols() -> None:
    assert sets(thing("service-udp", "U", port="67", source_port="68")) == [
        {Field.PROTOCOL: ports((17, 17)), Field.SOURCE_PORT: ports((68, 68)), Field.DESTINATION_PORT: ports((67, 67))}
    ]
    assert sets(thing("service-sctp", "S", port="2905")) == [
        {Field.PROTOCOL: ports((132, 132)), Field.DESTINATION_PORT: ports((2905, 2905))}
    ]
    assert sets(thing("service-other", "gre", ip_protocol=47)) == [{Field.PROTOCOL: ports((47, 47))}]


def test_icmp() -> None:
    assert sets(PING) == [{Field.PROTOCOL: ports((1, 1)), Field.ICMP: ports((0x800, 0x8FF))}]
    coded = thing("service-icmp", "frag", icmp_type=3, icmp_code=4)
    assert sets(coded) == [{Field.PROTOCOL: ports((1, 1)), Field.ICMP: ports((0x304, 0x304))}]
    assert sets(thing("service-icmp6", "any6")) == [{Field.PROTOCOL: ports((58, 58))}]


def test_groups() -> None:
    group = thing("service-group", "WEB", members=["uid-http", "uid-https"])
    found = match(HTTP, HTTPS, group, service=["uid-WEB"]).services
    assert found is not None
    assert [one.destination_ports for one in found.elements] == [ports((80, 80)), ports((443, 443))]
    assert {one.origin.path for one in found.elements} == {("WEB",)}


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (thing("service-dce-rpc", "D", interface_uuid="1234"), "service-dce-rpc:1234"),
        (thing("service-rpc", "R", program_number=100003), "service-rpc:100003"),
        (thing("service-other", "O", ip_protocol=17, match="uh_dport > 33000"), "inspect:uh_dport > 33000"),
        (thing("service-tcp", "P", port="80", protocol="HTTP", match_by_protocol_signature=True), "signature:HTTP"),
        (thing("service-tcp", "U", port=">0", protocol="unknown_tcp"), "service-tcp:U"),
        (thing("service-gtp", "G"), "service-gtp:G"),
        (thing("application-site", "Own", user_defined=True), "application:Own"),
        (thing("application-site-category", "Gambling"), "category:Gambling"),
    ],
    ids=lambda one: one["type"] if isinstance(one, dict) else "",
)
def test_what_only_the_gateway_can_tell_is_a_condition(found: Json, key: str) -> None:
    one = match(found, service=[found["uid"]])
    assert [condition.key for condition in one.all_conditions()] == [key]


@pytest.mark.parametrize(
    "found",
    [
        thing("service-tcp", "S", port="http"),
        thing("service-tcp", "S", port="80", source_port="70000"),
        thing("service-icmp", "S", icmp_type=300),
        thing("service-other", "S", ip_protocol=256),
        thing("service-other", "S"),
        thing("service-hologram", "S"),
    ],
    ids=lambda one: f"{one['type']}",
)
def test_services_that_are_not_clear_make_the_rule_inexact(found: Json) -> None:
    device = read(layer(rule(service=["uid-S"]), objects=[found]))
    assert [one.code for one in device.diagnostics] in (["RC606"], ["RC602"])
    (one,) = policy(device).rules
    assert one.match.all_conditions()
    assert not one.match.must()


def test_negated_services() -> None:
    found = match(HTTP, PING, service=["uid-http", "uid-ping"], service_negate=True).services
    assert found is not None
    by_protocol = {tuple(one.protocol or ()): one for one in found.elements}
    assert by_protocol[((6, 6),)].destination_ports == PORT_ALL - ports((80, 80))
    assert by_protocol[((1, 1),)].icmp == PORT_ALL - ports((0x800, 0x8FF))
    others = IntervalSet.union_of(one.protocol for one in found.elements if one.protocol is not None)
    assert others == ports((0, 255))


def test_nothing_is_outside_any() -> None:
    found = match(service_negate=True)
    assert found.terms() == ()


def test_the_complement_of_source_and_destination_ports() -> None:
    origin = Origin("x", 1, "")
    one = Service("a", origin, ports((17, 17)), ports((10, 20)), ports((5, 5)))
    two = Service("b", origin, ports((17, 17)), None, ports((9, 9)))
    rest = [part for part in complement((one, two), "not", origin) if part.protocol == ports((17, 17))]
    for source in (9, 10, 20, 21):
        for destination in (5, 9, 10):
            inside = (10 <= source <= 20 and destination == 5) or destination == 9
            outside = [
                part
                for part in rest
                if (part.source_ports is None or source in part.source_ports)
                and (part.destination_ports is None or destination in part.destination_ports)
            ]
            assert len(outside) == (0 if inside else 1)


def test_the_complement_of_a_condition_requires_the_opposite() -> None:
    origin = Origin("x", 1, "")
    one = Service("a", origin, ports((6, 6)), condition=Condition("k", "unknown", origin))
    rest = complement((one, Service("b", origin, ports((6, 6)), None, ports((80, 80)))), "not", origin)
    (conditional,) = [part for part in rest if part.condition is not None]
    assert conditional.condition is not None
    assert (conditional.condition.key, conditional.condition.holds) == ("k", False)
    assert conditional.destination_ports == PORT_ALL - ports((80, 80))


def test_applications_are_values() -> None:
    (constraint,) = match(FACEBOOK, service=["uid-Facebook"]).constraints
    assert (constraint.field, constraint.values) == (Field.APPLICATION, name_set("Facebook"))


def test_applications_beside_services_are_a_choice() -> None:
    found = match(FACEBOOK, HTTP, HTTPS, service=["uid-Facebook", "uid-http", "uid-https"])
    terms = [
        {k: v for k, v in one.sets.items() if k.value not in ("source", "destination")} for one in found.terms((4,))
    ]
    assert terms == [
        {Field.PROTOCOL: ports((6, 6)), Field.DESTINATION_PORT: ports((80, 80), (443, 443))},
        {Field.APPLICATION: name_set("Facebook")},
    ]


def test_neither_application_nor_service() -> None:
    found = match(FACEBOOK, HTTP, service=["uid-Facebook", "uid-http"], service_negate=True)
    for term in found.terms((4,)):
        assert not term.sets[Field.APPLICATION].meets(name_set("Facebook"))
        if term.sets[Field.PROTOCOL] == ports((6, 6)):
            assert term.sets[Field.DESTINATION_PORT] == PORT_ALL - ports((80, 80))


def test_predefined_services_by_name() -> None:
    device = read(layer(rule(service=["https", "dns", "echo-request"]), objects=[HTTP]))
    assert codes(device) == []
    found = policy(device).rules[0].match.services
    assert found is not None
    assert [one.destination_ports for one in found.elements][:3] == [
        ports((443, 443)),
        ports((53, 53)),
        ports((53, 53)),
    ]


@pytest.mark.parametrize(("name", "kind"), [("ssh", "service-tcp"), ("snmp", "service-udp"), ("ospf", "service-other")])
def test_the_table_of_predefined_services(name: str, kind: str) -> None:
    found = predefined(name)
    assert found is not None
    assert found.kind == kind
    assert predefined("no such service") is None
