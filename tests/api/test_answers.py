"""The functions of the API on small configurations."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck import api
from rulecheck.model.answer import Certainty

ASA = api.loads(api.EXAMPLE)
IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:WEB - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -p tcp -j WEB
-A FORWARD -p icmp -m limit --limit 5/sec -j ACCEPT
-A WEB -d 192.0.2.10/32 -p tcp -m tcp --dport 443 -j ACCEPT
-A WEB -s 198.51.100.0/24 -j LOG
-A WEB -d 192.0.2.10/32 -p tcp -m tcp --dport 22 -j REJECT
COMMIT
"""
NETFILTER = api.loads(IPTABLES)


def _effects(result: api.QueryResult) -> list[tuple[str, str]]:
    return [(region.packets.service, region.cases[0].decider.effect) for region in result.regions]


def test_a_packet_is_decided_by_one_rule_with_the_calls_that_lead_to_it() -> None:
    result = api.query(
        NETFILTER, policy="FORWARD", source="198.51.100.7", destination="192.0.2.10", protocol="tcp",
        destination_port=22, in_interface="eth0",
    )  # fmt: skip
    (region,) = result.regions
    decider = region.cases[0].decider
    assert (decider.policy, decider.outcome, decider.effect) == ("WEB", "reject icmp-port-unreachable", "denied")
    assert decider.rule is not None
    assert decider.rule.index == 2
    assert [rule.index for rule in region.path] == [1]
    assert [rule.index for rule in region.passed] == [1]
    assert [(one.rule.index, one.fails) for one in region.near] == [(0, ("destination port 22 is not in 443",))]


def test_nothing_is_said_of_established_connections_unless_asked() -> None:
    def asked(state: str = "", *, every_packet: bool = False) -> list[tuple[str, str]]:
        found = api.query(
            NETFILTER, policy="FORWARD", source="198.51.100.7", destination="192.0.2.9", protocol="udp", state=state,
            every_packet=every_packet,
        )  # fmt: skip
        return _effects(found)

    assert asked() == [("udp", "denied")]
    assert {effect for _, effect in asked(every_packet=True)} == {"allowed", "denied"}
    assert asked("ESTABLISHED") == [("udp", "allowed")]


def test_a_rate_limit_leaves_two_cases() -> None:
    result = api.query(NETFILTER, policy="FORWARD", source="any4", icmp="echo-request")
    (region,) = result.regions
    assert not region.sure
    assert [case.decider.effect for case in region.cases] == ["allowed", "denied"]
    assert "limit" in region.cases[0].only_if[0]
    assert not region.cases[1].only_if


def test_every_list_that_packets_enter_and_that_has_rules_is_asked() -> None:
    result = api.query(NETFILTER, source="198.51.100.7")
    assert [policy.policy for policy in result.answer.policies] == ["FORWARD"]


def test_an_interface_chooses_the_lists_that_are_applied_there() -> None:
    config = api.load("fixtures/cisco_asa/dc-edge.cfg")
    result = api.query(config, in_interface="dmz", source="any4", protocol="gre")
    assert [policy.policy for policy in result.answer.policies] == ["DMZ_IN"]
    with pytest.raises(api.QuestionError, match="no policy is applied to dnz in"):
        api.query(config, in_interface="dnz")


def test_what_is_allowed_names_the_rules_that_allow_it() -> None:
    result = api.query(ASA, destination="192.0.2.0/28", allowed=True)
    assert [(one.packets.service, [rule.rule and rule.rule.index for rule in one.rules]) for one in result.regions] == [
        ("icmp type 8", [4]),
        ("tcp 443", [0]),
    ]


def test_a_question_about_another_family_reaches_nothing() -> None:
    result = api.query(NETFILTER, policy="FORWARD", source="2001:db8::1")
    assert not result.regions
    assert result.answer.notes == ("FORWARD sees no packet of the question",)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [({"policy": "OUTSIDE"}, "did you mean OUTSIDE_IN"), ({"device": "edge"}, "did you mean edge-fw")],
)
def test_what_does_not_exist_is_said_with_a_remedy(arguments: dict[str, str], text: str) -> None:
    with pytest.raises(api.QuestionError, match=text.replace("?", r"\?")):
        api.query(ASA, **arguments)  # type: ignore[arg-type]


def test_one_packet_of_a_large_configuration_names_its_rule() -> None:
    rules = "".join(
        f"access-list BIG extended permit tcp host 10.{n >> 8 & 255}.{n & 255}.1 host 192.0.2.{n % 250} eq {n % 9000}\n"
        for n in range(3000)
    )
    config = api.loads("hostname big\n" + rules + "access-group BIG in interface inside\n")
    result = api.query(
        config, source="10.8.9.1", destination=f"192.0.2.{(8 * 256 + 9) % 250}", protocol="tcp", destination_port=2057
    )
    (region,) = result.regions
    assert region.cases[0].decider.rule is not None
    assert region.cases[0].decider.rule.index == 2057


