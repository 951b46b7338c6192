"""The parser of PAN-OS and Panorama configurations."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.paloalto.panos.detect import score
from rulecheck.model.device import Device, Severity, SourceFile

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")

_EXPORT = (
    "Export the named configuration snapshot as XML (Device or Panorama, Setup, Operations), or run"
    " 'show' in configuration mode after 'set cli config-output-format set' (or xml)."
)
_PUSHED = (
    "On a firewall that Panorama manages, its own configuration lacks what Panorama pushed: export"
    " 'show config merged', or analyse Panorama's configuration."
)
_MODELLED = (
    "Zones and rule types, addresses of every kind, services, App-IDs with their default ports where known,"
    " negation, device groups with pre- and post-rules, and the default rules are modelled."
)
_UNKNOWN = (
    "FQDNs, dynamic address groups, external lists, countries, users, host profiles, URL categories and schedules"
    " are tests with an unknown answer, the same for the same name."
)
_DEFAULTS = (
    "Default ports of applications that neither the file nor the built-in table has make application-default rules"
    " undecided where it matters."
)
_LEFT_OUT = (
    "Application dependencies, application override, NAT, and rules that were written on the firewalls below a"
    " Panorama are not taken into account."
)


class PanosParser:
    """Reads one firewall or one Panorama."""

    platform = "panos"
    title = "Palo Alto Networks PAN-OS / Panorama"
    reads = (_EXPORT, _PUSHED, _MODELLED)
    not_modelled = (_UNKNOWN, _DEFAULTS, _LEFT_OUT, "Hit counters are not part of a configuration and are not read.")

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like PAN-OS: 0 not at all, 100 certainly."""
        return score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the one device in ``config``.

        Raises:
            ReadError: the input is XML that declares a document type or entities, or is nested too deeply.
        """
        with _collector_paused():
            return (_read(config, self.platform),)


def _read(config: ConfigText, platform: str) -> Device:
    from parsers.paloalto.panos.addresses import AddressResolver
    from parsers.paloalto.panos.applications import ApplicationResolver
    from parsers.paloalto.panos.catalogue import Catalogue
    from parsers.paloalto.panos.layout import LayoutReader
    from parsers.paloalto.panos.policies import PolicyBuilder
    from parsers.paloalto.panos.reading import read_tree
    from parsers.paloalto.panos.rules import Tools
    from parsers.paloalto.panos.services import ServiceResolver
    from parsers.paloalto.panos.usage import Uses, definitions, note_elsewhere
    from parsers.paloalto.panos.zones import Zones

    ledger = Ledger(config)
    layout = LayoutReader(ledger).read(read_tree(config, ledger))
    catalogue = Catalogue(layout)
    tools = Tools(
        file=config.path,
        ledger=ledger,
        catalogue=catalogue,
        addresses=AddressResolver(catalogue, config.path, ledger),
        services=ServiceResolver(catalogue, config.path, ledger),
        applications=ApplicationResolver(catalogue, layout, config.path, ledger),
        zones=Zones(config.path, ()),
        uses=Uses(catalogue),
    )
    policies = PolicyBuilder(layout, tools).build()
    note_elsewhere(layout, catalogue, tools.uses)
    objects = tuple(definitions(catalogue, config.path, tools.addresses, tools.services))
    if layout.groups and not layout.vsys and any(policy.rules for policy in policies):
        message = "rules that were written on the managed firewalls themselves are not in this file"
        ledger.report("RC605", Severity.INFO, 0, message)
    lines, diagnostics = ledger.close()
    return Device(
        name=layout.hostname or _device_name(config.path),
        platform=platform,
        source=SourceFile(config.path, config.sha256, lines),
        policies=policies,
        objects=objects,
        uses=tools.uses.all(),
        diagnostics=diagnostics,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a growing model again and again: it holds no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _device_name(path: str) -> str:
    name = PurePath(path).name
    return _SUFFIX.sub("", name) or name or "panos"
