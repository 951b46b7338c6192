"""XML, set commands and the curly form say the same; parts of configurations and captures are read as well."""

from __future__ import annotations

import pytest

from parsers import registry
from parsers.paloalto.panos import PARSER, set_text
from parsers.reading import ReadError
from rulecheck.model.device import Device
from rulecheck.model.provenance import Origin
from tests.parsers.panos.reading import FIXTURES, commands, config, policy, read

SET = """set deviceconfig system hostname edge
set vsys vsys1 address "web server" ip-netmask 192.0.2.10
set vsys vsys1 address-group web static [ "web server" 192.0.2.12 ]
set vsys vsys1 service app protocol tcp port 8000
set vsys vsys1 rulebase security rules "allow web" from untrust
set vsys vsys1 rulebase security rules "allow web" to dmz
set vsys vsys1 rulebase security rules "allow web" source any
set vsys vsys1 rulebase security rules "allow web" destination web
set vsys vsys1 rulebase security rules "allow web" application any
set vsys vsys1 rulebase security rules "allow web" service [ app service-https ]
set vsys vsys1 rulebase security rules "allow web" description "two words"
set vsys vsys1 rulebase security rules "allow web" action allow
"""

SHORT = """configure
set deviceconfig system hostname edge
set address "web server" ip-netmask 192.0.2.10
set address-group web static [ "web server" 192.0.2.12 ]
set service app protocol tcp port 8000
set rulebase security rules "allow web" description "two words" from untrust to dmz source any destination web
set rulebase security rules "allow web" application any service [ app service-https ] action allow
"""

CURLY = """admin@edge> show config running

config {
  devices {
    localhost.localdomain {
      deviceconfig {
        system {
          hostname edge;
        }
      }
      vsys {
        vsys1 {
          address {
            "web server" {
              ip-netmask 192.0.2.10;
            }
          }
          address-group {
            web {
              static [ "web server" 192.0.2.12];
            }
          }
          service {
            app {
              protocol {
                tcp {
                  port 8000;
                }
              }
            }
          }
          rulebase {
            security {
              rules {
                "allow web" {
                  from untrust;
                  to dmz;
                  source any;
                  destination web;
                  application any;
                  service [ app service-https];
                  description "two words";
                  action allow;
                }
              }
            }
          }
        }
      }
    }
  }
}
admin@edge>
"""

RULE = """<entry name="allow web">
<from><member>untrust</member></from>
<to><member>dmz</member></to>
<source><member>any</member></source>
<destination><member>web</member></destination>
<application><member>any</member></application>
<service><member>app</member><member>service-https</member></service>
<description>two words</description>
<action>allow</action>
</entry>"""

OBJECTS = """<address><entry name="web server"><ip-netmask>192.0.2.10</ip-netmask></entry></address>
<address-group><entry name="web"><static><member>web server</member><member>192.0.2.12</member></static></entry>
</address-group>
<service><entry name="app"><protocol><tcp><port>8000</port></tcp></protocol></entry></service>"""

XML = f"""<?xml version="1.0"?>
<config version="10.2.0" urldb="paloaltonetworks">
<devices><entry name="localhost.localdomain">
<deviceconfig><system><hostname>edge</hostname></system></deviceconfig>
<vsys><entry name="vsys1">
{OBJECTS}
<rulebase><security><rules>
{RULE}
</rules></security></rulebase>
</entry></vsys></entry></devices>
</config>
"""


def meaning(device: Device) -> object:
    """Return what a device says, without where it is written."""
    (found,) = policy(device).rules
    sides = [[(e.text, e.values) for e in side.elements] for side in (found.match.source, found.match.destination)]
    assert found.match.services is not None
    services = [(one.text, one.protocol, one.destination_ports) for one in found.match.services.elements]
    zones = [(one.field, one.values) for one in found.match.constraints]
    objects = sorted((one.kind, one.name, one.members) for one in device.objects)
    return device.name, found.name, found.description, sides, services, zones, found.outcome, objects


@pytest.mark.parametrize("text", [SET, SHORT, CURLY], ids=["set", "short", "curly"])
def test_every_form_says_the_same(text: str) -> None:
    device = read(text)
    assert not device.diagnostics
    assert device.source.lines.unknown == 0
    assert meaning(device) == meaning(read(XML))
    assert registry.detect(config(text)) == "panos"


