"""MikroTik RouterOS."""

from __future__ import annotations

from parsers.mikrotik.parser import MikrotikParser

PARSER = MikrotikParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "MikrotikParser"]
