"""Cisco ASA (Adaptive Security Appliance)."""

from parsers.base import Parser
from parsers.cisco.asa.parser import AsaParser

PARSER: Parser = AsaParser()
"""The parser to register."""

__all__ = ["PARSER", "AsaParser"]
