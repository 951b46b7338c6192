"""Where access lists are used: interfaces, lines, SNMP, NAT, route maps and other commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.cisco.blocks import Block

_NAME = r"([^\s()]+)"

EITHER = 0
"""The family of a use that can name an IPv4 or an IPv6 list."""

_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Use:
    """One reference to an access list. ``where`` is the text for reports ("vty 0 4 in")."""

    family: int
    name: str
    where: str
    line: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A command that names a list: group 1 holds the names of one or more lists.

    ``where`` is filled with {at}, the block, and {2}, the second group (the direction).
    """

    regex: re.Pattern[str]
    where: str
    family: int = 4


def _p(regex: str, where: str, family: int = 4) -> _Pattern:
    return _Pattern(re.compile(regex, re.IGNORECASE), where, family)


_INTERFACE = (
    _p(r"ip access-group common (\S+ \S+) (in|out)$", "{at} {2}"),
    _p(rf"ip access-group (?:common \S+ )?{_NAME}(?: (in|out))?\b", "{at} {2}"),
    _p(rf"ipv6 traffic-filter {_NAME}(?: (in|out))?\b", "{at} {2}", 6),
    _p(rf"ip verify unicast reverse-path {_NAME}$", "{at} uRPF"),
    _p(rf"ip verify unicast source reachable-via (?:any|rx)(?: allow-\S+)* (?!allow-){_NAME}$", "{at} uRPF"),
    _p(rf"rate-limit (?:input|output) access-group (?!rate-limit){_NAME}", "{at} rate-limit"),
    _p(rf"ip igmp access-group {_NAME}", "{at} IGMP"),
    _p(rf"ip pim neighbor-filter {_NAME}", "{at} PIM neighbor"),
    _p(rf"ip multicast boundary {_NAME}", "{at} multicast boundary"),
    _p(rf"traffic-shape group {_NAME}", "{at} traffic-shape"),
    _p(rf"ip directed-broadcast {_NAME}$", "{at} directed-broadcast"),
)
_LINE = (
    _p(rf"access-class {_NAME}(?: (in|out))?\b", "{at} {2}"),
    _p(rf"ipv6 access-class {_NAME}(?: (in|out))?\b", "{at} {2}", 6),
)
_ROUTING = (
    _p(rf"distribute-list (?!prefix\b|route-map\b|gateway\b){_NAME}(?: (in|out))?\b", "{at} distribute-list {2}"),
    _p(rf"neighbor \S+ distribute-list {_NAME}(?: (in|out))?\b", "{at} distribute-list {2}"),
    _p(rf"offset-list {_NAME}(?: (in|out))?\b", "{at} offset-list {2}"),
    _p(rf"distance \d+ \d\S+ \d\S+ {_NAME}$", "{at} distance"),
)
_NESTED = (
    _p(r"match ip address (?!prefix-list\b)(\S.*)", "{at}"),
    _p(r"match ipv6 address (?!prefix-list\b)(\S.*)", "{at}", 6),
    _p(r"match ip (?:next-hop|route-source) (?!prefix-list\b)(\S.*)", "{at}"),
    _p(rf"match (?:not )?access-group (?:name )?{_NAME}", "{at}", EITHER),
    _p(rf"match address (?:ipv4 )?{_NAME}$", "{at}"),
    _p(rf"match address ipv6 {_NAME}$", "{at}", 6),
    _p(rf"acl {_NAME}$", "{at}"),
    _p(rf"(?:ip )?access-group {_NAME}(?: (?:in|out))?$", "{at}"),
)
_TOP = (
    _p(rf"snmp-server community \S+(?: view \S+)?(?: r[ow])?(?: ipv6 \S+)? (?!r[ow]$|view\b|ipv6\b){_NAME}$",
       "SNMP community"),
    _p(rf"snmp-server community .* ipv6 {_NAME}(?: \S+)?$", "SNMP community", 6),
    _p(rf"snmp-server group .* access (?:ipv6 \S+ )?(?!ipv6 ){_NAME}$", "SNMP group"),
    _p(rf"snmp-server (?:tftp-server-list|file-transfer access-group) {_NAME}", "SNMP file transfer"),
    _p(rf"ip nat (?:inside|outside) (?:source|destination) list {_NAME}", "NAT"),
    _p(rf"ip nat translation max-entries list {_NAME}", "NAT limit"),
    _p(rf"ntp access-group (?:ipv4 )?(?:peer|serve|serve-only|query-only) {_NAME}", "NTP"),
    _p(rf"ntp access-group ipv6 (?:peer|serve|serve-only|query-only) {_NAME}", "NTP", 6),
    _p(rf"ip http access-class (?:ipv4 )?(?!ipv6\b){_NAME}$", "HTTP server"),
    _p(rf"ip http access-class ipv6 {_NAME}$", "HTTP server", 6),
    _p(rf"dialer-list \S+ protocol ip list {_NAME}", "dialer-list"),
    _p(rf"ip pim (?:vrf \S+ )?rp-address \S+ (?!override\b|bidir\b){_NAME}", "PIM RP"),
    _p(rf"ip pim (?:vrf \S+ )?(?:accept-register|rp-candidate .*group-list|ssm range|send-rp-announce .*group-list)"
       rf" (?:list )?{_NAME}", "PIM"),
    _p(rf"ip msdp (?:vrf \S+ )?(?:sa-filter|redistribute).* list {_NAME}", "MSDP"),
    _p(rf"ip wccp .*redirect-list {_NAME}", "WCCP"),
    _p(rf"ip tcp intercept list {_NAME}", "TCP intercept"),
    _p(rf"ip igmp (?:vrf \S+ )?(?:ssm-map static|limit|immediate-leave group-list) {_NAME}", "IGMP"),
    _p(rf"(?:priority|queue)-list \S+ protocol ip \S+ list {_NAME}", "queueing"),
    _p(rf"login quiet-mode access-class {_NAME}", "login quiet-mode"),
    _p(rf"monitor session \S+ filter ip access-group {_NAME}", "monitor session"),
    _p(rf"ip admission name .* list {_NAME}", "admission"),
    _p(rf"ip (?:telnet|ssh) .*access-class {_NAME}", "SSH"),
)  # fmt: skip


