"""The parser of Cisco IOS and IOS-XE: running configurations and captures of ``show access-lists``."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.cisco.ios.configuration import IosConfiguration
from parsers.cisco.ios.detect import score
from rulecheck.model.device import Device


class IosParser:
    """Reads access lists, object groups and zone-based firewalls of IOS and IOS-XE."""

    platform = "cisco_ios"
    title = "Cisco IOS / IOS-XE"
    reads = (
        "Export: show running-config, or show ip access-lists and show ipv6 access-list with their counters.",
        "Numbered and named IPv4 lists in sequence order, and IPv6 lists with their implicit neighbour discovery.",
        "Wildcards of every form, ports, ICMP messages, TCP flags, fragments, DSCP, precedence, TOS and TTL.",
        "Object groups and time ranges.",
        "Where a list is applied: interfaces, lines, SNMP, NTP, NAT, route maps, class maps, crypto maps and others.",
        "Zone-based firewall: zone pairs with their inspect policy and class maps.",
    )
    not_modelled = (
        "Time ranges, IP options, IGMP types, IPv6 extension headers, dynamic and evaluate: the rule is not exact.",
        "Fragments: in a list without the keyword fragments, ports are compared as if no packet were fragmented.",
        "Application inspection of a zone pair beyond the fixed ports of a protocol: the class is not exact.",
        "Openings that ip inspect or reflexive lists make for return traffic: only the written entries count.",
        "MAC, IPX, AppleTalk, DECnet, XNS and role-based lists: set aside with a note.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like IOS: 0 not at all, 100 certainly."""
        return score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``. What is not understood becomes a diagnostic."""
        return (IosConfiguration(config).device(),)
