"""The Azure parser: network security groups as the command line, the portal and ARM templates write them."""

from __future__ import annotations

from parsers.base import ConfigText, Parser
from parsers.cloud.azure import detect
from rulecheck.model.device import Device


class AzureParser:
    """Azure. One device per file: its network security groups, inbound and outbound apart."""

    platform: str = "azure"
    title: str = "Microsoft Azure"
    reads: tuple[str, ...] = (
        "Export with 'az network nsg list' or 'az network nsg show', or as an ARM template; JSON.",
        "Network security groups in the order of priorities, with the default rules from 65000 to 65500.",
        "Addresses, ports and protocols exactly; keys and values in any letter case, single or plural.",
    )
    not_modelled: tuple[str, ...] = (
        "Service tags and application security groups: rules are undecided where their members matter.",
        "How the groups of a subnet and of an interface work together: each group is analysed by itself.",
        "Expressions of templates: rules that contain them are undecided where it matters.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like Azure: 0 not at all, 100 certainly."""
        return detect.score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the groups in ``config``; what is not understood becomes a diagnostic.

        Raises:
            JsonError: the text is no JSON, ends early, or is nested too deeply.
        """
        from parsers.cloud.azure.build import build

        return (build(config, self.platform),)


PARSER: Parser = AzureParser()
"""The parser of this platform, for the registry."""
