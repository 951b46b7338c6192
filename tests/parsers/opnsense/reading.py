"""Helpers of the tests: parts of a config.xml in, model out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.base import ConfigText
from parsers.bsd.sense import OPNSENSE as PARSER
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Match
from rulecheck.model.names import encode_name
from rulecheck.model.rule import Rule
from tests.reference import matches

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "opnsense"
INTERFACES = """<interfaces>
<wan><enable>1</enable><if>em0</if><descr>WAN</descr><ipaddr>dhcp</ipaddr><ipaddrv6>dhcp6</ipaddrv6></wan>
<lan><enable>1</enable><if>em1</if><descr>LAN</descr><ipaddr>10.1.0.1</ipaddr><subnet>16</subnet></lan>
<opt1><enable>1</enable><if>ovpnc1</if><descr>VPN</descr><ipaddr>10.9.0.1</ipaddr><subnet>24</subnet></opt1>
</interfaces>
<ifgroups><ifgroupentry><ifname>INSIDE</ifname><members>lan opt1</members></ifgroupentry></ifgroups>
"""


def config(text: str, path: str = "config.xml") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), tuple(text.splitlines()))


def read(*rules: str, before: str = "", interfaces: str = INTERFACES) -> Device:
    """Read a configuration with classic rules, each the inside of its element, and other sections before them."""
    listed = "\n".join(f"<rule>{one}</rule>" for one in rules)
    return parse(
        f"<opnsense>\n<system><ipv6allow/></system>\n{interfaces}{before}\n<filter>\n{listed}\n</filter>\n</opnsense>\n"
    )


def parse(text: str) -> Device:
    (device,) = PARSER.parse(config(text))
    assert device.source.lines.total == len(text.splitlines())
    return device


def policy(device: Device, name: str = "rules") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def rule(text: str, before: str = "") -> Rule:
    (found,) = policy(read(text, before=before)).rules
    return found


def codes(device: Device) -> list[str]:
    return [one.code for one in device.diagnostics]


def values(operand: Addresses) -> IntervalSet:
    return IntervalSet.union_of(part.values for part in operand.parts)


def four(first: str, last: str | None = None) -> IntervalSet:
    low, high = (int.from_bytes(bytes(map(int, text.split("."))), "big") for text in (first, last or first))
    return IntervalSet(((low, high),))


def six(low: int, high: int) -> IntervalSet:
    return IntervalSet(((IPV6_BASE + low, IPV6_BASE + high),))


def hits(
    found: Match, source: int | str = "192.0.2.1", destination: int | str = "192.0.2.2", **fields: int | str
) -> bool:
    """Return whether an exact match takes a packet. Interfaces are names, everything else numbers."""
    packet = dict.fromkeys(Field, 0)
    packet |= {Field.PROTOCOL: 6, Field.TCP_FLAGS: 2}
    packet[Field.SOURCE] = four(source).lowest if isinstance(source, str) else source
    packet[Field.DESTINATION] = four(destination).lowest if isinstance(destination, str) else destination
    for name, value in fields.items():
        packet[Field(name)] = encode_name(value) if isinstance(value, str) else value
    return matches(found, packet, {})
