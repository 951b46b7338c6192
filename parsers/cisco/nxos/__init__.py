"""Cisco NX-OS (Nexus switches)."""

from parsers.cisco.nxos.parser import NxosParser

PARSER = NxosParser()

__all__ = ["PARSER", "NxosParser"]
