"""Check Point: answers of the management API."""

from parsers.checkpoint.parser import PARSER

__all__ = ["PARSER"]
