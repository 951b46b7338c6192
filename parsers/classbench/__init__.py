"""ClassBench filter files."""

from parsers.classbench.parser import PARSER

__all__ = ["PARSER"]
