"""The parser of Arista EOS: running configurations and captures of ``show ip access-lists``."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.cisco.eos.configuration import EosConfiguration
from parsers.cisco.eos.detect import SIGNS
from rulecheck.model.device import Device


class EosParser:
    """Reads IP access lists of EOS."""

    platform: str = "arista_eos"
    title: str = "Arista EOS"
    reads: tuple[str, ...] = (
        "Export: show running-config, or show ip access-lists and show ipv6 access-lists with their counters.",
        "IPv4 and IPv6 access lists, standard ones too, in the order of their sequence numbers.",
        "Prefixes, wildcards, lists of ports, messages, TCP flags, fragments, DSCP, TTL and hop limit.",
        "Where a list is applied: interfaces, control plane, management, SNMP, NAT, class maps, route maps.",
    )
    not_modelled: tuple[str, ...] = (
        "VLAN tests, tracked connections, user defined fields: the rule is not exact.",
        "Neighbour discovery that EOS lets pass at the end of an IPv6 list: undecided.",
        "Fragments: in a list without the keyword fragments, ports are compared as if no packet were fragmented.",
        "MAC access lists and traffic policies: set aside with a note.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like EOS: 0 not at all, 100 certainly."""
        return SIGNS.score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``. What is not understood becomes a diagnostic."""
        return (EosConfiguration(config).device(),)
