"""Cisco IOS and IOS-XE."""

from parsers.cisco.ios.parser import IosParser

PARSER = IosParser()

__all__ = ["PARSER", "IosParser"]
