"""The parser of config.xml of pfSense and OPNsense."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from parsers.base import ConfigText
from rulecheck.model.device import Device

_LINES = 400
_WHOLE, _FRAGMENT = 95, 60
_ROOTS = {
    "pfsense": re.compile(r"<pfsense[\s>]"),
    "opnsense": re.compile(r"<opnsense[\s>]"),
}
_SIGNS = {
    "pfsense": re.compile(r"<(?:tracker|associated-rule-id|ifgroupentry)>"),
    "opnsense": re.compile(r"<(?:OPNsense|rule uuid=\"|source_net|alias uuid=\")"),
}
_FIRST = re.compile(r"\s*<(?:filter|aliases|nat|rule|interfaces|ifgroups|OPNsense|Firewall|Filter|Alias)[\s>]")

_READS = (
    "Give config.xml: a backup of the whole configuration, without encryption; sections alone are read too.",
    "Floating rules, rules of interface groups and of interfaces in the order of evaluation, quick or last match.",
    "Nested aliases, interface networks and addresses, inversion, IPv4 and IPv6, schedules, gateways, logging.",
    "The automatic rules: IPv6, bogons and private networks, anti-lockout, what goes out, and the default deny.",
)
_NOT_MODELLED = (
    "Aliases from URLs, countries and names, dynamic addresses of interfaces: undecided where they matter.",
    "Automatic rules for DHCP, CARP, VPN and packages, and tables that block attackers.",
    "Translations: rules are read for the packet that they see; aliases in them count as used.",
)


@dataclass(frozen=True, slots=True)
class SenseParser:
    """Reads the one device of a config.xml."""

    platform: str
    title: str
    reads: tuple[str, ...] = _READS
    not_modelled: tuple[str, ...] = _NOT_MODELLED

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like this platform: 0 not at all, 100 certainly."""
        head = [line[:300] for line in islice((one for one in config.lines if one.strip()), _LINES)]
        if not head or head[0].lstrip()[:1] != "<":
            return 0
        for name, root in _ROOTS.items():
            if any(root.search(line) for line in head[:20]):
                return _WHOLE if name == self.platform else 0
        if not any(_FIRST.match(line) for line in head[:5]):
            return 0
        return _FRAGMENT if any(_SIGNS[self.platform].search(line) for line in head) else 0

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the device in ``config``.

        Raises:
            ReadError: the text is no XML, or XML that is refused.
        """
        from parsers.bsd.sense.build import build

        return (build(config, self.platform),)
