"""The parser of pf.conf and of the rules that pfctl shows."""

from __future__ import annotations

from pathlib import PurePath

from parsers.base import ConfigText
from parsers.bsd.pf.detect import score
from rulecheck.model.device import Device


class PfParser:
    """Reads rule sets of pf: OpenBSD, FreeBSD, NetBSD and macOS."""

    platform: str = "pf"
    title: str = "pf (OpenBSD, FreeBSD, macOS)"
    reads: tuple[str, ...] = (
        "Give /etc/pf.conf, or the output of 'pfctl -sr' ('-vvsr' with counters), with its tables best from pf.conf.",
        "Macros, lists, tables with negated entries, anchors with rules, antispoof, set skip, nat, rdr and binat.",
        "The last match wins unless a rule is quick: rules are put in the order in which they decide.",
        "Directions, interfaces, address families, protocols, ports, ICMP types and TCP flags are exact.",
    )
    not_modelled: tuple[str, ...] = (
        "Addresses of interfaces, interface groups, tables filled elsewhere, users, tags: undecided where it matters.",
        "Anchors and files that are not in the text may decide anything where they stand.",
        "Translations of match rules: later rules are read for the packet that they see.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like pf: 0 not at all, 100 certainly."""
        return score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one rule set in ``config``."""
        from parsers.bsd.pf.build import build

        return (build(config, self.platform, PurePath(config.path).stem or self.platform),)