def uses_in(block: Block) -> Iterator[Use]:
    """Yield the uses of access lists in a top-level statement and what is below it."""
    head = block.words
    word = head[0].lower()
    yield from _matches(_TOP, block, "")
    if not block.children:
        return
    at: str
    patterns: tuple[_Pattern, ...]
    if word == "interface":
        at, patterns = " ".join(head[1:]), (*_INTERFACE, *_NESTED)
    elif word == "line":
        at, patterns = " ".join(head[1:]), _LINE
    elif word in ("router", "ipv6"):
        at, patterns = " ".join(head[:3]), _ROUTING
    else:
        at, patterns = _label(head), _NESTED
    for child in block.children:
        for one in child.walk():
            if not one.literal:
                yield from _matches(patterns, one, at)


def _label(head: list[str]) -> str:
    """Return how a block that matches with lists is called: without words that only select its type."""
    kept = [word for word in head if word not in ("match-any", "match-all", "permit", "deny", "ipsec-isakmp")]
    return " ".join(kept[:5])


def _matches(patterns: tuple[_Pattern, ...], block: Block, at: str) -> Iterator[Use]:
    text = " ".join(block.text[:_WIDTH].split())
    for pattern in patterns:
        found = pattern.regex.match(text)
        if not found:
            continue
        groups = [group or "" for group in found.groups()]
        where = pattern.where.replace("{at}", at).replace("{2}", groups[1] if len(groups) > 1 else "").strip()
        for name in groups[0].split():
            yield Use(pattern.family, name, where, block.line)
        if patterns is not _TOP:
            return