def test_xml_is_read_completely() -> None:
    device = read(XML)
    assert not device.diagnostics
    assert registry.detect(config(XML)) == "panos"
    (found,) = policy(device).rules
    assert (found.origin.line, found.match.destination.elements[0].origin.line) == (11, 6)
    text = '"allow web": from untrust to dmz source any destination web application any service [ app service-https ]'
    assert found.origin.text == f"{text} action allow"


@pytest.mark.parametrize(
    "text",
    [
        f"<response status='success' code='19'><result count='1'>\n<rules>{RULE}</rules>\n</result></response>",
        f"<response status='success'><result>{RULE}</result></response>",
        f"<rulebase><security><rules>{RULE}</rules></security></rulebase>",
        f"<security><rules>{RULE}</rules></security>",
        f"<rules>{RULE}</rules>",
        RULE,
        f"<entry name='vsys1'>{OBJECTS}<rulebase><security><rules>{RULE}</rules></security></rulebase></entry>",
        f"<response status='success'><result>{OBJECTS}<rules>{RULE}</rules></result></response>",
        f"<vsys><entry name='vsys1'><rulebase><security><rules>{RULE}</rules></security></rulebase></entry></vsys>",
        f"<policy><panorama>{OBJECTS}<pre-rulebase><security><rules>{RULE}</rules></security></pre-rulebase></panorama></policy>",
    ],
)
def test_parts_of_configurations_are_read(text: str) -> None:
    assert registry.detect(config(text)) == "panos"
    device = read(text)
    (found,) = policy(device).rules
    assert found.name == "allow web"
    assert device.source.lines.unknown == 0
    assert ("web" in {one.name for one in device.objects}) == ("ip-netmask" in text)


def test_old_groups_name_their_members_directly() -> None:
    text = """<config version="6.0.0" urldb="x"><shared><address-group><entry name="g"><member>10.0.0.1</member></entry>
</address-group><application-group><entry name="a"><member>ssh</member></entry></application-group></shared></config>"""
    members = {one.name: one.members for one in read(text).objects}
    assert members == {"g": ("10.0.0.1",), "a": ("ssh",)}


def test_commands_change_what_was_there() -> None:
    text = "".join(commands(name, {}) for name in "abcde")
    text += """move rulebase security rules c top
move rulebase security rules d before b
move rulebase security rules a after d
move rulebase security rules b bottom
delete rulebase security rules e
rename rulebase security rules a to z
copy rulebase security rules b to y
delete rulebase security rules y source any
set rulebase security rules y source 10.0.0.1
"""
    device = read(text)
    assert [one.name for one in policy(device).rules] == ["c", "d", "z", "b", "y"]
    assert policy(device).rules[-1].match.source.label == "10.0.0.1"
    assert not device.diagnostics
    assert device.source.lines.unknown == 0


@pytest.mark.parametrize(
    "line",
    [
        "move rulebase security rules q top",
        "move rulebase security rules a before q",
        "move rulebase security rules a before a",
        "move rulebase security rules a sideways",
        "delete rulebase security rules q",
        "rename rulebase security rules q to r",
        "rename rulebase security rules a b",
        "delete [ a b ] c",
        'set address x description "open',
        "set address " + "x " * 200,
    ],
)
def test_commands_that_cannot_be_followed_are_reported(line: str) -> None:
    device = read(commands("a", {}) + line + "\n")
    assert "RC601" in {one.code for one in device.diagnostics}
    assert device.source.lines.unknown == 1
    assert all(one.affects_verdicts for one in device.diagnostics)
    assert [one.name for one in policy(device).rules] == ["a"]


def test_quotes_inside_of_values() -> None:
    text = """set address a description "with a " inside"
set address b description 'with both " and ''
set address c description "first line
second "line" here"
set address d description ""
set address e ip-netmask 10.0.0.5
set address f description "short" ip-netmask 10.0.0.6
"""
    device = read(text)
    assert [one.name for one in device.objects] == ["a", "b", "c", "d", "e", "f"]
    assert device.source.lines.unknown == 0
    assert [one.line for one in device.diagnostics] == [1, 2, 3, 5]  # no value