# --- equivalent -------------------------------------------------------------------------------------------------


def test_the_same_rules_written_in_another_way_are_equivalent() -> None:
    inlined = api.EXAMPLE.replace("any4 object-group WEB eq 443", "any4 host 192.0.2.11 eq https")
    assert api.equivalent(ASA, api.loads(inlined))
    assert not api.equivalent(ASA, api.loads(inlined.replace("192.0.2.11 eq", "192.0.2.12 eq")))


def test_lists_of_different_platforms_are_compared_on_what_both_see() -> None:
    asa = api.loads(
        "hostname a\naccess-list L extended permit tcp any4 host 192.0.2.10 eq 443\naccess-group L in interface o\n"
    )
    rules = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -d 192.0.2.10 -p tcp --dport 443 -j ACCEPT\nCOMMIT\n"
    same = api.equivalent(asa, api.loads(rules), policy=("L", "FORWARD"))
    assert same
    assert same.answer.comparisons[0].notes == ("IPv6 was not compared: only one of the lists sees it",)
    other = api.equivalent(asa, api.loads(rules.replace("443", "444")), policy=("L", "FORWARD"))
    assert [one.packets.service for one in other.differences] == ["tcp 443", "tcp 444"]


def test_how_a_packet_is_refused_matters_unless_only_the_effect_is_asked_for() -> None:
    dropping = api.loads(IPTABLES.replace("-j REJECT", "-j DROP"))
    assert api.equivalent(NETFILTER, dropping).verdict == "different"
    assert api.equivalent(NETFILTER, dropping, effect_only=True).verdict == "equivalent"


def test_a_list_without_counterpart_is_a_difference() -> None:
    more = api.loads(
        api.EXAMPLE + "access-list EXTRA extended permit ip any4 any4\naccess-group EXTRA in interface x\n"
    )
    result = api.equivalent(ASA, more)
    assert (result.verdict, [one.policy for one in result.answer.unmatched]) == ("different", ["EXTRA"])
    both = api.equivalent(more, api.loads(api.EXAMPLE.replace("edge-fw", "other").replace("OUTSIDE_IN", "EXTRA")))
    assert both.verdict == "different"
    three = api.loads(api.EXAMPLE + api.EXAMPLE.replace("OUTSIDE_IN", "THIRD"))
    result = api.equivalent(more, three)
    assert [one.policy for one in result.answer.unmatched] == ["EXTRA", "THIRD"]
    assert result.verdict == "different"
    assert result.answer.comparisons[0].answer is Certainty.EQUIVALENT


def test_sides_without_a_list_in_common_are_refused() -> None:
    two = api.EXAMPLE + "access-list B extended permit ip any4 any4\naccess-group B in interface x\n"
    other = two.replace("OUTSIDE_IN", "Y").replace(" B ", " Z ")
    with pytest.raises(api.QuestionError, match="no policy in common"):
        api.equivalent(api.loads(two), api.loads(other))
    with pytest.raises(api.QuestionError, match="one of each"):
        api.equivalent(ASA, ASA, policy=("A", "B", "C"))


def test_a_rate_limited_rule_that_moved_down_is_the_same() -> None:
    moved = IPTABLES.replace("*filter\n", "# a comment\n# and another\n*filter\n")
    assert api.equivalent(NETFILTER, api.loads(moved))
    stricter = api.equivalent(NETFILTER, api.loads(IPTABLES.replace("5/sec", "1/sec")))
    assert stricter.verdict == "undecided"
    assert "rate limited" in stricter.answer.comparisons[0].reason


# --- simulate ---------------------------------------------------------------------------------------------------


def test_an_edit_of_a_called_list_is_followed_on_every_way_in() -> None:
    result = api.simulate(NETFILTER, policy="WEB", remove=[0])
    assert [one.before.policy for one in result.answer.comparisons] == ["FORWARD"]
    assert {case.before for one in result.differences for case in one.cases} == {"permit"}
    assert {rule.rule.index for one in result.differences for rule in one.before if rule.rule} == {0}


