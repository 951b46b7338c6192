"""What EOS configurations and captures look like."""

from __future__ import annotations

from parsers.cisco.signs import Signs

SIGNS = Signs(
    (
        (95, r"! device: .*EOS|!RANCID-CONTENT-TYPE: arista"),
        (
            60,
            r"transceiver qsfp default-mode|service routing protocols model|daemon TerminAttr|switchport default mode",
        ),
        (60, r"management (?:api|ssh|console|telnet|cvx|security|defaults)\b"),
        (40, r"interface (?:Management|Port-Channel|Vxlan)\d|system control-plane$|mlag configuration$"),
        (70, r"(?:Standard )?(?:IP|IPV6) Access List \S"),
        (40, r"\s+counters per-entry$|\s+(?:no )?fragment-rules$"),
        (40, r"\s+\d+ (?:permit|deny) .*\[match \d|\s+(?:\d+ )?(?:permit|deny) .* tracked\b"),
        (
            30,
            (
                r"\s+(?:\d+ )?(?:permit|deny) vlan \d+ 0x|\s+(?:\d+ )?(?:permit|deny) .* eq \S+ (?!log"
                r"|ack|syn|any|host)[a-z]\S+ "
            ),
        ),
        (25, r"vrf instance |username \S+ .*role network-admin|\s+vrf instance |ip virtual-router mac-address "),
        (
            58,
            r"ip access-list (?!extended\b|resequence\b|log-update\b|logging\b|role-based\b|persistent\b|helper\b)\S+$",
        ),
        (30, r"ip access-list standard \S|ipv6 access-list standard \S"),
        (10, r"ipv6 access-list \S+$|spanning-tree mode (?:mstp|rapid-pvst|none)$"),
        (10, r"interface Ethernet\d+(?:/\d+)*$|interface Loopback\d"),
        (
            -80,
            (
                r"ip access-list extended \S|access-list \S+ (?:permit|deny|remark|extended|standard) "
                r"|\s*version 1[0-9]\.\d+S?$"
            ),
        ),
        (-80, r"feature \S|vdc \S+ id |!Command: show |\s*vrf context |object-group |copp profile |vlan access-map "),
        (-80, r"Current configuration : |boot-start-marker|(?:Standard|Extended) IP access list|version \d+\.\d+\(\d"),
        (-80, r"RP/\d+/|ipv4 access-list |!! IOS XR|!RANCID-CONTENT-TYPE: cisco|\s+ipv4 address |route-policy "),
        (
            -80,
            r"\s+nameif \S|\s+security-level \d|(?:ASA|PIX|FWSM) Version |zone-pair security |\s*statistics per-entry$",
        ),
        (-80, r"line (?:vty|con|aux)|service timestamps |interface (?:Gigabit|Fast|TenGigabit|HundredGig)"),
    )
)
