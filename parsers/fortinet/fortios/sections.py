"""Which sections of a configuration are read, which are known not to filter, and which are not modelled."""

from __future__ import annotations

import re

RULE_TABLES = (
    "firewall policy",
    "firewall policy6",
    "firewall consolidated policy",
    "firewall security-policy",
    "firewall local-in-policy",
    "firewall local-in-policy6",
    "firewall interface-policy",
    "firewall interface-policy6",
    "firewall central-snat-map",
)
"""Sections whose entries are rules."""

OBJECT_TABLES = (
    "firewall address",
    "firewall address6",
    "firewall addrgrp",
    "firewall addrgrp6",
    "firewall multicast-address",
    "firewall multicast-address6",
    "firewall service custom",
    "firewall service group",
    "firewall schedule recurring",
    "firewall schedule onetime",
    "firewall schedule group",
    "firewall vip",
    "firewall vip6",
    "firewall vip46",
    "firewall vip64",
    "firewall vipgrp",
    "firewall vipgrp6",
    "firewall vipgrp46",
    "firewall vipgrp64",
    "firewall ippool",
    "firewall ippool6",
    "firewall internet-service-name",
    "firewall internet-service-custom",
    "firewall internet-service-custom-group",
    "firewall internet-service-group",
)

READ = frozenset(
    {*RULE_TABLES, *OBJECT_TABLES}
    | {"system global", "system settings", "system interface", "system zone", "system sdwan"}
    | {"system virtual-wan-link", "system external-resource", "firewall service category"}
)
"""Sections that become part of the model."""

_OTHER_TRAFFIC = "its rules are not analysed; the other policies are not affected"

NOT_MODELLED = {
    "firewall proxy-policy": _OTHER_TRAFFIC,
    "firewall explicit-proxy-policy": _OTHER_TRAFFIC,
    "firewall multicast-policy": _OTHER_TRAFFIC,
    "firewall multicast-policy6": _OTHER_TRAFFIC,
    "firewall policy46": _OTHER_TRAFFIC,
    "firewall policy64": _OTHER_TRAFFIC,
    "firewall DoS-policy": "its anomaly limits are not analysed",
    "firewall DoS-policy6": "its anomaly limits are not analysed",
    "firewall acl": "it drops packets before the policies see them, and is not analysed",
    "firewall acl6": "it drops packets before the policies see them, and is not analysed",
    "firewall ttl-policy": "its rules are not analysed",
}
"""Sections that filter, but are not analysed, and what that means."""

KNOWN_ROOTS = frozenset(
    {"system", "firewall", "router", "vpn", "user", "log", "antivirus", "application", "webfilter", "ips", "dlp"}
    | {"dnsfilter", "emailfilter", "spamfilter", "voip", "icap", "waf", "web-proxy", "wanopt", "switch-controller"}
    | {"wireless-controller", "ssh-filter", "file-filter", "videofilter", "cifs", "sctp-filter", "endpoint-control"}
    | {"report", "alertemail", "certificate", "credential-store", "authentication", "automation", "monitoring", "nsxt"}
    | {"extension-controller", "extender-controller", "extender", "ftp-proxy", "gui", "netscan", "client-reputation"}
    | {"virtual-patch", "casb", "diameter-filter", "ztna", "gtp", "imp2p", "pbx", "ssl", "dpdk", "diagnose", "azure"}
    | {"telemetry-controller", "load-balance", "hardware", "registration", "sdwan", "isdb", "rule", "ethernet-oam"}
    | {"vdom", "global", "service", "loadbalance"}
)
"""First words of sections of FortiOS (FortiOS CLI Reference)."""

IGNORED_NESTED = frozenset(
    {"tagging", "ipv6", "secondaryip", "list", "dynamic_mapping", "subnet-segment", "entry", "health-check"}
    | {"service", "duplication", "neighbor", "gslb-public-ips", "ssl-cipher-suites", "ssl-server-cipher-suites"}
    | {"health-check-fortiguard", "quic", "l2tp-client-settings", "dhcp-snooping-server-list", "egress-queues"}
    | {"vrrp", "client-options", "tagging", "custom-mapping"}
)
"""Tables inside of entries that carry nothing for the model."""

REFERENCES = re.compile(
    r"addr|pool|service|schedule|exempt|split|source|destination|(?:src|dst|local|remote)-?(?:name|net)|subnet|network"
    r"|interface|host|member|^src$|^dst$",
)
"""Names of settings that refer to addresses, services or schedules outside of the rules."""
