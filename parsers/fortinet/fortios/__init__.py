"""Fortinet FortiOS (FortiGate)."""

from __future__ import annotations

from parsers.fortinet.fortios.parser import FortiosParser

PARSER = FortiosParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "FortiosParser"]
