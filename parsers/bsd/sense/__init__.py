"""pfSense and OPNsense: config.xml."""

from parsers.bsd.sense.parser import SenseParser

OPNSENSE = SenseParser("opnsense", "OPNsense")
PFSENSE = SenseParser("pfsense", "pfSense")
"""The parsers of these platforms, for the registry."""

__all__ = ["OPNSENSE", "PFSENSE", "SenseParser"]
