"""The parser of the neutral rule table."""

from __future__ import annotations

from pathlib import PurePath

from parsers.base import ConfigText, Parser
from parsers.neutral import detect
from rulecheck.model.device import Device


class NeutralParser:
    """The neutral rule table. One device per file; the rules of each policy in the order of their rows."""

    platform: str = "neutral"
    title: str = "neutral rule table"
    reads: tuple[str, ...] = (
        "Rules as CSV with a header, as YAML 1.2, or as JSON: columns action, source, destination and more.",
        "Addresses, prefixes, ranges and netmasks of both families, negation, domain names as conditions.",
        "Protocols, ports, services, ICMP types, zones, interfaces, applications, users, schedules, expiry dates.",
        "Whether rules are enabled and logged, their hits and descriptions; several policies in one file.",
        "In YAML and JSON also named objects, services and schedules, and a default action for each policy.",
    )
    not_modelled: tuple[str, ...] = (
        "Columns that are not known: rules with a value in them are undecided where it matters.",
        "Connection states and address translation: there are no columns for them.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like a rule table: 0 not at all, 100 certainly."""
        return detect.score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the policies in ``config``; what is not understood becomes a diagnostic.

        Raises:
            ReadError: the text is malformed YAML or JSON, ends early, or is nested too deeply.
        """
        from parsers.neutral.reading import read

        return (read(config, self.platform, PurePath(config.path).stem),)


PARSER: Parser = NeutralParser()
"""The parser of this platform, for the registry."""
