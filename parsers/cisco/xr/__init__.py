"""Cisco IOS-XR."""

from parsers.cisco.xr.parser import XrParser

PARSER = XrParser()

__all__ = ["PARSER", "XrParser"]
