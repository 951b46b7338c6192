"""Arista EOS, whose access lists are Cisco's in syntax."""

from parsers.base import Parser
from parsers.cisco.eos.parser import EosParser

PARSER: Parser = EosParser()
"""The parser to register."""

__all__ = ["PARSER", "EosParser"]
