"""How strongly a text looks like IOS or IOS-XE."""

from __future__ import annotations

import re

from parsers.base import ConfigText

_LINES = 50_000
_WIDTH = 200

_NUMBER = r"(?:[1-9]\d?|1\d\d|1[3-9]\d\d|2[0-6]\d\d)"
_FOR = (
    (60, re.compile(r"(?:Standard|Extended|Reflexive) IP access list \S")),
    (15, re.compile(r"IPv6 access list \S")),
    (40, re.compile(r"\s+(?:permit|deny) .* sequence \d+$")),
    (50, re.compile(r"\s*ip access-list (?:extended|standard) \S")),
    (50, re.compile(rf"\s*access-list {_NUMBER} (?:permit|deny|remark|dynamic) ")),
    (50, re.compile(r"zone-pair security \S+ source ")),
    (40, re.compile(r"ipv6 access-list (?!extended\b|standard\b|log-update\b)\S+$")),
    (30, re.compile(r"version 1[0-9]\.\d+S?$")),
    (30, re.compile(r"Current configuration : \d+ bytes")),
    (20, re.compile(r"service timestamps ")),
    (15, re.compile(r"interface (?:GigabitEthernet|FastEthernet|TenGigabitEthernet|Vlan|Serial|Ethernet|Loopback)")),
    (15, re.compile(r"object-group (?:network|service|v4-network|v6-network) \S")),
    (25, re.compile(r"(?:class|policy)-map type inspect ")),
    (60, re.compile(r"!RANCID-CONTENT-TYPE: cisco$")),
    (30, re.compile(r"access-list (?:7|11)\d\d (?:permit|deny) [0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b")),
    (10, re.compile(r"\s+ip address \d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} 255\.\d")),
    (5, re.compile(r"router (?:bgp|eigrp|isis|ospf|ospfv3|rip)\b")),
    (10, re.compile(r"line vty \d")),
    (10, re.compile(r"boot-start-marker")),
    (10, re.compile(r"\s*ip access-group \S+ (?:in|out)")),
)
_AGAINST = (
    (60, re.compile(r"(?:ASA|PIX|FWSM) Version |: Saved$|: Serial Number|\s*nameif \S|\s*security-level \d")),
    (60, re.compile(r"access-list \S+ (?:line \d+ )?extended |access-list \S+ standard |object network |names$")),
    (60, re.compile(r"feature \S|vdc \S+ id |!Command: show |\s*vrf context |\s*statistics per-entry")),
    (40, re.compile(r"ip access-list (?!extended\b|standard\b|resequence\b|log-update\b|logging\b|role-based\b|"
                    r"persistent\b|helper\b|match-local-traffic\b|fqdn\b)\S+\s*$")),
    (60, re.compile(r"RP/\d+/|ipv4 access-list |!! IOS XR|!RANCID-CONTENT-TYPE: cisco-(?:xr|nx|asa)")),
    (60, re.compile(r"! device: .*EOS|!RANCID-CONTENT-TYPE: arista|transceiver qsfp default-mode|management api http")),
)  # fmt: skip


def score(config: ConfigText) -> int:
    """Return 0 to 100: each kind of evidence counts once, evidence of a sibling platform against it."""
    found: set[int] = set()
    against: set[int] = set()
    for raw in config.lines[:_LINES]:
        if not raw:
            continue
        line = raw[:_WIDTH].rstrip()
        _collect(line, found, against)
    total = sum(_FOR[index][0] for index in found)
    return max(0, min(100, total) - sum(_AGAINST[index][0] for index in against))


def _collect(line: str, found: set[int], against: set[int]) -> None:
    for index, (_, pattern) in enumerate(_FOR):
        if index not in found and pattern.match(line):
            found.add(index)
    for index, (_, pattern) in enumerate(_AGAINST):
        if index not in against and pattern.match(line):
            against.add(index)
