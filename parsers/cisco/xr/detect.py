"""What IOS-XR configurations and captures look like."""

from __future__ import annotations

from parsers.cisco.signs import Signs

SIGNS = Signs(
    (
        (95, r"!! IOS XR|!RANCID-CONTENT-TYPE: cisco-xr"),
        (70, r"\s*ipv4 access-list (?!log-update\b)\S+"),
        (60, r"RP/\d+/\w+/CPU\d+:"),
        (50, r"object-group (?:network (?:ipv4|ipv6)|port) \S"),
        (50, r"\s+ipv4 access-group \S|\s+ipv6 access-group \S+ (?:ingress|egress|\S+ ingress)"),
        (30, r"\s+ipv4 address \d"),
        (
            30,
            (
                r"interface (?:TenGigE|HundredGigE|FortyGigE|Bundle-Ether|MgmtEth|preconfigure "
                r"|GigabitEthernet\d+/\d+/\d+/\d+)"
            ),
        ),
        (30, r"route-policy \S|prefix-set \S|community-set \S|as-path-set \S"),
        (20, r"line (?:default|template)\b|vty-pool |\s+access-class (?:ingress|egress) \S"),
        (10, r"ipv6 access-list \S+$"),
        (25, r"\s+\d+ (?:permit|deny) .*(?:net-group|port-group) |\s+\d+ (?:permit|deny) .*\(\d+ hw matches\)"),
        (25, r"\s+\d+ (?:permit|deny) ipv4 "),
        (-60, r"Current configuration : |boot-start-marker|version 1[0-9]\.\d+S?$"),
        (
            -60,
            (
                r"feature \S|vdc \S+ id |!Command: show |ip access-list \S|access-list \S+ (?:permit"
                r"|deny|extended|standard) "
            ),
        ),
        (-60, r"! device: .*EOS|\s+nameif \S|(?:ASA|PIX|FWSM) Version |\s+ip(?:v6)? (?:address|traffic-filter) "),
    )
)
