"""nftables: ``nft list ruleset``, files for ``nft -f``, and ``nft -j list ruleset``."""

from __future__ import annotations

from parsers.netfilter.nftables.parser import NftablesParser

PARSER = NftablesParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "NftablesParser"]
