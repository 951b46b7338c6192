"""What a test restricts, feature by feature."""

from __future__ import annotations

import pytest

from rulecheck.model.fields import CONNECTION_STATES, DOMAIN, IPV6_BASE, Field, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition
from rulecheck.model.names import name_set, prefix_set
from tests.parsers.nftables.reading import NET10, REST4, families, only, points, rule, rules, span

TCP = {Field.PROTOCOL: points(6)}
STATE = {name: points(CONNECTION_STATES.index(name.upper())) for name in ("new", "established", "related", "invalid")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ip saddr 10.0.0.0/8 drop", {Field.SOURCE: NET10}),
        ("ip saddr != 10.0.0.0/8 drop", {Field.SOURCE: REST4}),
        ("ip daddr 10.0.0.0-10.255.255.255 drop", {Field.DESTINATION: NET10}),
        ("ip saddr { 10.0.0.0/9, 10.128.0.0/9 } drop", {Field.SOURCE: NET10}),
        ("ip saddr != { 10.0.0.0/9, 10.128.0.0/9 } drop", {Field.SOURCE: REST4}),
        ("ip saddr & 255.0.0.0 == 10.0.0.0 drop", {Field.SOURCE: NET10}),
        ("ip saddr & 255.0.0.0 != 10.0.0.0 drop", {Field.SOURCE: REST4}),
        ("ip saddr >= 10.0.0.0 ip saddr < 11.0.0.0 drop", {Field.SOURCE: NET10}),
        ("ip saddr 10.0.0.0/7 ip saddr != 11.0.0.0/8 drop", {Field.SOURCE: NET10}),
        ("tcp dport 22 drop", {**TCP, Field.DESTINATION_PORT: points(22)}),
        ("tcp dport ssh drop", {**TCP, Field.DESTINATION_PORT: points(22)}),
        ("tcp dport != 22 drop", {**TCP, Field.DESTINATION_PORT: DOMAIN[Field.DESTINATION_PORT] - points(22)}),
        ("tcp dport { 22, 80-90 } drop", {**TCP, Field.DESTINATION_PORT: points(22, *range(80, 91))}),
        ("tcp dport >= 1024 drop", {**TCP, Field.DESTINATION_PORT: span(1024, 65535)}),
        ("tcp dport lt 1024 drop", {**TCP, Field.DESTINATION_PORT: span(0, 1023)}),
        ("tcp sport 1-2 tcp dport 3 drop", {**TCP, Field.SOURCE_PORT: span(1, 2), Field.DESTINATION_PORT: points(3)}),
        ("udp dport 53 drop", {Field.PROTOCOL: points(17), Field.DESTINATION_PORT: points(53)}),
        (
            "meta l4proto { tcp, udp } th dport 53 drop",
            {Field.PROTOCOL: points(6, 17), Field.DESTINATION_PORT: points(53)},
        ),
        ("th dport 53 meta l4proto tcp drop", {**TCP, Field.DESTINATION_PORT: points(53)}),
        ("ip protocol != tcp drop", {Field.PROTOCOL: DOMAIN[Field.PROTOCOL] - points(6)}),
        ("icmp type echo-request drop", {Field.PROTOCOL: points(1), Field.ICMP: span(0x800, 0x8FF)}),
        ("icmp type 3 icmp code frag-needed drop", {Field.PROTOCOL: points(1), Field.ICMP: points(0x304)}),
        ("iifname eth0 drop", {Field.IN_INTERFACE: name_set("eth0")}),
        ('iifname "eth*" drop', {Field.IN_INTERFACE: prefix_set("eth")}),
        (
            'oifname != { "lo", "wg*" } drop',
            {Field.OUT_INTERFACE: DOMAIN[Field.OUT_INTERFACE] - name_set("lo") - prefix_set("wg")},
        ),
        ('iif "lo" drop', {Field.IN_INTERFACE: name_set("lo")}),
        ("ct state established,related drop", {Field.CONNECTION_STATE: STATE["established"] | STATE["related"]}),
        ("ct state { established, related } drop", {Field.CONNECTION_STATE: STATE["established"] | STATE["related"]}),
        ("ct state != invalid drop", {Field.CONNECTION_STATE: DOMAIN[Field.CONNECTION_STATE] - STATE["invalid"]}),
        ("ct state ! new,invalid drop", {Field.CONNECTION_STATE: points(1, 2, 4)}),
        ("ct state & (new | invalid) == 0 drop", {Field.CONNECTION_STATE: points(1, 2, 4)}),
        ("tcp flags syn drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(2, 2)}),
        ("tcp flags syn,ack drop", {**TCP, Field.TCP_FLAGS: DOMAIN[Field.TCP_FLAGS] - tcp_flag_values(0x12, 0)}),
        ("tcp flags == syn drop", {**TCP, Field.TCP_FLAGS: points(2)}),
        ("tcp flags & (fin | syn | rst | ack) == syn drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(0x17, 2)}),
        (
            "tcp flags & (fin|syn|rst|ack) != syn drop",
            {**TCP, Field.TCP_FLAGS: DOMAIN[Field.TCP_FLAGS] - tcp_flag_values(0x17, 2)},
        ),
        ("tcp flags syn / fin,syn,rst,ack drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(0x17, 2)}),
        ("tcp flags & (fin | syn | rst | ack) syn drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(0x17, 2)}),
        ("tcp flags { syn, syn | ack } drop", {**TCP, Field.TCP_FLAGS: points(2, 18)}),
        ("tcp flags & (syn | ack) == { syn, syn | ack } drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(2, 2)}),
        ("tcp flags == syn | ack drop", {**TCP, Field.TCP_FLAGS: points(18)}),
        ("tcp flags ! fin drop", {**TCP, Field.TCP_FLAGS: tcp_flag_values(1, 0)}),
        ("tcp flags { syn, ack } drop", {**TCP, Field.TCP_FLAGS: points(2, 16)}),
        ("ip dscp ef drop", {Field.TOS: span(46 * 4, 46 * 4 + 3)}),
        ("ip ecn ce drop", {Field.TOS: IntervalSet.points(range(3, 256, 4))}),
        ("ip ttl < 5 drop", {Field.TTL: span(0, 4)}),
        ("ip length 0-100 drop", {Field.PACKET_LENGTH: span(0, 100)}),
        ("ip frag-off & 0x1fff != 0 drop", {Field.FRAGMENT: points(1)}),
        ("ip frag-off & 0x1fff == 0 drop", {Field.FRAGMENT: points(0)}),
        ("ether saddr 00:11:22:33:44:55 drop", {Field.SOURCE_MAC: points(0x001122334455)}),
        ("meta protocol ip drop", {}),
        ('counter log prefix "x" drop', {}),
    ],
)
def test_exact(text: str, expected: dict[Field, IntervalSet]) -> None:
    assert only(text) == expected


def test_ipv6() -> None:
    low = IPV6_BASE + (0x2001_0DB8 << 96)
    assert only("ip6 saddr 2001:db8::/32 drop", "ip6") == {Field.SOURCE: span(low, low + (1 << 96) - 1)}
    assert only("ip6 daddr ::1 drop", "ip6") == {Field.DESTINATION: points(IPV6_BASE + 1)}
    assert only("icmpv6 type nd-router-advert drop", "ip6") == {
        Field.PROTOCOL: points(58),
        Field.ICMP: span(134 << 8, (134 << 8) + 255),
    }
    assert only("ip6 hoplimit 255 drop", "ip6") == {Field.TTL: points(255)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ip saddr 10.0.0.1 drop", {4}),
        ("ip saddr != 10.0.0.1 drop", {4}),
        ("ip6 daddr ::1 drop", {6}),
        ("meta nfproto ipv6 drop", {6}),
        ("meta nfproto != ipv6 drop", {4}),
        ("meta protocol ip6 drop", {6}),
        ("ip protocol tcp drop", {4}),
        ("icmp type echo-request drop", {4}),
        ("icmpv6 type echo-request drop", {6}),
        ("ip ttl 1 drop", {4}),
        ("tcp dport 22 drop", {4, 6}),
        ("drop", {4, 6}),
        ("reject with icmp host-unreachable", {4}),
        ("reject with icmpv6 no-route", {6}),
        ("reject", {4, 6}),
        ("tcp dport 80 dnat ip to 10.0.0.1", {4}),
        ("ip saddr 10.0.0.1 ip6 daddr ::1 drop", set()),
        ("ip saddr . tcp dport { 10.0.0.1 . 22 } drop", {4}),
    ],
)
def test_families_that_nft_adds(text: str, expected: set[int]) -> None:
    assert families(text) == expected


def test_a_tcp_reset_is_for_tcp_only() -> None:
    assert only("reject with tcp reset") == TCP


def test_ports_of_any_protocol_say_nothing_about_protocols_without_ports() -> None:
    found = rule("th dport 53 drop").match
    (exact,) = found.must((4,))
    assert exact.sets[Field.PROTOCOL] == points(6, 17, 33, 132, 136)
    assert exact.sets[Field.DESTINATION_PORT] == points(53)
    others = [term for term in found.terms((4,)) if term.conditions]
    assert [term.sets[Field.PROTOCOL] for term in others] == [DOMAIN[Field.PROTOCOL] - points(6, 17, 33, 132, 136)]


def test_joined_keys() -> None:
    found = rule("ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80-81 } accept").match
    seen = {(t.sets[Field.SOURCE], t.sets[Field.DESTINATION_PORT], t.sets[Field.PROTOCOL]) for t in found.must((4,))}
    assert seen == {
        (points(0x0A000001), points(22), points(6)),
        (points(0x0A000002), span(80, 81), points(6)),
    }


def test_a_negated_set_of_joined_keys_is_exactly_the_rest() -> None:
    pairs = [(1, 22), (1, 80), (2, 22), (3, 443)]
    written = ", ".join(f"10.0.0.{host} . {port}" for host, port in pairs)
    terms = rule(f"ip saddr . tcp dport != {{ {written} }} accept").match.must((4,))
    for host in range(5):
        for port in (21, 22, 80, 443):
            inside = [
                1
                for t in terms
                if 0x0A000000 + host in t.sets[Field.SOURCE]
                and port in t.sets.get(Field.DESTINATION_PORT, span(0, 65535))
            ]
            assert bool(inside) is ((host, port) not in pairs)


def test_fragments_have_no_ports() -> None:
    first, second = rules("ip frag-off & 0x1fff != 0 drop", "tcp dport 22 accept")
    assert first.match.terms((4,))[0].sets[Field.FRAGMENT] == points(1)
    assert second.match.terms((4,))[0].sets[Field.FRAGMENT] == points(0)
    assert Field.FRAGMENT not in only("tcp dport 22 accept")


# --- conditions ---------------------------------------------------------------------------------------------


def conditions(text: str, family: str = "ip") -> list[Condition]:
    return list(rule(text, family).match.all_conditions())


@pytest.mark.parametrize(
    "clause",
    [
        "meta mark 0x1",
        "ct mark 1",
        "fib daddr type local",
        "fib saddr . iif oif missing",
        "meta skuid 1000",
        "meta pkttype broadcast",
        'meta hour "08:00"-"17:00"',
        "socket transparent 1",
        "ct status dnat",
        "ct original saddr 10.0.0.1",
        "ct direction reply",
        'ct helper "ftp"',
        "rt nexthop 192.168.0.1",
        "@th,160,16 0x1234",
        "tcp option maxseg size 1-500",
        "ip6 nexthdr 0",
        "exthdr hbh exists",
        "meta iifgroup 5",
        "ipsec in reqid 1",
        'osf name "Linux"',
        "vlan id 5",
        "ip id 7",
        "ip frag-off & 0x2000 != 0",
    ],
)
def test_what_is_not_modelled_is_one_test_for_all_rules(clause: str) -> None:
    family = "inet" if "ip6" in clause or "hbh" in clause else "ip"
    first, second = rules(f"{clause} accept", f"{clause} drop", family=family)
    mine, theirs = first.match.all_conditions(), second.match.all_conditions()
    assert mine
    assert [(one.key, one.holds) for one in mine] == [(one.key, one.holds) for one in theirs]
    assert first.match.must() == ()


def test_numbers_are_the_same_in_every_notation() -> None:
    assert conditions("meta mark 0x10 drop")[0].key == conditions("meta mark 16 drop")[0].key


def test_a_negated_mark_is_the_opposite() -> None:
    plain, negated = conditions("meta mark 1 drop"), conditions("meta mark != 1 drop")
    assert (plain[0].key, plain[0].holds) == (negated[0].key, not negated[0].holds)


def test_a_negated_test_of_the_connection_is_a_test_of_its_own() -> None:
    assert conditions("ct mark 1 drop")[0].key != conditions("ct mark != 1 drop")[0].key


@pytest.mark.parametrize(
    ("clause", "fresh"),
    [
        ("limit rate 5/second", True),
        ("limit rate over 10 mbytes/second burst 2 mbytes", False),
        ("quota over 25 mbytes used 3 mbytes", False),
        ("quota until 25 mbytes", True),
        ("ct count over 10", False),
        ("ct count 10", True),
        ("add @seen { ip saddr }", True),
        ("update @seen { ip saddr timeout 60s limit rate over 5/minute }", False),
        ("meter flood size 65535 { ip saddr limit rate 5/second }", True),
    ],
)
def test_what_depends_on_history_differs_from_rule_to_rule(clause: str, fresh: bool) -> None:
    before = "set seen { type ipv4_addr; flags dynamic, timeout; }"
    first, second = rules(f"{clause} accept", f"{clause} accept", before=before)
    (one,), (two,) = first.match.all_conditions(), second.match.all_conditions()
    assert (one.fresh, two.fresh) == (fresh, fresh)
    assert one.key != two.key


def test_a_test_of_the_time_is_a_schedule() -> None:
    found = rule('meta hour "08:00"-"17:00" accept')
    assert found.schedule is not None
    assert found.schedule.name == 'meta hour "08:00" - "17:00"'
    assert [one.independent for one in found.match.all_conditions()] == [True]


def test_a_mark_that_the_table_sets_may_change_between_two_rules() -> None:
    first, _, third = rules("meta mark 1 accept", "meta mark set 1", "meta mark 1 accept")
    assert first.match.all_conditions()[0].key != third.match.all_conditions()[0].key


def test_a_ttl_that_the_table_sets_is_not_known() -> None:
    assert only("ip ttl 1 drop")
    first, _ = rules("ip ttl 1 drop", "ip ttl set 64")
    assert first.match.must((4,)) == ()


def test_several_states_behind_a_negation_are_not_decided() -> None:
    assert rule("ct state != established,related drop").match.must((4,)) == ()
    assert rule("ct state != established | related drop").match.must((4,)) == ()


def test_ip6_nexthdr_is_the_protocol_without_extension_headers() -> None:
    (term,) = rule("ip6 nexthdr tcp drop", "ip6").match.terms((6,))
    assert term.sets[Field.PROTOCOL] == points(6)
    assert term.conditions == {"ip6:no extension header": True}


@pytest.mark.parametrize("family", ["bridge", "netdev"])
def test_frames_that_are_no_ip_packets(family: str) -> None:
    arp, both, everything = rules("ether type arp accept", "ip saddr 10.0.0.1 accept", "drop", family=family)
    assert [term.conditions["frame:ip"] for term in arp.match.terms()] == [False, False]
    assert [term.conditions for term in both.match.terms()] == [{"frame:ip": True}]
    assert everything.match.all_conditions() == ()
