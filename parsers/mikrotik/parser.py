"""The parser of RouterOS exports."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.mikrotik.detect import score
from rulecheck.model.device import Device

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
_READABLE = 41
"""Score above which a text has commands, not only listings."""


class MikrotikParser:
    """Reads exports of the firewall, one policy for each chain of each table."""

    platform = "mikrotik"
    title = "MikroTik RouterOS"
    reads = (
        "Export with /export, also terse or verbose; the whole configuration, so that lists and interfaces are known.",
        "Filter, NAT, mangle and raw of IPv4 and IPv6 are modelled, with jump and return; built-in chains accept.",
        "Addresses, address and interface lists, ports, protocols, ICMP, TCP flags, states and sizes are exact.",
    )
    not_modelled = (
        "Marks, content, IPsec, address types, limits and DNS names: a rule is undecided where they matter.",
        "Address lists that rules write, or that have no entries, have members that are not known.",
        "Bridge filters are reported and not analysed; connections that FastTrack carries are not followed.",
        "The output of print leaves out properties and is refused.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like RouterOS: 0 not at all, 100 certainly."""
        return score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``."""
        from parsers.mikrotik.build import build

        name = _SUFFIX.sub("", PurePath(config.path).name) or self.platform
        return (build(config, self.platform, name, readable=self.score(config) >= _READABLE),)
