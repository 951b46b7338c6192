"""Lists: order of evaluation, remarks, removal, captures, the end of IPv6 lists, other kinds of lists."""

from __future__ import annotations

from rulecheck.model.device import Severity
from rulecheck.model.fields import Field
from rulecheck.model.rule import DENY, PERMIT
from tests.parsers.cisco_ios.reading import between, between6, codes, device, entry6, field, points, policy


def lines_of(text: str, name: str | None = None) -> list[int]:
    return [rule.origin.line for rule in policy(text, name).rules]


def test_sequence_numbers_are_the_order_of_evaluation() -> None:
    text = "ip access-list extended X\n 30 deny ip any any\n 10 permit tcp any any\n 20 permit udp any any\n"
    assert lines_of(text) == [3, 4, 2]
    assert [(rule.index, rule.name) for rule in policy(text).rules] == [(0, "10"), (1, "20"), (2, "30")]


def test_an_entry_without_number_goes_behind_the_highest() -> None:
    text = "ip access-list extended X\n 30 permit tcp any any\n permit udp any any\n 35 deny ip any any\n"
    assert lines_of(text) == [2, 4, 3]


def test_entries_of_one_list_in_several_places_are_one_list() -> None:
    text = """\
    access-list 101 permit tcp any any
    access-list 102 permit ip any any
    ip access-list extended 101
     permit udp any any
    access-list 101 deny ip any any
    """
    assert lines_of(text, "101") == [1, 4, 5]
    assert [one.name for one in device(text).policies] == ["101", "102"]


def test_ranges_of_numbers() -> None:
    text = """\
    access-list 99 permit 192.0.2.1
    access-list 1300 permit 192.0.2.1
    access-list 1999 permit 192.0.2.1
    access-list 100 permit ip host 192.0.2.1 any
    access-list 199 permit ip host 192.0.2.1 any
    access-list 2000 permit ip host 192.0.2.1 any
    access-list 2699 permit ip host 192.0.2.1 any
    """
    found = device(text)
    assert found.diagnostics == ()
    assert len({field(one.rules[0], Field.SOURCE) for one in found.policies}) == 1
    assert len(found.policies) == 7


def test_other_numbered_lists_are_set_aside_with_one_note_each() -> None:
    found = device(
        """\
        access-list 700 permit 0000.5e00.5301 0000.0000.0000
        access-list 700 deny 0000.0000.0000 ffff.ffff.ffff
        access-list 600 permit network 1
        access-list 800 permit -1
        mac access-list extended M
         permit any any
        ip access-list role-based SGT
         permit tcp dst eq 80
        """
    )
    assert [(one.code, one.severity, one.line) for one in found.diagnostics] == [
        ("RC601", Severity.INFO, line) for line in (1, 3, 4, 5, 7)
    ]
    assert (found.policies, found.source.lines.ignored, found.source.lines.unknown) == ((), 8, 0)


def test_a_number_of_no_kind_is_reported() -> None:
    found = device("access-list 5000 permit ip any any\n")
    assert [(one.code, one.affects_verdicts) for one in found.diagnostics] == [("RC601", True)]


def test_a_remark_describes_the_next_entry_and_is_no_rule() -> None:
    found = policy(
        """\
        ip access-list extended X
         remark mail from
         remark the partner
         10 permit tcp host 192.0.2.1 any eq smtp
         20 deny ip any any
        """
    )
    assert [(rule.index, rule.description) for rule in found.rules] == [(0, "mail from the partner"), (1, "")]


def test_removal() -> None:
    assert lines_of("access-list 101 permit tcp any any\nno access-list 101\naccess-list 101 deny ip any any\n") == [3]
    text = "ip access-list extended X\n 10 permit tcp any any\n 20 permit udp any any\n no 10\n"
    assert lines_of(text) == [3]


def test_a_sequence_number_used_twice_is_reported() -> None:
    assert codes("ip access-list extended X\n 10 permit tcp any any\n 10 permit udp any any\n") == ["RC606"]


def test_the_default_denies_and_an_empty_list_permits() -> None:
    assert policy("access-list 1 permit 192.0.2.1\n").default == DENY
    assert policy("ip access-list extended EMPTY\n remark nothing yet\n").default == PERMIT


