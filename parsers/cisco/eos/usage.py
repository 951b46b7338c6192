"""Where EOS uses access lists: interfaces, control plane, management, SNMP, NAT, class maps and other commands."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cisco.acl.uses import EITHER, NAME, Use, found_by, label, pattern
from parsers.cisco.blocks import Block

_VRF = r"(?: vrf \S+)?"
_NESTED = (
    pattern(rf"ip (?:port )?access-group (?!ipv6\b){NAME}{_VRF}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 access-group {NAME}{_VRF}(?: (in|out))?\b", "{at} {2}", 6),
    pattern(rf"ip access-class {NAME}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 access-class {NAME}(?: (in|out))?\b", "{at} {2}", 6),
    pattern(rf"ip nat (?:source|destination) (?:static|dynamic) .*access-list {NAME}", "{at} NAT"),
    pattern(rf"ip multicast boundary (?!\d+\.\d+\.\d+\.\d+){NAME}", "{at} multicast boundary"),
    pattern(rf"(?:ip igmp|mld) .*access-list {NAME}", "{at} multicast", EITHER),
    pattern(rf"match ip address access-list {NAME}", "{at}"),
    pattern(rf"match ipv6 address access-list {NAME}", "{at}", 6),
    pattern(rf"match ip access-group {NAME}", "{at}"),
    pattern(rf"match ipv6 access-group {NAME}", "{at}", 6),
    pattern(rf"(?:rp address|anycast-rp|ssm range|neighbor filter|register .*) .*access-list {NAME}", "{at}", EITHER),
    pattern(rf".*\baccess-(?:list|group) (?:name )?{NAME}$", "{at}", EITHER),
)
_TOP = (
    pattern(
        rf"snmp-server community \S+(?: view \S+)?(?: r[ow])?(?: ipv6 \S+)? (?!r[ow]$|view\b|ipv6\b){NAME}$", "SNMP"
    ),
    pattern(rf"snmp-server community .* ipv6 {NAME}(?: \S+)?$", "SNMP", 6),
    pattern(rf"snmp-server ipv4 access-list {NAME}", "SNMP"),
    pattern(rf"snmp-server ipv6 access-list {NAME}", "SNMP", 6),
    pattern(rf"ip nat (?:source|destination) .*access-list {NAME}", "NAT"),
    pattern(rf"ntp serve ip access-group {NAME}", "NTP"),
    pattern(rf"ntp serve ipv6 access-group {NAME}", "NTP", 6),
    pattern(rf"monitor session \S+ .*ip access-group {NAME}", "monitor session"),
    pattern(rf"monitor session \S+ .*ipv6 access-group {NAME}", "monitor session", 6),
    pattern(rf"ip (?:pim|msdp|igmp) .*(?:access-list|sa-filter \w+ list) {NAME}", "multicast"),
)


def uses_in(block: Block) -> Iterator[Use]:
    """Yield the uses of access lists in a top-level statement and what is below it."""
    head = block.words
    word = head[0].lower()
    if word == "no":
        return
    yield from found_by(_TOP, block, "")
    at = " ".join(head[1:]) if word == "interface" else label(head)
    for one in block.walk():
        if one is not block and not one.literal and not one.text.startswith("no "):
            yield from found_by(_NESTED, one, at)
