"""The Google Cloud parser: firewall rules as ``gcloud`` and the Compute API write them."""

from __future__ import annotations

from parsers.base import ConfigText, Parser
from parsers.cloud.gcp import detect
from rulecheck.model.device import Device


class GcpParser:
    """Google Cloud. One device per file: the rules of its networks, ingress and egress apart."""

    platform: str = "gcp"
    title: str = "Google Cloud"
    reads: tuple[str, ...] = (
        "Export with 'gcloud compute firewall-rules list --format=json'.",
        "With 'gcloud compute networks get-effective-firewalls NETWORK --format=json' firewall policies are read too.",
        "Rules in the order of priorities, deny before allow; implied rules; disabled rules; logging.",
        "Firewall policies with goto_next: hierarchical ones before, network ones behind the rules of the VPC.",
    )
    not_modelled: tuple[str, ...] = (
        "Which instances have a tag or a service account: rules are undecided where it matters.",
        "Domain names, regions, threat lists and address groups of firewall policies: as above.",
        "A network's own order of rules and policies: the standard one is assumed.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like Google Cloud: 0 not at all, 100 certainly."""
        return detect.score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the rules in ``config``; what is not understood becomes a diagnostic.

        Raises:
            JsonError: the text is no JSON, ends early, or is nested too deeply.
        """
        from parsers.cloud.gcp.build import build

        return (build(config, self.platform),)


PARSER: Parser = GcpParser()
"""The parser of this platform, for the registry."""
