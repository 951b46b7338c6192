"""Juniper Junos: SRX security policies and firewall filters."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.juniper import detect
from rulecheck.model.device import Device


class JuniperParser:
    """Juniper Junos. One device per file, and one for each logical system or tenant in it."""

    platform: str = "juniper"
    title: str = "Juniper Junos (SRX security policies, firewall filters)"
    reads: tuple[str, ...] = (
        "Export with 'show configuration' or 'show configuration | display set'; parts of it are read too.",
        "SRX policies between zones, global policies and the default policy, in the order of the device.",
        "Address books, address sets, applications and sets, the built-in junos-* applications, schedulers.",
        "Firewall filters for inet, inet6 and any, filter lists, nested filters, prefix lists with apply-path.",
        "Configuration groups (apply-groups with patterns), deactivated statements, logical systems, tenants.",
    )
    not_modelled: tuple[str, ...] = (
        "DNS names, users, URL categories, groups of dynamic applications: their rules are undecided where it matters.",
        "Filter conditions on IP options, classes, forwarding classes, layer 2 fields: undecided as well.",
        "NAT, screens, host-inbound-traffic and IDP: policies are analysed by themselves.",
        "Filters of other families (ethernet-switching, vpls, mpls, ccc) are left out, with a note for each.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like Junos: 0 not at all, 100 certainly."""
        return detect.score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the devices in ``config``; what is not understood becomes a diagnostic."""
        from parsers.juniper.parser import read_devices

        return read_devices(config)


PARSER = JuniperParser()
