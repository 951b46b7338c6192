"""Cisco NX-OS (Nexus switches)."""

from parsers.base import Parser
from parsers.cisco.nxos.parser import NxosParser

PARSER: Parser = NxosParser()
"""The parser to register."""

__all__ = ["PARSER", "NxosParser"]
