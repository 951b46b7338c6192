"""Google Cloud: VPC firewall rules and firewall policies."""

from parsers.cloud.gcp.parser import PARSER

__all__ = ["PARSER"]
