"""Which menus of RouterOS are read, which are known not to filter, and which are not modelled."""

from __future__ import annotations

FIREWALLS = {"ip": 4, "ipv6": 6}
RULE_TABLES = ("raw", "mangle", "nat", "filter")
"""Tables with rules, in the order in which a packet meets them."""

READ = frozenset(
    {f"{stack} firewall {table}" for stack in FIREWALLS for table in (*RULE_TABLES, "address-list")}
    | {"interface list", "interface list member"}
)
NOT_MODELLED = frozenset({"interface bridge filter", "interface bridge nat", "ip firewall calea"})

KNOWN_ROOTS = frozenset(
    {"interface", "ip", "ipv6", "system", "tool", "user", "user-manager", "snmp", "port", "queue", "routing", "ppp"}
    | {"radius", "certificate", "log", "disk", "file", "caps-man", "container", "iot", "mpls", "zerotier", "dude"}
    | {"tr069-client", "lora", "partitions", "special-login", "console", "app", "task", "metarouter", "store", "rsync"}
    | {"driver", "isdn-channels", "lcd", "openflow", "password", "ups", "virtual", "hotspot", "lte", "wifi", "terminal"}
)
"""First words of menus of RouterOS (RouterOS manual, command line interface)."""
