"""The columns of the rule table: their names, the spellings that are accepted, and what is no column."""

from __future__ import annotations

import re

FORMAT = "rulecheck.rules/1"
"""What ``format`` says in a YAML or JSON table: not needed, but it makes recognition certain."""

_SPELLINGS = {
    "device": "firewall hostname",
    "policy": "acl list chain ruleset rulebase access_list policy_name",
    "name": "rule rule_name rule_id title",
    "action": "verdict decision policy_action permission",
    "source": "src source_address source_addresses src_address src_addr src_ip source_ip source_network sources",
    "destination": "dst dest destination_address destination_addresses dst_address dst_addr dst_ip destination_ip "
    "dest_ip destination_network destinations",
    "protocol": "proto protocols ip_protocol",
    "source_port": "sport src_port source_ports src_ports",
    "destination_port": "dport dst_port port ports destination_ports dst_ports dest_port",
    "icmp_type": "icmp icmp_types",
    "service": "services",
    "source_zone": "src_zone from_zone source_zones srczone from",
    "destination_zone": "dst_zone to_zone destination_zones dest_zone dstzone to",
    "in_interface": "source_interface incoming_interface srcintf in_if iif",
    "out_interface": "destination_interface outgoing_interface dstintf out_if oif",
    "application": "applications app apps",
    "user": "users source_user source_users",
    "enabled": "active status",
    "disabled": "inactive",
    "log": "logging track logged",
    "hits": "hit_count hitcount packets counter hit",
    "description": "comment comments remark remarks note notes",
    "schedule": "time time_range active_time",
    "expires": "expiry expiration valid_until end_date",
}

_ALIASES = {spelling: column for column, words in _SPELLINGS.items() for spelling in (column, *words.split())}

REQUIRED = ("action", "source", "destination")
"""Without these columns a text is no rule table."""

_INFORMATIVE = """
    id uid no number nr index order position sequence line ticket change request owner requester reviewer approver
    created modified changed updated last_hit first_hit reviewed risk severity tag tags category section vendor
    justification reason reference bytes
"""
INFORMATIVE = frozenset(_INFORMATIVE.split())
"""Columns that say nothing about packets; so does every column whose name starts with ``x_``."""


TEXTS = frozenset({"device", "policy", "name", "description", "log", "schedule", "expires", "hits"})
"""Columns whose value is one text, never a list."""


def normalised(header: str) -> str:
    """Return a header in lower case, with underscores for everything that is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


def column_of(header: str) -> str | None:
    """Return the column that a header names; "" for one that is only informative, None for an unknown one."""
    name = normalised(header)
    if name in _ALIASES:
        return _ALIASES[name]
    return "" if not name or name in INFORMATIVE or header.strip().lower().startswith(("x_", "x-")) else None
