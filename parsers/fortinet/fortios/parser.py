"""The parser of FortiOS configurations."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.fortinet.fortios.detect import score
from rulecheck.model.device import Device

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")


class FortiosParser:
    """Reads backups and ``show`` captures, one policy for each policy table of each VDOM."""

    platform = "fortios"
    title = "Fortinet FortiOS (FortiGate)"
    reads = (
        "Export a backup of the configuration, or capture show or show full-configuration; all VDOMs in one file.",
        "Policies of both families, NGFW, local-in and interface policies and central source NAT are modelled.",
        "Rules are evaluated in the order of the file, not of their ids.",
        "Groups with excluded members, negated operands, service groups, zones and schedules are modelled exactly.",
        "Virtual IPs stand for the addresses behind them, under the condition that they translated the packet.",
    )
    not_modelled = (
        "FQDNs, countries, dynamic addresses, internet services, users, tags: a rule is undecided where they matter.",
        "Proxy, multicast, DoS and ACL policies are reported and not analysed.",
        "Policies are read after translation: the external address and port of a virtual IP are not part of a packet.",
        "Configurations have no hit counters.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like FortiOS: 0 not at all, 100 certainly."""
        return score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``, with all its VDOMs."""
        from parsers.fortinet.fortios.build import build

        return (build(config, self.platform, _SUFFIX.sub("", PurePath(config.path).name) or self.platform),)
