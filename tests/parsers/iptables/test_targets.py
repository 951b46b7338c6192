from __future__ import annotations

import pytest

from rulecheck.model.rule import DENY, PERMIT, RETURN, Hits, Logging, Outcome, Verb
from tests.parsers.iptables.reading import codes, policy, rule, table


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("-j ACCEPT", PERMIT),
        ("--jump DROP", DENY),
        ("-j RETURN", RETURN),
        ("-j REJECT", Outcome(Verb.REJECT, ("icmp-port-unreachable",))),
        ("-j REJECT --reject-with icmp-port-unreachable", Outcome(Verb.REJECT, ("icmp-port-unreachable",))),
        ("-j REJECT --reject-with tcp-rst", Outcome(Verb.REJECT, ("tcp-reset",))),
        ("-j QUEUE", Outcome(Verb.OTHER, ("queue",))),
        (
            "-j NFQUEUE --queue-num 2 --queue-bypass",
            Outcome(Verb.OTHER, ("nfqueue", "--queue-bypass", "--queue-num 2")),
        ),
        ("", Outcome(Verb.CONTINUE, ("count",))),
        ('-j LOG --log-prefix "a b" --log-level 4', Outcome(Verb.CONTINUE, ("log",))),
        ("-j TRACE", Outcome(Verb.CONTINUE, ("trace",))),
        ("-j MARK --set-xmark 0x1/0xff", Outcome(Verb.CONTINUE, ("mark", "--set-xmark 0x1/0xff"))),
        ("-j CT --notrack", Outcome(Verb.CONTINUE, ("ct", "--notrack"))),
        ("-p tcp -j TCPMSS --clamp-mss-to-pmtu", Outcome(Verb.CONTINUE, ("tcpmss", "--clamp-mss-to-pmtu"))),
        ("-j SET --add-set a src", Outcome(Verb.CONTINUE, ("set", "--add-set a src"))),
        ("-j MASQUERADE", Outcome(Verb.TRANSLATE, ("masquerade",))),
        ("-j MASQUERADE --random", Outcome(Verb.TRANSLATE, ("masquerade", "--random"))),
        ("-j SNAT --to-source 192.0.2.1", Outcome(Verb.TRANSLATE, ("snat", "--to-source 192.0.2.1"))),
        ("-j SNAT --to 192.0.2.1", Outcome(Verb.TRANSLATE, ("snat", "--to-source 192.0.2.1"))),
        (
            "-j DNAT --to-destination 10.0.0.1:80 --persistent",
            Outcome(Verb.TRANSLATE, ("dnat", "--persistent", "--to-destination 10.0.0.1:80")),
        ),
        ("-p tcp -j REDIRECT --to-ports 3128", Outcome(Verb.TRANSLATE, ("redirect", "--to-ports 3128"))),
        ("-j NETMAP --to 10.0.0.0/24", Outcome(Verb.TRANSLATE, ("netmap", "--to 10.0.0.0/24"))),
    ],
)
def test_outcomes(target: str, expected: Outcome) -> None:
    found = rule(target)
    assert found.outcome == expected
    assert found.match.all_conditions() == ()
    assert found.calls is None


def test_reject_of_ip6tables() -> None:
    assert rule("-j REJECT", family=6).outcome.details == ("icmp6-port-unreachable",)
    assert rule("-j REJECT --reject-with no-route", family=6).outcome.details == ("icmp6-no-route",)


def test_logging_is_kept_beside_the_outcome() -> None:
    assert rule('-j LOG --log-prefix "IN: "').logging == Logging("LOG --log-prefix IN: ")
    assert rule("-j NFLOG --nflog-group 1").logging == Logging("NFLOG --nflog-group 1")
    assert rule("-j ACCEPT").logging is None


@pytest.mark.parametrize("target", ["TPROXY --on-port 1", "SYNPROXY --mss 1460", "CLUSTERIP --new", "DNPT"])
def test_targets_that_may_go_on_are_conditional(target: str) -> None:
    found = rule(f"-p tcp -j {target}")
    assert found.outcome.verb is Verb.OTHER
    assert len(found.match.all_conditions()) == 1


def test_unknown_target() -> None:
    device = table("-A INPUT -s 10.0.0.1/32 -j FROBNICATE --hard 3")
    assert codes(device) == [("RC602", 5)]
    (found,) = policy(device, "INPUT").rules
    assert found.outcome.verb is Verb.OTHER
    assert found.match.must((4,)) == ()


@pytest.mark.parametrize("options", ["--add-set", "--add-set --exist", "--map-set \u00b2"])
def test_unknown_target_with_damaged_options(options: str) -> None:
    device = table(f"-A INPUT -j --hard {options}")
    assert codes(device) == [("RC603", 5)]
    (found,) = policy(device, "INPUT").rules
    assert found.match.must((4,)) == ()


@pytest.mark.parametrize("jump", ["-j missing", "-g MISSING"])
def test_jump_to_a_chain_that_is_not_there(jump: str) -> None:
    device = table(f"-A INPUT {jump}")
    assert codes(device) == [("RC603", 5)]
    (found,) = policy(device, "INPUT").rules
    assert (found.outcome.verb, found.calls) == (Verb.OTHER, None)
    assert found.match.must((4,)) == ()


def test_jump_to_a_base_chain_is_refused() -> None:
    device = table("-A INPUT -j FORWARD")
    assert codes(device) == [("RC606", 5)]
    assert policy(device, "INPUT").rules[0].calls is None


def test_two_targets_are_malformed() -> None:
    assert codes(table("-A INPUT -j ACCEPT -j DROP")) == [("RC606", 5)]


@pytest.mark.parametrize("line", ["[7:420] -A INPUT -j DROP", "-A INPUT -c 7 420 -j DROP", "-A INPUT -j DROP -c 7 420"])
def test_counters(line: str) -> None:
    assert policy(table(line), "INPUT").rules[0].hits == Hits(7, 420)
    assert rule("-j DROP").hits is None


def test_secrets_in_comments_do_not_get_into_the_model() -> None:
    device = table('-A INPUT -m comment --comment "password: hunter2secret" -j ACCEPT')
    assert "hunter2secret" not in repr(device)
