"""pf: pf.conf and the output of pfctl -s rules."""

from __future__ import annotations

from parsers.bsd.pf.parser import PfParser

PARSER = PfParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "PfParser"]
