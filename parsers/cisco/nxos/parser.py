"""The parser of Cisco NX-OS: running configurations and captures of ``show access-lists``."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.cisco.nxos.configuration import NxosConfiguration
from parsers.cisco.nxos.detect import SIGNS
from rulecheck.model.device import Device


class NxosParser:
    """Reads IP access lists and object groups of NX-OS."""

    platform: str = "cisco_nxos"
    title: str = "Cisco NX-OS"
    reads: tuple[str, ...] = (
        "Export: show running-config, or show access-lists with its counters.",
        "IPv4 and IPv6 access lists in the order of their sequence numbers, with their implicit rules.",
        "Prefixes, wildcards, address groups and port groups, ports, messages, TCP flags, DSCP, TTL and packet length.",
        "Where a list is applied: interfaces, ports, VLAN access maps, lines, SNMP, NTP, NAT, route maps, class maps.",
    )
    not_modelled: tuple[str, ...] = (
        "Time ranges, HTTP methods, VLAN and VXLAN tests, user defined fields: the rule is not exact.",
        "Neighbour discovery that some releases permit by themselves at the end of an IPv6 list: undecided.",
        "Fragments: in a list that never mentions them, ports are compared as if no packet were fragmented.",
        "MAC and ARP access lists: set aside with a note.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like NX-OS: 0 not at all, 100 certainly."""
        return SIGNS.score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``. What is not understood becomes a diagnostic."""
        return (NxosConfiguration(config).device(),)
