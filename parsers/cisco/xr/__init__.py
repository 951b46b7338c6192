"""Cisco IOS-XR."""

from parsers.base import Parser
from parsers.cisco.xr.parser import XrParser

PARSER: Parser = XrParser()
"""The parser to register."""

__all__ = ["PARSER", "XrParser"]
