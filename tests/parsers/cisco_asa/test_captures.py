"""``show access-list`` captures."""

from __future__ import annotations

from rulecheck.model.fields import Field
from rulecheck.model.rule import Hits
from tests.parsers.cisco_asa.reading import between, codes, device, field, points, policy, services, v4

LOG = "log informational interval 300"
CAPTURE = f"""
    fw1# show access-list
    access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)
                alert-interval 300
    access-list OUT; 5 elements; name hash: 0xcb4257a3
    access-list OUT line 1 remark first
    access-list OUT line 2 extended permit object-group SVC object-group SRC host 192.0.2.9 {LOG} (hitcnt=7) 0xb18beb2d
      access-list OUT line 2 extended permit tcp host 198.51.100.1 host 192.0.2.9 eq ssh {LOG} (hitcnt=3) 0x01
      access-list OUT line 2 extended permit udp host 198.51.100.1 host 192.0.2.9 eq 53 {LOG} (hitcnt=1) 0x02
      access-list OUT line 2 extended permit tcp range 192.0.2.4 192.0.2.8 host 192.0.2.9 eq ssh {LOG} (hitcnt=3) 0x3
      access-list OUT line 2 extended permit udp range 192.0.2.4 192.0.2.8 host 192.0.2.9 eq 53 {LOG} (hitcnt=0) 0x4
    access-list OUT line 3 extended permit tcp any4 any4 eq www inactive (hitcnt=0) (inactive) 0x05
    access-list OUT line 4 extended deny ip any any (hitcnt=12345678901) 0x06
    """


def test_expanded_lines_are_no_rules_of_their_own() -> None:
    rules = policy(CAPTURE).rules
    assert [(one.index, one.hits, one.enabled) for one in rules] == [
        (0, Hits(7), True),
        (1, Hits(0), False),
        (2, Hits(12345678901), True),
    ]
    assert rules[0].description == "first"


def test_a_capture_is_read_completely() -> None:
    found = device(CAPTURE)
    assert codes(found) == []
    assert found.source.lines.unknown == 0


def test_unknown_names_are_read_from_the_expansion() -> None:
    rule = policy(CAPTURE).rules[0]
    assert not rule.match.all_conditions()
    assert rule.logging is not None
    sources = {term.sets[Field.SOURCE] for term in rule.match.must()}
    assert sources == {points(v4("198.51.100.1"), *range(v4("192.0.2.4"), v4("192.0.2.8") + 1))}
    assert services(rule) == [
        (((6, 6),), None, ((22, 22),), None),
        (((17, 17),), None, ((53, 53),), None),
    ]


def test_an_incomplete_expansion_is_inexact() -> None:
    lines = [line for line in CAPTURE.splitlines() if not line.endswith("0x4")]
    found = device("\n".join(lines))
    assert [code for code, _ in codes(found)] == ["RC602"]
    assert found.policies[0].rules[0].match.must() == ()


def test_known_names_are_read_from_their_definitions() -> None:
    rule = policy(
        """
        object-group network SRC
         network-object 198.51.100.0 255.255.255.0
        access-list OUT line 1 extended permit ip object-group SRC host 192.0.2.9 (hitcnt=7) 0x1
          access-list OUT line 1 extended permit ip 198.51.100.0 255.255.255.0 host 192.0.2.9 (hitcnt=7) 0x2
        """
    ).rules[0]
    assert field(rule, Field.SOURCE) == between(v4("198.51.100.0"), v4("198.51.100.255"))
    assert rule.match.source.elements[0].origin.path == ("SRC",)


def test_an_unresolved_name_in_an_expansion_is_a_condition() -> None:
    rule = policy(
        """
        access-list T line 1 extended permit tcp object A host 192.0.2.1 (hitcnt=0) 0x1
          access-list T line 1 extended permit tcp fqdn www.example.com (unresolved) host 192.0.2.1 (inactive) 0x2
        """
    ).rules[0]
    assert rule.enabled
    assert rule.match.must() == ()
    assert [one.condition.key for one in rule.match.source.elements if one.condition] == ["fqdn:www.example.com"]


def test_a_capture_behind_its_configuration_adds_the_hits() -> None:
    found = policy(
        """
        object network A
         host 192.0.2.1
        access-list X extended permit tcp object A any eq 80 log
        access-list X extended deny ip any any
        access-list X; 2 elements; name hash: 0x1
        access-list X line 1 extended permit tcp object A any eq 80 log (hitcnt=5) 0x1
          access-list X line 1 extended permit tcp host 192.0.2.1 any eq 80 log (hitcnt=5) 0x1
        access-list X line 2 extended deny ip any any (hitcnt=9) 0x2
        """
    )
    assert [(one.origin.line, one.hits) for one in found.rules] == [(4, Hits(5)), (5, Hits(9))]
