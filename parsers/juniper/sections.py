"""Sections of a configuration that are known not to filter packets: listed here by name."""

from __future__ import annotations

from parsers.juniper.tree import INHERITANCE, Node
from parsers.juniper.words import words

TOP = words(
    """access access-profile accounting-options apply-groups auto-configuration bridge-domains chassis
    class-of-service diameter-engine dynamic-profiles ethernet-switching-options event-options fabric
    forwarding-options interfaces multi-chassis multicast-snooping-options netconf poe policy-options
    ppp-service protocols qos routing-instances routing-options rtsp services session-limit-group smi snmp
    switch-options system unified-edge version virtual-chassis vlans vmhost wlan dcd r2cp jsrc jsrc-partition
    apply-macro security-admin transports openconfig jsr vstp web-management ethernet diagnostics
    redundancy-group redundancy-groups jnx-example bgp isis ospf"""
)
"""Top-level sections that neither filter packets nor define what filters use.

``policy-options`` and ``interfaces`` are read for prefix lists and filters; the rest of them is of no matter.
"""

SECURITY = words(
    """advance-policy-based-routing advanced-anti-malware alarms alg analysis anti-malware-profile anti-virus
    application-firewall application-tracking authentication-key-chains certificates cloud content-security
    datapath-debug dns-cache dns-filtering dynamic-address dynamic-application dynamic-vpn etm
    firewall-authentication flow forwarding-options forwarding-process gprs group-vpn host-vpn icmp idp ike
    intelligent-inspection ipsec ipsec-policy ipv6-translation jdpi key-manager key-protect l3vpn log macsec
    mime-pattern nat-pmp node-management object-cache pki proxy-profile remote-access resource-manager screen
    secure-wire security-intelligence ssh-known-hosts softwires tcp-encap traceoptions tunnel-inspection
    user-identification utm unified-threat-management vpn-engine zone-options flow-detection
    distribution-profile remote-vpn idp-policy ssl-proxy nat address-group metadata-streaming
    metadata-streaming-policy aamw-policy internal performance tunnel-encap unified-policy"""
)
"""Sections below ``security`` that do not decide which packets a security policy matches."""


def skip_known(node: Node, known: frozenset[str], read: frozenset[str]) -> None:
    """Mark children that are known as ignored and others, except those in ``read``, as not understood."""
    for one in node.children.values():
        if one.word in read or one.word in INHERITANCE:
            continue
        if one.word in known or not one.active:
            one.skip()
        else:
            one.reject()
