"""Where IOS-XR uses access lists: interfaces, lines, SNMP, NTP, routing protocols, class maps and other commands."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cisco.acl.uses import EITHER, NAME, Use, found_by, label, pattern
from parsers.cisco.blocks import Block

_INTERFACE = (
    pattern(r"ipv4 access-group common (\S+(?: (?!ingress\b|egress\b)\S+)?) (ingress|egress)\b", "{at} {2}"),
    pattern(r"ipv6 access-group common (\S+(?: (?!ingress\b|egress\b)\S+)?) (ingress|egress)\b", "{at} {2}", 6),
    pattern(rf"ipv4 access-group {NAME}(?: (ingress|egress))?\b", "{at} {2}"),
    pattern(rf"ipv6 access-group {NAME}(?: (ingress|egress))?\b", "{at} {2}", 6),
)
_SERVICE = r"(?:vrf \S+ )?"
_NESTED = (
    pattern(rf"access-class (?:ipv4 |ipv6 )?ingress {NAME}", "{at} ingress", EITHER),
    pattern(rf"access-class (?:ipv4 |ipv6 )?egress {NAME}", "{at} egress", EITHER),
    pattern(rf"access-group {_SERVICE}ipv6 (?:peer|serve|serve-only|query-only) {NAME}", "{at}", 6),
    pattern(rf"access-group {_SERVICE}(?:ipv4 )?(?:peer|serve|serve-only|query-only) {NAME}", "{at}"),
    pattern(rf"match (?:not )?access-group (?:ipv4 )?(?!ipv6\b){NAME}", "{at}"),
    pattern(rf"match (?:not )?access-group ipv6 {NAME}", "{at}", 6),
    pattern(rf"access-group {NAME}", "{at}", EITHER),
    pattern(
        rf"distribute-list (?!route-policy\b|prefix-list\b){NAME}(?: (in|out))?\b", "{at} distribute-list {2}", EITHER
    ),
    pattern(rf"(?:rp-address|static-rp) \S+ (?!override\b|bidir\b){NAME}", "{at} RP", EITHER),
    pattern(rf"sa-filter (?:in|out) (?:rp-)?list {NAME}", "{at} sa-filter", EITHER),
    pattern(rf"(?:boundary|neighbor-filter|accept-register|maximum register|ssm range) {NAME}$", "{at}", EITHER),
    pattern(rf"discovery targeted-hello accept from {NAME}", "{at} targeted-hello", EITHER),
    pattern(rf"(?:advertise-to|accept from \S+ for|advertise for|allocate for|for) {NAME}", "{at} label", EITHER),
    pattern(rf"(?:ipv4|ipv6) (?:access-list|access-group) {NAME}", "{at}", EITHER),
)
_TOP = (
    pattern(rf"snmp-server (?:community|group) .*\bIPv4 {NAME}", "SNMP"),
    pattern(rf"snmp-server (?:community|group) .*\bIPv6 {NAME}", "SNMP", 6),
    pattern(
        rf"snmp-server community \S+(?: view \S+)?(?: r[ow])?(?: (?:SDROwner|SystemOwner|LROwner))? "
        rf"(?!r[ow]\b|view\b|SDROwner$|SystemOwner$|LROwner$|IPv[46]\b){NAME}$",
        "SNMP",
        EITHER,
    ),
    pattern(rf"ssh server .*\bipv4 access-list {NAME}", "SSH"),
    pattern(rf"ssh server .*\bipv6 access-list {NAME}", "SSH", 6),
    pattern(rf"telnet .*\bserver .*access-list {NAME}", "telnet", EITHER),
    pattern(rf"(?:http|tftp) .*access-(?:list|group) {NAME}", "file transfer", EITHER),
    pattern(rf"ntp access-group {_SERVICE}ipv6 (?:peer|serve|serve-only|query-only) {NAME}", "NTP", 6),
    pattern(rf"ntp access-group {_SERVICE}(?:ipv4 )?(?:peer|serve|serve-only|query-only) {NAME}", "NTP"),
)


def uses_in(block: Block) -> Iterator[Use]:
    """Yield the uses of access lists in a top-level statement and what is below it."""
    head = block.words
    word = head[0].lower()
    yield from found_by(_TOP, block, "", all_of_them=True)
    if word in ("route-policy", "prefix-set", "community-set"):
        return
    at = " ".join(head[1:]) if word == "interface" else label(head)
    for one in block.walk():
        if one is not block and not one.literal:
            yield from found_by((*_INTERFACE, *_NESTED), one, at)
