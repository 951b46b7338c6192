"""Microsoft Azure: network security groups."""

from parsers.cloud.azure.parser import PARSER

__all__ = ["PARSER"]
