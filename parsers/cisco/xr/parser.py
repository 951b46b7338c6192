"""The parser of Cisco IOS-XR: running configurations and captures of ``show access-lists``."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.cisco.xr.configuration import XrConfiguration
from parsers.cisco.xr.detect import SIGNS
from rulecheck.model.device import Device


class XrParser:
    """Reads access lists and object groups of IOS-XR."""

    platform: str = "cisco_xr"
    title: str = "Cisco IOS-XR"
    reads: tuple[str, ...] = (
        "Export: show running-config, or show access-lists ipv4 and show access-lists ipv6 with their counters.",
        "IPv4 and IPv6 access lists in sequence order, with network groups, port groups and their nesting.",
        "A common access list in front of an interface's own one: both are followed one after the other.",
        "Access list based forwarding: another next hop is another outcome.",
        "Where a list is applied: interfaces, lines, SNMP, NTP, SSH, routing protocols, class maps and others.",
    )
    not_modelled: tuple[str, ...] = (
        "Fragment types and offsets, QoS groups, IPv6 extension headers, user defined fields: the rule is not exact.",
        "Fragments: in a list without the keyword fragments, ports are compared as if no packet were fragmented.",
        "Ethernet access lists: set aside with a note.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like IOS-XR: 0 not at all, 100 certainly."""
        return SIGNS.score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``. What is not understood becomes a diagnostic."""
        return (XrConfiguration(config).device(),)
