"""Amazon Web Services: security groups and network ACLs."""

from parsers.cloud.aws.parser import PARSER

__all__ = ["PARSER"]
