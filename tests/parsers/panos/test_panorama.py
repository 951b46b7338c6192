"""Device groups, pushed rules, several vsys: which rules are met in which order, and what names mean."""

from __future__ import annotations

import pytest

from rulecheck.engine.analyze import analyze_policies
from rulecheck.model.device import Device
from rulecheck.model.finding import Kind
from rulecheck.model.rule import Verb
from tests.parsers.panos.reading import codes, commands, policy, read


def one(scope: str, place: str, name: str, **clauses: str) -> str:
    return commands(name, clauses, f"set {scope}{place}")


def inside(child: str, parent: str) -> str:
    return f"set readonly devices localhost.localdomain device-group {child} parent-dg {parent}\n"


def names(device: Device, name: str) -> list[str | None]:
    return [rule.name for rule in policy(device, name).rules]


def kinds(device: Device) -> dict[tuple[str, int], Kind]:
    return {
        (found.policy, index): verdict.kind
        for found in analyze_policies(device.policies)
        for index, verdict in found.verdicts.items()
        if verdict.kind is not None
    }


CHAIN = (
    one("shared ", "post-rulebase", "shared post")
    + one("shared ", "pre-rulebase", "shared pre")
    + one("device-group outer ", "post-rulebase", "outer post")
    + one("device-group outer ", "pre-rulebase", "outer pre")
    + one("device-group inner ", "post-rulebase", "inner post")
    + one("device-group inner ", "pre-rulebase", "inner pre")
    + "set device-group inner devices [ 0001 0002 ]\n"
    + inside("inner", "outer")
)


def test_one_device_group_is_one_policy_in_order_of_evaluation() -> None:
    device = read(CHAIN)
    found = policy(device, "inner")
    expected = ["shared pre", "outer pre", "inner pre", "inner post", "outer post", "shared post"]
    assert names(device, "inner") == expected
    assert [rule.index for rule in found.rules] == list(range(6))
    assert found.applied_to == ("firewall 0001", "firewall 0002")
    assert found.entry
    assert found.applied
    assert [(entry.code, entry.affects_verdicts) for entry in device.diagnostics] == [("RC605", False)]


def test_shared_rules_of_several_device_groups_are_lists_that_are_called() -> None:
    device = read(CHAIN + one("device-group other ", "pre-rulebase", "other pre"))
    found = {entry.name: entry for entry in device.policies}
    calls = {name: [rule.calls for rule in found[name].implicit] for name in ("inner", "other")}
    assert calls["inner"] == [
        *("shared pre-rulebase", "outer pre-rulebase", "inner pre-rulebase"),
        *("inner post-rulebase", "outer post-rulebase", "shared post-rulebase", None),
    ]
    assert calls["other"] == ["shared pre-rulebase", "other pre-rulebase", "shared post-rulebase", None]
    lists = [entry for entry in device.policies if not entry.entry]
    assert all(entry.default.verb is Verb.RETURN for entry in lists)
    assert names(device, "shared post-rulebase") == ["shared post"]
    assert found["inner"].kind == "dispatch"
    assert (found["inner"].applied, found["other"].applied) == (True, None)


def test_a_shared_rule_is_dead_only_if_it_is_dead_in_every_group() -> None:
    text = one("shared ", "post-rulebase", "p", source="10.0.0.0/8")
    text += one("device-group a ", "pre-rulebase", "r", source="10.0.0.0/8", action="drop")
    alive = kinds(read(text + one("device-group b ", "pre-rulebase", "r", source="10.1.0.0/16", action="drop")))
    assert ("shared post-rulebase", 0) not in alive
    dead = kinds(read(text + one("device-group b ", "pre-rulebase", "r", source="any", action="drop")))
    assert dead["shared post-rulebase", 0] is Kind.SHADOWED


def test_a_group_with_firewalls_and_groups_inside_is_a_way_in_too() -> None:
    text = CHAIN + "set device-group outer devices 0009\n"
    starts = [entry.name for entry in read(text).policies if entry.entry]
    assert starts == ["outer", "inner"]


def test_default_rules_come_from_the_nearest_group() -> None:
    default = "default-security-rules rules interzone-default action"
    text = CHAIN + f"set shared post-rulebase {default} drop\n"
    assert policy(read(text), "inner").default.label == "deny drop"
    text += f"set device-group outer post-rulebase {default} allow\n"
    assert policy(read(text), "inner").default.label == "permit"


def test_names_mean_the_nearest_object() -> None:
    text = "set shared address a ip-netmask 10.0.0.1\nset device-group inner address a ip-netmask 10.0.0.2\n"
    text += "set shared address-group g static a\n"
    text += one("device-group inner ", "pre-rulebase", "r", source="a", destination="g") + inside("inner", "outer")
    device = read(text)
    (rule,) = policy(device, "inner").rules
    assert [e.text for e in rule.match.source.elements] == ["10.0.0.2"]
    assert [e.text for e in rule.match.destination.elements] == ["10.0.0.2"]
    assert sorted(entry.name for entry in device.objects) == ["g", "inner/a", "shared/a"]
    assert {(use.kind, use.name) for use in device.uses} == {("address", "inner/a"), ("address-group", "g")}


