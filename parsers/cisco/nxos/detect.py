"""What NX-OS configurations and captures look like."""

from __future__ import annotations

from parsers.cisco.signs import Signs

SIGNS = Signs(
    (
        (60, r"!Command: show |!RANCID-CONTENT-TYPE: cisco-nx"),
        (60, r"vdc \S+ id \d|\s+limit-resource "),
        (60, r"object-group (?:ip|ipv6) (?:address|port) \S"),
        (50, r"version \d+\.\d+\(\d+\w*\)"),
        (60, r"(?:IP|IPV4|MAC|ARP) (?:access list|ACL) \S"),
        (30, r"(?:IPv6 access list|IPV6 ACL) \S"),
        (30, r"\s+statistics per-entry$"),
        (25, r"\s+(?:\d+ )?(?:permit|deny) .*(?:addrgroup|portgroup) "),
        (30, r"\s+(?:\d+ )?(?:permit|deny) .*\[match=\d"),
        (20, r"feature \S|(?:no )?feature-set "),
        (40, r"vrf context "),
        (30, r"copp profile |vlan access-map |role name |snmp-server user \S+ network-(?:admin|operator)"),
        (62, (r"ip access-list (?:standard|extended)?(?!(?:standard|extended|resequence|log-update|logging|role-based"
             r"|persistent|helper|match-local-traffic|fqdn)\b)\S*$")),
        (10, r"ipv6 access-list \S+$"),
        (15, r"interface Ethernet\d+/\d+"),
        (10, r"\s+ipv6 port traffic-filter |\s+ip port access-group "),
        (-60, r"ip access-list (?:standard|extended) \S|\s*access-list \S+ (?:permit|deny|remark|extended|standard) "),
        (-60, (r"Current configuration : |boot-start-marker|version 1[0-9]\.\d+S?$|(?:Standard"
              r"|Extended) IP access list")),
        (-80, r"RP/\d+/|ipv4 access-list |!! IOS XR|!RANCID-CONTENT-TYPE: (?:cisco-xr|arista)|\s+ipv4 address "),
        (-80, (r"! device: .*EOS|transceiver qsfp default-mode|management (?:api|ssh|console"
              r"|telnet) ?|\s+counters per-entry")),
        (-80, (r"daemon TerminAttr|service routing protocols model|interface (?:Management"
              r"|Port-Channel)\d|vrf instance ")),
        (-80, r"\s+nameif \S|\s+security-level \d|(?:ASA|PIX|FWSM) Version |object network "),
    )
)  # fmt: skip