def test_rules_without_a_vsys_belong_to_the_first() -> None:
    text = commands("r", {}, "set rulebase") + commands(
        "s", {}, "set config devices localhost.localdomain vsys vsys1 rulebase"
    )
    assert [one.name for one in policy(read(text)).rules] == ["r", "s"]


# --- damaged input ---


def test_xml_that_ends_early_keeps_what_is_complete() -> None:
    device = read(XML[: XML.index("<description>")])
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC602", True), ("RC607", True)]
    assert policy(device).rules[0].match.destination.label == "web"


def test_damage_outside_of_rules_does_not_affect_verdicts() -> None:
    head = (
        '<config version="10.2.0" urldb="x">\n<mgt-config>\n<users>\n</permissions>\n</users>\n</mgt-config>\n<devices>'
    )
    device = read(XML.replace('<config version="10.2.0" urldb="paloaltonetworks">\n<devices>', head))
    assert [(one.code, one.line, one.affects_verdicts) for one in device.diagnostics] == [("RC605", 5, False)]
    assert policy(device).rules


def test_damage_in_rules_affects_verdicts() -> None:
    device = read(XML.replace("<from><member>untrust</member></from>", "</from>"))
    found = {one.code: one.affects_verdicts for one in device.diagnostics}
    assert found == {"RC605": True, "RC602": True}
    assert not policy(device).rules[0].match.must()


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE config [<!ENTITY a "b">]>\n<config version="10.0.0"><shared>&a;</shared></config>',
        "<config>" + "<entry name='x'>" * 5_000,
    ],
)
def test_dangerous_xml_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        PARSER.parse(config(text))


def test_curly_text_that_ends_early_is_reported() -> None:
    device = read(CURLY[: CURLY.index("action allow")])
    assert [one.code for one in device.diagnostics] == ["RC602", "RC607"]
    extra = read(CURLY + "}\n}\n")
    assert [one.code for one in extra.diagnostics] == ["RC601", "RC601"]


def test_sections_that_are_not_known_are_reported() -> None:
    device = read(
        XML.replace("<rulebase>", "<hologram>\n<x/>\n</hologram>\n<rulebase>").replace(
            "<deviceconfig>", "<q/><deviceconfig>"
        )
    )
    assert {one.code for one in device.diagnostics} == {"RC601"}
    assert device.source.lines.unknown == 4
    assert policy(device).rules


# --- secrets ---


def test_no_secret_reaches_a_text() -> None:
    secret = "Tr0ub4dor-and-3"
    lines = [
        f"set mgt-config users admin phash $1$abcdefgh${secret}",
        f"set network ike gateway g authentication pre-shared-key key {secret}",
        f'set rulebase security rules r description "password: {secret}"',
        f"set address x nonsense password {secret}",
        f"set deviceconfig system snmp-setting access-setting version v2c snmp-community-string {secret}",
        f"set unknown-thing secret {secret}",
    ]
    device = read(commands("r", {}) + "\n".join(lines) + "\n")
    assert secret not in repr(device)
    text = XML.replace("<deviceconfig>", f"<strange><password>{secret}</password></strange><deviceconfig>")
    assert secret not in repr(read(text))


def test_the_fixture_is_recognised() -> None:
    for path in FIXTURES.glob("*"):
        if path.suffix != ".json":
            assert registry.detect(config(path.read_text(encoding="utf-8"))) == "panos"


def test_an_origin_names_the_file() -> None:
    found = policy(read(SET)).rules[0]
    assert isinstance(found.origin, Origin)
    assert found.origin.file == "fw.xml"


def test_changes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_text, "_MAX_WORK", 10)
    text = "".join(f"set rulebase security rules r{n} action allow\n" for n in range(6))
    text += "move rulebase security rules r5 top\ncopy rulebase security rules r0 to q\n"
    device = read(text)
    assert [one.name for one in policy(device).rules] == ["r5", "r0", "r1", "r2", "r3", "r4"]
    assert [one.line for one in device.diagnostics if one.code == "RC601"] == [8]
