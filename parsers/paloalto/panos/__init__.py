"""PAN-OS and Panorama, as XML, ``set`` commands, or the curly form of ``show config``."""

from __future__ import annotations

from parsers.paloalto.panos.parser import PanosParser

PARSER = PanosParser()
"""The parser of this platform, for the registry."""

__all__ = ["PARSER", "PanosParser"]
