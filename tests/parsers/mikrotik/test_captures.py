"""What files look like: continued lines, terse exports, prompts, quotes, listings, damage."""

from __future__ import annotations

import pytest

from tests.parsers.mikrotik.reading import codes, hits, policy, read


def test_continued_lines_also_inside_of_quotes() -> None:
    text = (
        '/ip firewall filter\nadd action=drop chain=forward comment="long \\\n    comment" dst-port=\\\n    80,443 \\\n'
        "    protocol=tcp\nadd chain=forward\n"
    )
    device = read(text)
    first, second = policy(device).rules
    assert first.description == "long comment"
    assert hits(first.match, destination_port=443)
    assert (first.origin.line, second.origin.line) == (2, 6)
    assert "dst-port=80,443" in first.origin.text
    assert device.source.lines.understood == 5


def test_terse_exports_and_slashes() -> None:
    text = (
        "/ip firewall filter add chain=forward comment=a\n/ip/firewall/filter/add chain=forward comment=b\n"
        "/ip/firewall/filter\nadd chain=forward comment=c\n/ip firewall\nfilter add chain=forward comment=d\n"
    )
    device = read(text)
    assert [one.description for one in policy(device).rules] == ["a", "b", "c", "d"]
    assert codes(device) == []


def test_prompts_and_messages_of_a_terminal() -> None:
    text = (
        "[admin@MikroTik] > /export\n# comment\n/ip firewall filter\n17:20:06 echo: system,error login failure\n"
        "add chain=forward comment=a\n[admin@MikroTik] /ip firewall filter> add chain=forward comment=b\n"
    )
    device = read(text)
    assert [one.description for one in policy(device).rules] == ["a", "b"]
    assert device.source.lines.unknown == 0


def test_escapes() -> None:
    one = policy(read('/ip firewall filter\nadd chain=forward comment="a\\"b\\\\c\\20d\\_e\\$"')).rules[0]
    assert one.description == 'a"b\\c d e$'


def test_the_name_of_the_router() -> None:
    assert read("/system identity\nset name=gw-1\n").name == "gw-1"
    assert read("/system identity\n", "site.rsc").name == "site"


@pytest.mark.parametrize("tail", ['comment="never closed', "src-address=[find x"])
def test_broken_quotes_and_brackets_make_the_rule_inexact(tail: str) -> None:
    device = read(f"/ip firewall filter\nadd chain=forward {tail}\nadd chain=forward comment=b\n")
    assert "RC602" in {code for code, _ in codes(device)}
    first, second = policy(device).rules
    assert first.match.must((4,)) == ()
    assert second.match.must((4,)) != ()


def test_rules_without_chain_and_unknown_menus_are_reported() -> None:
    device = read("/ip firewall filter\nadd action=drop\n/frobnicate\nset a=b\nwhat is this\n")
    assert device.source.lines.unknown == 4
    assert device.policies == ()


def test_listings_are_refused() -> None:
    text = "Flags: X - disabled, I - invalid, D - dynamic \n 0    ;;; a\n      chain=input action=accept \n"
    device = read(text)
    assert [(one.code, one.line, one.affects_verdicts) for one in device.diagnostics] == [("RC605", 0, True)]
    assert device.policies == ()
    assert device.source.lines.unknown == 0


def test_bridge_filters_are_said_to_be_missing() -> None:
    device = read("/interface bridge filter\nadd chain=forward action=drop\nadd chain=input action=drop\n")
    assert [code for code, _ in codes(device)] == ["RC601"]
    assert device.policies == ()


def test_a_file_that_ends_in_the_middle_of_a_command() -> None:
    device = read("/ip firewall filter\nadd chain=forward \\\n    protocol=tcp \\\n")
    assert len(policy(device).rules) == 1
    assert device.source.lines.unknown == 0


def test_secrets_do_not_reach_the_model() -> None:
    secret = "Qw7SuperSecretValue"
    text = f"/ppp secret\nadd name=u password={secret}\n/ip firewall filter\n"
    text += f'add chain=forward comment="password: {secret}" content="psk={secret}1"\n/snmp bogus password={secret}\n'
    assert secret not in repr(read(text))
