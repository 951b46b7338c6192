"""The policy tables: where each has its addresses and interfaces, and what happens behind its last rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rulecheck.model.fields import Field
from rulecheck.model.rule import DENY, PERMIT, Outcome, Verb

_BOTH_INTERFACES = {Field.IN_INTERFACE: "srcintf", Field.OUT_INTERFACE: "dstintf"}
_TO_SERVICES = Outcome(Verb.OTHER, ("continue with the administrative access of the interface",))
_NO_NAT = Outcome(Verb.OTHER, ("no source NAT",))


@dataclass(frozen=True, slots=True)
class Spec:
    """One table. ``source`` and ``destination`` are the settings with addresses by family; the first one set counts.

    ``unified``: IPv6 addresses stand beside IPv4 ones. ``sees_vips``: destinations can be virtual IPs.
    """

    kind: str
    source: Mapping[int, tuple[str, ...]]
    destination: Mapping[int, tuple[str, ...]]
    interfaces: Mapping[Field, str] = field(default_factory=lambda: dict(_BOTH_INTERFACES))
    default: Outcome = DENY
    unified: bool = False
    sees_vips: bool = False


_SOURCE = {4: ("srcaddr", "srcaddr4"), 6: ("srcaddr6",)}
_DESTINATION = {4: ("dstaddr", "dstaddr4"), 6: ("dstaddr6",)}
_SOURCE6, _DESTINATION6 = {6: ("srcaddr",)}, {6: ("dstaddr",)}
_SOURCE4, _DESTINATION4 = {4: ("srcaddr",)}, {4: ("dstaddr",)}
_LOCAL = {Field.IN_INTERFACE: "intf"}
_ON = {Field.IN_INTERFACE: "interface"}

SPECS = {
    "firewall policy": Spec("policy", _SOURCE, _DESTINATION, unified=True, sees_vips=True),
    "firewall policy6": Spec("policy6", _SOURCE6, _DESTINATION6, sees_vips=True),
    "firewall consolidated policy": Spec("consolidated policy", _SOURCE, _DESTINATION, unified=True, sees_vips=True),
    "firewall security-policy": Spec("security-policy", _SOURCE, _DESTINATION, unified=True),
    "firewall local-in-policy": Spec("local-in-policy", _SOURCE4, _DESTINATION4, _LOCAL, _TO_SERVICES),
    "firewall local-in-policy6": Spec("local-in-policy6", _SOURCE6, _DESTINATION6, _LOCAL, _TO_SERVICES),
    "firewall interface-policy": Spec("interface-policy", _SOURCE4, _DESTINATION4, _ON, PERMIT),
    "firewall interface-policy6": Spec(
        "interface-policy6", {6: ("srcaddr6", "srcaddr")}, {6: ("dstaddr6", "dstaddr")}, _ON, PERMIT
    ),
    "firewall central-snat-map": Spec(
        "central-snat-map",
        {4: ("orig-addr",), 6: ("orig-addr6",)},
        {4: ("dst-addr",), 6: ("dst-addr6",)},
        default=_NO_NAT,
        unified=True,
    ),
}
"""Every table whose entries become rules, by section."""