def test_a_shared_rule_whose_objects_groups_override_is_inexact() -> None:
    text = "set shared address a ip-netmask 10.0.0.1\nset device-group inner address a ip-netmask 10.0.0.2\n"
    text += "set shared service s protocol tcp port 1\nset device-group inner service s protocol tcp port 2\n"
    text += one("shared ", "pre-rulebase", "r", source="a", service="s")
    text += one("device-group inner ", "pre-rulebase", "x") + one("device-group other ", "pre-rulebase", "y")
    (rule,) = policy(read(text), "shared pre-rulebase").rules
    keys = [entry.key for entry in rule.match.all_conditions()]
    assert keys == ["source override:shared:a", "override:shared:s"]
    assert not rule.match.must()
    (element,) = rule.match.source.elements
    assert len(element.values.intervals) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (inside("a", "b") + inside("b", "a"), "RC604"),
        (inside("a", "a"), "RC604"),
        (inside("a", "nowhere"), "RC603"),
    ],
)
def test_broken_nesting_is_reported(text: str, code: str) -> None:
    rules = one("device-group a ", "pre-rulebase", "r") + one("device-group b ", "pre-rulebase", "s")
    device = read(rules + text)
    assert code in {entry.code for entry in device.diagnostics}
    assert {entry.name for entry in device.policies if entry.entry} <= {"a", "b"}


def test_deep_nesting_is_cut_and_reported() -> None:
    text = "".join(one(f"device-group g{n} ", "pre-rulebase", f"r{n}") for n in range(60))
    text += "".join(inside(f"g{n}", f"g{n - 1}") for n in range(1, 60))
    assert "RC606" in {entry.code for entry in read(text).diagnostics}


def test_rules_that_panorama_pushed_surround_those_of_the_firewall() -> None:
    text = one("policy panorama ", "pre-rulebase", "before") + one("policy panorama ", "post-rulebase", "behind")
    text += one("", "rulebase", "own", source="pushed") + "set policy panorama address pushed ip-netmask 10.0.0.1\n"
    device = read(text)
    assert names(device, "vsys1") == ["before", "own", "behind"]
    assert not device.diagnostics


def test_pushed_rules_by_vsys_in_a_merged_configuration() -> None:
    rule = "<rules><entry name='{}'><action>deny</action></entry></rules>"
    security = "<{0}><security>{1}</security></{0}>"
    text = "<config version='10.1.0' urldb='x'><devices><entry name='d'><vsys>"
    for vsys in ("vsys1", "vsys2"):
        text += f"<entry name='{vsys}'>{security.format('rulebase', rule.format('own ' + vsys))}</entry>"
    pushed = security.format("pre-rulebase", rule.format("pushed"))
    text += f"</vsys></entry></devices><panorama><vsys><entry name='vsys2'>{pushed}</entry></vsys></panorama></config>"
    device = read(text)
    assert names(device, "vsys1") == ["own vsys1"]
    assert names(device, "vsys2") == ["pushed", "own vsys2"]


def test_each_vsys_is_a_policy_with_its_own_objects() -> None:
    text = "set vsys vsys1 address a ip-netmask 10.0.0.1\nset vsys vsys2 address a ip-netmask 10.0.0.2\n"
    text += one("vsys vsys1 ", "rulebase", "r", source="a") + one("vsys vsys2 ", "rulebase", "r", source="a")
    device = read(text)
    found = [[e.text for e in policy(device, name).rules[0].match.source.elements] for name in ("vsys1", "vsys2")]
    assert found == [["10.0.0.1"], ["10.0.0.2"]]


def test_uses_outside_the_rules_are_noted() -> None:
    text = """set address nat-pool ip-netmask 192.0.2.1
set address peer ip-netmask 192.0.2.2
set address unused ip-netmask 192.0.2.3
set service svc protocol tcp port 1
set rulebase nat rules n source nat-pool
set rulebase nat rules n service svc
set rulebase nat rules n source-translation dynamic-ip-and-port translated-address nat-pool
set network ike gateway g peer-address ip peer
"""
    device = read(text)
    assert {(use.policy, use.rule, use.kind, use.name) for use in device.uses} == {
        ("nat rule n", None, "address", "nat-pool"),
        ("nat rule n", None, "service", "svc"),
        ("the network settings", None, "address", "peer"),
    }
    assert device.source.lines.unknown == 0


def test_uses_of_a_rule_and_contents_of_objects() -> None:
    text = """set address a ip-netmask 10.0.0.1
set address-group g static a
set service s protocol tcp port 1
set service-group sg members s
set application app default port tcp/1
set schedule w schedule-type recurring daily 08:00-09:00
"""
    text += one("", "rulebase", "r", source="g", service="sg", application="app", schedule="w")
    device = read(text)
    assert {(use.policy, use.rule, use.kind, use.name) for use in device.uses} == {
        ("vsys1", 0, "address-group", "g"),
        ("vsys1", 0, "service-group", "sg"),
        ("vsys1", 0, "application", "app"),
        ("vsys1", 0, "schedule", "w"),
    }
    content = {entry.name: entry.content for entry in device.objects}
    (rule,) = policy(device).rules
    assert content["g"] is rule.match.source
    assert content["sg"] is not None
    assert content["app"] is None
    assert codes(device) == []
