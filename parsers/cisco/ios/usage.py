"""Where IOS uses access lists: interfaces, lines, SNMP, NAT, route maps and other commands."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cisco.acl.uses import EITHER, NAME, Pattern, Use, found_by, label, pattern
from parsers.cisco.blocks import Block

_INTERFACE = (
    pattern(r"ip access-group common (\S+ \S+) (in|out)$", "{at} {2}"),
    pattern(rf"ip access-group (?:common \S+ )?{NAME}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 traffic-filter {NAME}(?: (in|out))?\b", "{at} {2}", 6),
    pattern(rf"ip verify unicast reverse-path {NAME}$", "{at} uRPF"),
    pattern(rf"ip verify unicast source reachable-via (?:any|rx)(?: allow-\S+)* (?!allow-){NAME}$", "{at} uRPF"),
    pattern(rf"rate-limit (?:input|output) access-group (?!rate-limit){NAME}", "{at} rate-limit"),
    pattern(rf"ip igmp access-group {NAME}", "{at} IGMP"),
    pattern(rf"ip pim neighbor-filter {NAME}", "{at} PIM neighbor"),
    pattern(rf"ip multicast boundary {NAME}", "{at} multicast boundary"),
    pattern(rf"traffic-shape group {NAME}", "{at} traffic-shape"),
    pattern(rf"ip directed-broadcast {NAME}$", "{at} directed-broadcast"),
)
_LINE = (
    pattern(rf"access-class {NAME}(?: (in|out))?\b", "{at} {2}"),
    pattern(rf"ipv6 access-class {NAME}(?: (in|out))?\b", "{at} {2}", 6),
)
_ROUTING = (
    pattern(rf"distribute-list (?!prefix\b|route-map\b|gateway\b){NAME}(?: (in|out))?\b", "{at} distribute-list {2}"),
    pattern(rf"neighbor \S+ distribute-list {NAME}(?: (in|out))?\b", "{at} distribute-list {2}"),
    pattern(rf"offset-list {NAME}(?: (in|out))?\b", "{at} offset-list {2}"),
    pattern(rf"distance \d+ \d\S+ \d\S+ {NAME}$", "{at} distance"),
)
_NESTED = (
    pattern(r"match ip address (?!prefix-list\b)(\S.*)", "{at}"),
    pattern(r"match ipv6 address (?!prefix-list\b)(\S.*)", "{at}", 6),
    pattern(r"match ip (?:next-hop|route-source) (?!prefix-list\b)(\S.*)", "{at}"),
    pattern(rf"match (?:not )?access-group (?:name )?{NAME}", "{at}", EITHER),
    pattern(rf"match address (?:ipv4 )?{NAME}$", "{at}"),
    pattern(rf"match address ipv6 {NAME}$", "{at}", 6),
    pattern(rf"acl {NAME}$", "{at}"),
    pattern(rf"(?:ip )?access-group {NAME}(?: (?:in|out))?$", "{at}"),
)
_TOP = (
    pattern(rf"snmp-server community \S+(?: view \S+)?(?: r[ow])?(?: ipv6 \S+)? (?!r[ow]$|view\b|ipv6\b){NAME}$",
       "SNMP community"),
    pattern(rf"snmp-server community .* ipv6 {NAME}(?: \S+)?$", "SNMP community", 6),
    pattern(rf"snmp-server group .* access (?:ipv6 \S+ )?(?!ipv6 ){NAME}$", "SNMP group"),
    pattern(rf"snmp-server (?:tftp-server-list|file-transfer access-group) {NAME}", "SNMP file transfer"),
    pattern(rf"ip nat (?:inside|outside) (?:source|destination) list {NAME}", "NAT"),
    pattern(rf"ip nat translation max-entries list {NAME}", "NAT limit"),
    pattern(rf"ntp access-group (?:ipv4 )?(?:peer|serve|serve-only|query-only) {NAME}", "NTP"),
    pattern(rf"ntp access-group ipv6 (?:peer|serve|serve-only|query-only) {NAME}", "NTP", 6),
    pattern(rf"ip http access-class (?:ipv4 )?(?!ipv6\b){NAME}$", "HTTP server"),
    pattern(rf"ip http access-class ipv6 {NAME}$", "HTTP server", 6),
    pattern(rf"dialer-list \S+ protocol ip list {NAME}", "dialer-list"),
    pattern(rf"ip pim (?:vrf \S+ )?rp-address \S+ (?!override\b|bidir\b){NAME}", "PIM RP"),
    pattern(rf"ip pim (?:vrf \S+ )?(?:accept-register|rp-candidate .*group-list|ssm range"
            rf"|send-rp-announce .*group-list) (?:list )?{NAME}", "PIM"),
    pattern(rf"ip msdp (?:vrf \S+ )?(?:sa-filter|redistribute).* list {NAME}", "MSDP"),
    pattern(rf"ip wccp .*redirect-list {NAME}", "WCCP"),
    pattern(rf"ip tcp intercept list {NAME}", "TCP intercept"),
    pattern(rf"ip igmp (?:vrf \S+ )?(?:ssm-map static|limit|immediate-leave group-list) {NAME}", "IGMP"),
    pattern(rf"(?:priority|queue)-list \S+ protocol ip \S+ list {NAME}", "queueing"),
    pattern(rf"login quiet-mode access-class {NAME}", "login quiet-mode"),
    pattern(rf"monitor session \S+ filter ip access-group {NAME}", "monitor session"),
    pattern(rf"ip admission name .* list {NAME}", "admission"),
    pattern(rf"ip (?:telnet|ssh) .*access-class {NAME}", "SSH"),
)  # fmt: skip


def uses_in(block: Block) -> Iterator[Use]:
    """Yield the uses of access lists in a top-level statement and what is below it."""
    head = block.words
    word = head[0].lower()
    yield from found_by(_TOP, block, "", all_of_them=True)
    if not block.children:
        return
    at: str
    patterns: tuple[Pattern, ...]
    if word == "interface":
        at, patterns = " ".join(head[1:]), (*_INTERFACE, *_NESTED)
    elif word == "line":
        at, patterns = " ".join(head[1:]), _LINE
    elif word in ("router", "ipv6"):
        at, patterns = " ".join(head[:3]), _ROUTING
    else:
        at, patterns = label(head), _NESTED
    for child in block.children:
        for one in child.walk():
            if not one.literal:
                yield from found_by(patterns, one, at)
