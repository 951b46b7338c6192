"""Where NX-OS uses access lists: interfaces, lines, SNMP, VLAN maps, class maps and other commands."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cisco.acl.uses import EITHER, NAME, Pattern, Use, found_by, label, pattern
from parsers.cisco.blocks import Block

_INTERFACE = (
    pattern(rf"ip (?:port )?access-group {NAME}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 (?:port )?traffic-filter {NAME}(?: (in|out))?\b", "{at} {2}", 6),
    pattern(rf"ip igmp (?:access-group|report-policy|join-group route-map) {NAME}", "{at} IGMP"),
    pattern(rf"ip dhcp relay .*access-list {NAME}", "{at} DHCP relay"),
    pattern(rf"ip verify unicast source reachable-via \S+ (?!allow-){NAME}$", "{at} uRPF"),
)
_LINE = (
    pattern(rf"(?:ip )?access-class {NAME}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 access-class {NAME}(?: (in|out))?\b", "{at} {2}", 6),
)
_NESTED = (
    pattern(r"match ip address (?!prefix-list\b)(\S.*)", "{at}"),
    pattern(r"match ipv6 address (?!prefix-list\b)(\S.*)", "{at}", 6),
    pattern(rf"match (?:not )?access-group (?:name )?{NAME}", "{at}", EITHER),
    pattern(rf"match address {NAME}$", "{at}"),
    pattern(rf"filter (?:ip )?access-group {NAME}", "{at}"),
    pattern(rf"(?:ip|match) .*access-group (?:name )?{NAME}(?: (in|out))?$", "{at} {2}", EITHER),
)
_TOP = (
    pattern(rf"snmp-server community \S+(?: \S+)*? use-(?:ipv4)?acl {NAME}", "SNMP community"),
    pattern(rf"snmp-server community \S+(?: \S+)*? use-ipv6acl {NAME}", "SNMP community", 6),
    pattern(rf"snmp-server user \S+(?: \S+)*? use-ipv4acl {NAME}", "SNMP user"),
    pattern(rf"snmp-server user \S+(?: \S+)*? use-ipv6acl {NAME}", "SNMP user", 6),
    pattern(rf"ip nat (?:inside|outside) source list {NAME}", "NAT"),
    pattern(rf"ntp access-group (?:peer|serve|serve-only|query-only) {NAME}", "NTP", EITHER),
    pattern(rf"ip (?:igmp|pim|msdp) .*(?:access-list|access-group) {NAME}", "multicast"),
    pattern(rf"(?:ip|ipv6) (?:http|ssh|telnet) .*access-class {NAME}", "management", EITHER),
    pattern(rf"nxapi (?:use-vrf .* )?(?:ip )?access-(?:class|group|list) {NAME}", "NX-API", EITHER),
    pattern(rf"hardware access-list .* access-list {NAME}", "hardware access-list"),
    pattern(rf"ip arp inspection filter {NAME}", "ARP inspection"),
)


def uses_in(block: Block) -> Iterator[Use]:
    """Yield the uses of access lists in a top-level statement and what is below it."""
    head = block.words
    word = head[0].lower()
    yield from found_by(_TOP, block, "")
    at: str
    patterns: tuple[Pattern, ...]
    if word == "interface":
        at, patterns = " ".join(head[1:]), (*_INTERFACE, *_NESTED)
    elif word == "line":
        at, patterns = " ".join(head[1:]), _LINE
    else:
        at, patterns = label(head), _NESTED
    for one in block.walk():
        if one is not block and not one.literal:
            yield from found_by(patterns, one, at)