def test_families_and_the_implicit_end_of_ipv6_lists() -> None:
    assert policy("access-list 1 permit any\n").families == (4,)
    found = policy("ipv6 access-list SIX\n permit tcp any any\n")
    assert found.families == (6,)
    assert [field(rule, Field.ICMP) for rule in found.implicit] == [
        between(136 * 256, 136 * 256 + 255),
        between(135 * 256, 135 * 256 + 255),
    ]
    assert [rule.outcome for rule in found.implicit] == [PERMIT, PERMIT]
    assert [rule.index for rule in found.implicit] == [1, 2]
    assert policy("access-list 1 permit any\n").implicit == ()


def test_ipv6_entries() -> None:
    rule = entry6("permit tcp 2001:DB8:1::/48 eq 1024 host 2001:db8::1 range 80 81 established log sequence 20")
    prefix = 0x20010DB80001 << 80
    assert field(rule, Field.SOURCE) == between6(prefix, prefix + (1 << 80) - 1)
    assert field(rule, Field.DESTINATION) == between6((0x20010DB8 << 96) + 1, (0x20010DB8 << 96) + 1)
    assert field(rule, Field.SOURCE_PORT) == points(1024)
    assert field(rule, Field.DESTINATION_PORT) == points(80, 81)
    assert rule.name == "20"


def test_ipv6_icmp_and_sequence_in_front() -> None:
    rule = entry6("sequence 5 permit icmp any any packet-too-big")
    assert field(rule, Field.PROTOCOL) == points(58)
    assert rule.name == "5"


def test_an_icmpv6_name_with_two_readings_is_not_exact() -> None:
    rule = entry6("permit icmp any any destination-unreachable")
    assert rule.match.must((6,)) == ()
    assert field(rule, Field.ICMP) == between(256, 511)


def test_ipv6_headers_are_conditions() -> None:
    for clause in ("routing", "auth", "dest-option", "mobility", "undetermined-transport", "flow-label 7"):
        assert entry6(f"deny ipv6 any any {clause}").match.must((6,)) == ()
    assert entry6("deny hbh any any").match.must((6,)) == ()


def test_ipv6_order_follows_the_sequence_clause() -> None:
    text = "ipv6 access-list X\n deny ipv6 any any sequence 30\n permit tcp any any sequence 10\n"
    assert lines_of(text) == [3, 2]


CAPTURE = """\
    edge1#show ip access-lists
    Standard IP access list 10
        10 permit 10.0.0.0, wildcard bits 0.0.0.255 (20 matches)
        20 deny   any log (1 match)
    Extended IP access list WEB
        10 permit tcp any host 192.0.2.1 eq www (123456 matches)
        20 permit tcp any host 192.0.2.2 eq www time-range WORK (inactive)
        30 permit tcp any any established log (tag = web) (7 matches)
    IPv6 access list SIX
        permit tcp any any eq bgp (8 matches) sequence 10
        permit ipv6 any any sequence 20
    """


def test_captures_give_hits() -> None:
    found = device(CAPTURE)
    assert found.name == "edge1"
    hits = {p.name: [rule.hits.packets if rule.hits else None for rule in p.rules] for p in found.policies}
    assert hits == {"10": [20, 1], "WEB": [123456, None, 7], "SIX": [8, None]}
    assert found.diagnostics == ()
    counts = found.source.lines
    assert (counts.understood, counts.ignored) == (10, 1)


def test_a_capture_beside_the_configuration_only_adds_hits() -> None:
    found = policy(
        """\
        ip access-list extended WEB
         permit tcp any any eq 80
         permit tcp any any eq 443
        Extended IP access list WEB
            10 permit tcp any any eq 80 (5 matches)
            20 permit tcp any any eq 443 (6 matches)
        """
    )
    assert [(rule.origin.line, rule.hits.packets if rule.hits else None) for rule in found.rules] == [(2, 5), (3, 6)]


def test_an_unknown_note_in_parentheses_makes_the_entry_inexact() -> None:
    text = "Extended IP access list X\n    10 permit ip any any (sometimes)\n"
    assert codes(text) == ["RC602"]


def test_entries_without_indentation_belong_to_the_list_above() -> None:
    text = "ip access-list extended X\npermit tcp any any\n20 deny ip any any\nhostname r\n"
    assert lines_of(text) == [2, 3]
    assert device(text).name == "r"
