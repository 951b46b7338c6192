"""What files look like: prompts, pagers, quotes, values over several lines, VDOMs, truncation."""

from __future__ import annotations

from tests.parsers.fortios.reading import BASE, codes, entry, item, policies, policy, read, rule, section

VDOMS = "\n".join(
    [
        "#config-version=FGVM64-7.2.4-FW-build1-1:opmode=0:vdom=1:user=admin",
        "config vdom",
        "edit root",
        "next",
        "edit red",
        "next",
        "end",
        "config global",
        "config system global",
        '    set hostname "two"',
        "end",
        "config system interface",
        '    edit "port1"',
        '        set vdom "red"',
        "    next",
        "end",
        "end",
        "config vdom",
        "edit root",
        "config firewall address",
        '    edit "net"',
        "        set subnet 10.1.0.0 255.255.0.0",
        "    next",
        "end",
        "config firewall policy",
        entry(1, srcaddr='"net"', srcintf='"port1"'),
        "end",
        "end",
        "config vdom",
        "edit red",
        "config firewall address",
        '    edit "net"',
        "        set subnet 10.2.0.0 255.255.0.0",
        "    next",
        "end",
        "config firewall policy",
        entry(1, srcaddr='"net"'),
        entry(2, srcaddr='"gone"'),
        "end",
        "end",
        "",
    ]
)


def test_each_vdom_has_its_policies_and_objects() -> None:
    device = read(VDOMS)
    assert device.name == "two"
    assert [(one.name, one.applied_to) for one in device.policies] == [
        ("root/policy", ("traffic through the firewall, vdom root",)),
        ("red/policy", ("traffic through the firewall, vdom red",)),
    ]
    first, second = (one.rules[0].match.source.elements[0].values for one in device.policies)
    assert not first.meets(second)
    assert [one.name for one in device.objects] == ["root/net", "red/net"]
    assert {one.name for one in device.uses if one.name.endswith("/net")} == {"root/net", "red/net"}
    assert [code for code, _ in codes(device)] == ["RC603"]
    assert device.source.lines.unknown == 0


def test_prompts_and_pagers_of_a_terminal() -> None:
    plain = BASE + section("firewall policy", entry())
    lines = ["FGT-1 # show", *plain.splitlines(), "", "FGT-1 (global) # get system status", "FGT-1 $ exit"]
    lines[4] = "--More-- \x08\x08\x08\x08         \x08\x08\x08" + lines[4]
    device = read("\n".join(lines))
    assert codes(device) == []
    assert device.source.lines.unknown == 0
    assert policy(device).rules[0].match.must((4,)) != ()


def test_prompts_in_front_of_commands() -> None:
    text = (BASE + section("firewall policy", entry())).replace(
        "config firewall policy", "FW (root) # config firewall policy"
    )
    assert len(policy(read(text)).rules) == 1


def test_values_over_several_lines() -> None:
    value = '"-----BEGIN\nabc=\nend\nnext\n-----END"'
    cert = f'config vpn certificate local\n    edit "c"\n        set certificate {value}\n    next\nend\n'
    device = policies(entry(), before=BASE + cert)
    assert codes(device) == []
    assert len(policy(device).rules) == 1
    assert rule(comments='"one\n  set service fake\ntwo"').description.splitlines()[0] == "one"


def test_a_value_over_several_lines_may_hold_commands() -> None:
    html = 'config system replacemsg http "x"\n    set buffer "<html>\nconfig firewall policy\nedit 1\n</html>"\nend\n'
    assert read(html).policies == ()


def test_broken_quotes_make_the_rule_inexact_and_swallow_nothing() -> None:
    device = policies(entry(1, service='""HTTPS" "HTTP"'), entry(2))
    assert [code for code, _ in codes(device)] == ["RC602"]
    first, second = policy(device).rules
    assert first.match.must((4,)) == ()
    assert second.match.must((4,)) != ()


def test_broken_quotes_in_a_comment_do_not_matter() -> None:
    device = policies(entry(1, comments='"never closed'), entry(2))
    assert [code for code, _ in codes(device)] == []
    assert [one.match.must((4,)) != () for one in policy(device).rules] == [True, True]