@pytest.mark.parametrize(
    ("config", "policy", "line", "neutral"),
    [
        (
            ASA,
            "OUTSIDE_IN",
            "access-list OUTSIDE_IN extended deny tcp 10.1.2.0 255.255.255.0 object-group WEB eq https",
            "deny src=10.1.2.0/24 dst=WEB proto=tcp dport=443",
        ),
        (
            NETFILTER,
            "FORWARD",
            "-A FORWARD -s 10.1.2.0/24 -d 192.0.2.10 -p tcp -m tcp --dport 443 -j DROP",
            "deny src=10.1.2.0/24 dst=192.0.2.10 proto=tcp dport=443",
        ),
    ],
)
def test_a_rule_in_the_platform_s_words_does_the_same_as_in_neutral_ones(
    config: api.Config, policy: str, line: str, neutral: str
) -> None:
    for place in ("0", "2", "end"):
        one, two = (api.simulate(config, policy=policy, insert=f"{place}:{text}") for text in (line, neutral))
        shown = [[(d.packets, d.cases) for d in result.differences] for result in (one, two)]
        assert shown[0] == shown[1]
    assert api.simulate(config, policy=policy, insert=f"0:{line}").verdict == "different"


def test_several_edits_count_from_the_list_as_it_is() -> None:
    swapped = api.simulate(ASA, move_rules=["4:0", "1:5"])
    assert swapped.verdict == "equivalent"
    assert swapped.answer.edits[0].startswith("move #4 of OUTSIDE_IN before #0: access-list")
    assert api.simulate(ASA, move_rules=["3:1"]).verdict == "different"
    both = api.simulate(ASA, remove=[0, 1])
    assert [one.packets.service for one in both.differences] == ["tcp 443"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"remove": 6}, "no position '6'; positions go from 0 to 5"),
        ({"remove": "x"}, "no position 'x'"),
        ({"remove": [1, 1]}, "twice"),
        ({"move_rules": "1"}, "FROM:TO"),
        ({"move_rules": "1:9"}, "no position '9'; positions go from 0 to 6"),
        ({"insert": "permit"}, "no position"),
        ({"insert": "0:"}, "no position"),
        ({"insert": "0:permit sorce=any"}, "there is no field 'sorce'; did you mean source"),
        ({"insert": "0:permit src=NOPE"}, "'NOPE'"),
        ({"insert": "0:access-list OTHER extended permit ip any any"}, "does not become a rule of OUTSIDE_IN"),
        ({"insert": "0:access-list OUTSIDE_IN extended permit ip any"}, "not"),
        ({"insert": "0:gibberish here"}, "does not become a rule"),
        ({}, "say what to change"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(arguments: dict[str, object], text: str) -> None:
    with pytest.raises(api.QuestionError) as caught:
        api.simulate(ASA, **arguments)  # type: ignore[arg-type]
    assert text in str(caught.value)


def test_the_list_to_edit_has_to_be_named_where_there_are_several() -> None:
    config = api.load("fixtures/cisco_asa/dc-edge.cfg")
    with pytest.raises(api.QuestionError, match="name the policy to change"):
        api.simulate(config, remove=[1])


def test_side_effects_are_mentioned() -> None:
    result = api.simulate(NETFILTER, policy="WEB", remove=[1])
    assert result.verdict == "equivalent"
    assert any("side effect" in note for note in result.answer.notes)


# --- loading and frames -----------------------------------------------------------------------------------------


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(api.ReadError, match="does not exist"):
        api.load(tmp_path / "nothing.cfg")
    with pytest.raises(api.ReadError, match="no supported platform"):
        api.loads("once upon a time\n")
    with pytest.raises(api.QuestionError, match="did you mean cisco_asa"):
        api.loads(api.EXAMPLE, platform="cisco_assa")


def test_frames_have_their_columns_even_when_they_are_empty() -> None:
    assert list(api.equivalent(ASA, ASA).frame().columns)[:3] == ["before", "after", "source"]
    assert len(api.equivalent(ASA, ASA).frame()) == 0
    empty = api.query(NETFILTER, policy="FORWARD", source="2001:db8::1").frame()
    assert (len(empty), str(empty["rule"].dtype)) == (0, "Int64")


def test_a_frame_has_one_row_for_each_case() -> None:
    frame = api.query(NETFILTER, policy="FORWARD", source="any4", icmp="echo-request").frame()
    assert frame["effect"].tolist() == ["allowed", "denied"]
    assert frame["sure"].tolist() == [False, False]
    assert frame["rule"].isna().tolist() == [False, True]


def test_an_analysis_is_that_of_the_command() -> None:
    result = api.analyze(ASA, NETFILTER)
    assert {one.device for one in result.findings} >= {"edge-fw"}
    assert result.frame()["kind"].tolist() == [one.kind.value for one in result.findings]
    assert '"schema": "rulecheck.report/1"' in result.json()
    assert "OUTSIDE_IN" in result.text()
    assert result.html().startswith("<!DOCTYPE html>") or "<html" in result.html()
