"""iptables-save and ip6tables-save."""

from __future__ import annotations

from parsers.netfilter.iptables.parser import IptablesParser

PARSER = IptablesParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "IptablesParser"]
