"""The AWS parser: answers of the EC2 API as the AWS command line writes them."""

from __future__ import annotations

from parsers.base import ConfigText, Parser
from parsers.cloud.aws import detect
from rulecheck.model.device import Device


class AwsParser:
    """AWS. One device per file: its security groups and network ACLs, ingress and egress apart."""

    platform: str = "aws"
    title: str = "Amazon Web Services"
    reads: tuple[str, ...] = (
        "Export with 'aws ec2 describe-security-groups' and 'aws ec2 describe-network-acls'; JSON.",
        "Security groups allow only and have no order; one rule for each address range, group or prefix list.",
        "Network ACLs in the order of rule numbers with the rule *; protocols, ports, ICMP types, IPv6.",
        "Add 'describe-network-interfaces' and 'describe-prefix-lists' to the file to say where groups are used.",
    )
    not_modelled: tuple[str, ...] = (
        "Members of security groups and of prefix lists without entries: rules are undecided where they matter.",
        "How groups, ACLs and routes of one interface work together: each list is analysed by itself.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like AWS: 0 not at all, 100 certainly."""
        return detect.score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the lists in ``config``; what is not understood becomes a diagnostic.

        Raises:
            JsonError: the text is no JSON, ends early, or is nested too deeply.
        """
        from parsers.cloud.aws.build import build

        return (build(config, self.platform),)


PARSER: Parser = AwsParser()
"""The parser of this platform, for the registry."""
