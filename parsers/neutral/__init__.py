"""The neutral rule table: CSV, YAML or JSON, for everything that has no parser of its own."""

from parsers.neutral.parser import PARSER

__all__ = ["PARSER"]
