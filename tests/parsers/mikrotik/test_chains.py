"""Chains, actions and the order of rules."""

from __future__ import annotations

import pytest

from rulecheck.engine import analyze_policies
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Verb
from tests.parsers.mikrotik.reading import codes, filtered, policy, read, rule


def test_built_in_chains_accept_and_others_return() -> None:
    device = filtered("chain=input", "chain=forward action=jump jump-target=x", "chain=x action=drop")
    assert [(one.name, one.entry, one.default) for one in device.policies] == [
        ("input", True, PERMIT),
        ("forward", True, PERMIT),
        ("x", False, RETURN),
    ]
    jump = policy(device).rules[0]
    assert (jump.outcome.verb, jump.calls) == (Verb.CALL, "x")
    assert policy(device, "x").applied_to == ("called from forward",)
    assert policy(device, "x").applied


def test_tables_and_families_have_names_of_their_own() -> None:
    menus = ("ip firewall nat", "ip firewall mangle", "ip firewall raw", "ipv6 firewall filter", "ipv6 firewall nat")
    device = read("\n".join(f"/{menu} add chain=output" for menu in menus))
    assert [(one.name, one.scope) for one in device.policies] == [
        ("raw/output", "ip raw"),
        ("mangle/output", "ip mangle"),
        ("nat/output", "ip nat"),
        ("ipv6:nat/output", "ipv6 nat"),
        ("ipv6:output", "ipv6 filter"),
    ]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", PERMIT),
        ("action=accept", PERMIT),
        ("action=drop", DENY),
        ("action=reject", Outcome(Verb.REJECT, ("icmp-network-unreachable",))),
        ("action=reject reject-with=tcp-reset", Outcome(Verb.REJECT, ("tcp-reset",))),
        ("action=tarpit", Outcome(Verb.OTHER, ("tarpit",))),
        ("action=return", RETURN),
        ("action=passthrough", Outcome(Verb.CONTINUE, ("passthrough",))),
        ("action=log", Outcome(Verb.CONTINUE, ("log",))),
        ("action=fasttrack-connection hw-offload=yes", Outcome(Verb.CONTINUE, ("fasttrack-connection",))),
        (
            "action=add-dst-to-address-list address-list=x address-list-timeout=1h",
            Outcome(Verb.CONTINUE, ("add-dst-to-address-list", "x")),
        ),
    ],
)
def test_actions_of_filter(text: str, outcome: Outcome) -> None:
    assert rule(text).outcome == outcome


def test_actions_of_nat_and_mangle() -> None:
    nat = read("/ip firewall nat add chain=dstnat action=dst-nat to-addresses=10.0.0.1 to-ports=80")
    assert nat.policies[0].rules[0].outcome == Outcome(
        Verb.TRANSLATE, ("dst-nat", "to-addresses 10.0.0.1", "to-ports 80")
    )
    device = read(
        "/ip firewall mangle\n"
        "add chain=forward action=mark-packet new-packet-mark=a passthrough=no\n"
        "add chain=forward action=mark-packet new-packet-mark=b packet-mark=a\n"
        "add chain=forward packet-mark=a"
    )
    first, second, third = policy(device, "mangle/forward").rules
    assert first.outcome == Outcome(Verb.OTHER, ("mark-packet", "a"))
    assert second.outcome == Outcome(Verb.CONTINUE, ("mark-packet", "b"))
    assert second.match.conditions[0].key != third.match.conditions[0].key


def test_logging_and_comments() -> None:
    one = rule('log=yes log-prefix="drop it" comment="first \\"rule\\""')
    assert one.logging is not None
    assert one.logging.text == "log drop it"
    assert one.description == 'first "rule"'
    assert rule("action=log").logging is not None
    assert rule('log=no log-prefix="x"').logging is None


def test_fasttrack_does_not_end_the_chain() -> None:
    device = filtered("chain=forward action=fasttrack-connection", "chain=forward action=drop protocol=tcp")
    verdicts = analyze_policies(device.policies)[0].verdicts
    assert verdicts[1].kind is None


def test_jumps_that_lead_nowhere() -> None:
    device = filtered(
        "chain=forward action=jump jump-target=ghost",
        "chain=forward action=jump jump-target=loop",
        "chain=forward action=jump jump-target=input",
        "chain=loop action=jump jump-target=loop",
        "chain=input action=accept",
        "chain=lonely action=accept",
    )
    assert codes(device) == [("RC603", 2), ("RC606", 4), ("RC604", 5), ("RC608", 7)]
    ghost, loop, base = policy(device).rules
    assert ghost.outcome == Outcome(Verb.CONTINUE, ("jump", "ghost"))
    assert ghost.match.all_conditions() == ()
    assert loop.calls == "loop"
    assert base.match.must((4,)) == ()
    assert policy(device, "lonely").applied is False


def names(text: str) -> list[str]:
    return [one.description for one in policy(read("/ip firewall filter\n" + text)).rules]


RULES = "add chain=forward comment=a\nadd chain=forward comment=b\nadd chain=forward comment=c\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("add chain=forward comment=d place-before=0", ["d", "a", "b", "c"]),
        ("add chain=forward comment=d place-before=[find comment=c]", ["a", "b", "d", "c"]),
        ("move 2 0", ["c", "a", "b"]),
        ("move [find comment=a] destination=2", ["b", "a", "c"]),
        ("move numbers=0", ["b", "c", "a"]),
        ("remove [find comment=b]", ["a", "c"]),
        ("remove 0,2", ["b"]),
        ("remove [find]", []),
        ('set [find where comment="b"] comment=z', ["a", "z", "c"]),
        ("set 1 comment=z", ["a", "z", "c"]),
        ("set numbers=1 comment=z", ["a", "z", "c"]),
    ],
)
def test_commands_that_change_rules(command: str, expected: list[str]) -> None:
    device = read("/ip firewall filter\n" + RULES + command)
    assert [one.description for each in device.policies for one in each.rules] == expected
    assert codes(device) == []


def test_enable_and_disable() -> None:
    device = read("/ip firewall filter\n" + RULES + "disable 0\ndisable [find comment=b]\nenable 0")
    assert [one.enabled for one in policy(device).rules] == [True, False, True]


@pytest.mark.parametrize(
    "command",
    [
        "set *5 action=drop",
        "remove 7",
        'set [find comment~"x"] action=drop',
        "move 0 *9",
        "set action=drop",
        "explode 1",
    ],
)
def test_commands_that_are_not_understood_put_all_rules_in_doubt(command: str) -> None:
    device = read("/ip firewall filter\n" + RULES + command + "\nadd chain=forward comment=later")
    assert codes(device) == [("RC601" if command == "explode 1" else "RC602", 5)]
    assert device.diagnostics[0].affects_verdicts
    assert [bool(one.match.must((4,))) for one in policy(device).rules] == [False, False, False, True]
