"""Arista EOS, whose access lists are Cisco's in syntax."""

from parsers.cisco.eos.parser import EosParser

PARSER = EosParser()

__all__ = ["PARSER", "EosParser"]
