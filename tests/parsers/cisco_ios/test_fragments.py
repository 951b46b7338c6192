"""The keyword ``fragments`` (Cisco document 8014): four kinds of entries in a list that uses it."""

from __future__ import annotations

from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import Rule
from tests.parsers.cisco_ios.reading import points, policy

LIST = """\
    ip access-list extended X
     deny ip any host 192.0.2.1 fragments
     permit tcp any host 192.0.2.1 eq 80
     deny tcp any host 192.0.2.1 eq 81
     permit tcp any host 192.0.2.2
     permit icmp any any echo
     permit tcp any any established
    """

Part = tuple[IntervalSet | None, IntervalSet | None]


def parts(rule: Rule, name: Field = Field.DESTINATION_PORT) -> list[Part]:
    return [(term.sets.get(name), term.sets.get(Field.FRAGMENT)) for term in rule.match.terms((4,))]


def test_a_fragments_entry_is_about_non_initial_fragments() -> None:
    assert parts(policy(LIST).rules[0]) == [(None, points(1))]


def test_a_permit_with_ports_also_permits_non_initial_fragments_of_its_protocol() -> None:
    rule = policy(LIST).rules[1]
    assert parts(rule) == [(points(80), points(0)), (None, points(1))]
    assert [term.sets[Field.PROTOCOL] for term in rule.match.terms((4,))] == [points(6), points(6)]


def test_a_deny_with_ports_denies_only_packets_that_carry_them() -> None:
    assert parts(policy(LIST).rules[2]) == [(points(81), points(0))]


def test_an_entry_without_layer_4_is_about_all_packets() -> None:
    assert parts(policy(LIST).rules[3]) == [(None, None)]


def test_messages_and_flags_are_layer_4() -> None:
    assert [fragment for _, fragment in parts(policy(LIST).rules[4], Field.ICMP)] == [points(0), points(1)]
    assert [fragment for _, fragment in parts(policy(LIST).rules[5], Field.TCP_FLAGS)] == [points(0), points(1)]


def test_lists_without_the_keyword_do_not_constrain_fragments() -> None:
    rule = policy("ip access-list extended X\n permit tcp any any eq 80\n").rules[0]
    assert parts(rule) == [(points(80), None)]


def test_a_group_of_services_is_split_one_by_one() -> None:
    text = """\
    object-group service S
     tcp eq 80
     esp
    ip access-list extended X
     deny udp any any fragments
     permit object-group S any any
    """
    rule = policy(text).rules[1]
    assert sorted(map(str, parts(rule))) == sorted(map(str, [(points(80), points(0)), (None, points(1)), (None, None)]))


def test_ports_of_ipv6_lists_leave_non_initial_fragments_undecided() -> None:
    text = "ipv6 access-list X\n deny ipv6 any any fragments\n permit tcp any any eq 80\n deny tcp any any eq 81\n"
    for rule in policy(text).rules[1:]:
        (must,) = rule.match.must((6,))
        assert must.sets[Field.FRAGMENT] == points(0)
        assert len(rule.match.may((6,))) == 2
