"""The parser of nftables."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.netfilter.nftables.detect import score
from rulecheck.model.device import Device

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9-]{0,9}\Z")


class NftablesParser:
    """Reads rule sets of nftables, one policy for each chain."""

    platform = "nftables"
    title = "nftables"
    reads = (
        "Export with nft list ruleset or nft -j list ruleset; files for nft -f and nft commands are read too.",
        "Base and called chains, sets, maps and verdict maps, joined keys, ranges, masks and negation are exact.",
        "Each base chain is a policy of its own: an accepted packet goes on to the next chain of its hook.",
    )
    not_modelled = (
        "Marks, routing lookups, IPsec, offsets and changing sets: a rule is undecided where they matter.",
        "Limits, quotas and list updates differ from rule to rule even where they are written alike.",
        "ARP tables are not analysed; of bridge and netdev tables only what concerns IP packets.",
        "Included files are not read; shell scripts are read only for the rules in them.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like nftables: 0 not at all, 100 certainly."""
        return score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``."""
        from parsers.netfilter.nftables.build import build

        name = _SUFFIX.sub("", PurePath(config.path).name) or self.platform
        return (build(config, self.platform, name),)