def test_words_join_across_quotes() -> None:
    text = (
        BASE
        + section("firewall address", '    rename host10 to "new"_host')
        + section("firewall policy", entry(srcaddr="new_host"))
    )
    assert codes(read(text)) == []


def test_a_file_that_ends_early() -> None:
    text = (BASE + section("firewall policy", entry(), entry(2))).rsplit("        set service", 1)[0]
    device = read(text)
    assert "RC607" in {code for code, _ in codes(device)}
    assert len(policy(device).rules) == 2


def test_lines_outside_of_sections_are_reported() -> None:
    device = read('next\nend\nset x y\nedit "z"\nhello\n')
    assert device.source.lines.unknown == 5
    assert {code for code, _ in codes(device)} == {"RC601"}


def test_tables_that_are_not_modelled_are_said() -> None:
    text = section("firewall proxy-policy", "    edit 1", '        set srcaddr "net10"', "    next")
    device = read(BASE + text)
    assert [one.code for one in device.diagnostics] == ["RC601"]
    assert "proxy-policy is not modelled" in device.diagnostics[0].message
    assert device.policies == ()
    assert [(one.policy, one.rule, one.name) for one in device.uses] == [("firewall proxy-policy 1", None, "net10")]


def test_steering_rules_of_sdwan_use_addresses() -> None:
    inner = '    config service\n        edit 3\n            set dst "net10"\n        next\n    end\n'
    text = f"config system sdwan\n{inner}end\n"
    (use,) = read(BASE + text).uses
    assert (use.policy, use.rule, use.name) == ("system sdwan service 3", None, "net10")


def test_sections_that_do_not_filter_are_passed_over() -> None:
    text = (
        "config router bgp\n    set as 65000\n    config neighbor\n        edit 10.0.0.1\n        next\n    end\nend\n"
    )
    lines = read(text).source.lines
    assert (lines.ignored, lines.unknown) == (7, 0)


def test_a_section_that_is_not_known_is_one_diagnostic() -> None:
    assert [code for code, _ in codes(read("config frobnicate x\n    set a b\nend\n"))] == ["RC601"]


def test_local_in_interface_and_ngfw_policies() -> None:
    settings = ("set intf any", "set srcaddr all", "set dstaddr all", "set service ALL")
    local = "\n".join(["    edit 1", *(f"        {one}" for one in settings), "    next"])
    mode = section("system settings", "    set ngfw-mode policy-based")
    ngfw = entry(1, application="15832 16920", service=None)
    text = mode + BASE + section("firewall local-in-policy", local)
    text += section("firewall interface-policy", local.replace("intf any", "interface port1"))
    text += section("firewall security-policy", ngfw)
    device = read(text)
    assert [one.name for one in device.policies] == ["security-policy", "local-in-policy", "interface-policy"]
    assert policy(device, "security-policy").applied is True
    assert len(policy(device, "security-policy").rules[0].match.conditions) == 2
    assert policy(device, "local-in-policy").default.label == "continue with the administrative access of the interface"
    assert policy(device, "interface-policy").default.label == "permit"


def test_central_source_nat() -> None:
    nat = "\n".join(
        [
            "    edit 1",
            '        set srcintf "lan"',
            '        set dstintf "wan"',
            '        set orig-addr "net10"',
            '        set dst-addr "all"',
            "        set protocol 6",
            "        set orig-port 1-1024",
            '        set nat-ippool "pool"',
            "    next",
        ]
    )
    device = read(BASE + section("firewall ippool", item("pool")) + section("firewall central-snat-map", nat))
    found = policy(device, "central-snat-map")
    assert found.applied is None
    assert policy(device, "central-snat-map").applied_to == ("traffic through the firewall",)
    assert found.rules[0].outcome.details == ("source NAT", "pool pool")
    services = found.rules[0].match.services
    assert services is not None
    assert services.elements[0].source_ports is not None
    assert ("ippool", "pool") in {(one.kind, one.name) for one in device.uses}


def test_secrets_do_not_reach_the_model() -> None:
    secret = "Zx9SuperSecretValue"
    text = 'config user local\n    edit "u"\n        set passwd ENC ' + secret + "\n    next\nend\n"
    text += BASE + section("firewall policy", entry(comments=f'"password: {secret}"', name=f'"psk {secret}1"'))
    text += f"set psksecret {secret}\n"
    assert secret not in repr(read(text))
