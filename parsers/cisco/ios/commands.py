"""Which statements of a running configuration are known not to filter packets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.cisco.blocks import Block

_COMMANDS = """
aaa access-session alias archive arp authentication auto autonomic banner bba-group bfd bfd-template
boot boot-end-marker boot-start-marker bridge buffers call call-home card card-type cdp cef
chat-script cisp class class-map clns clock cns config-register configuration control-plane
controller crypto csim cts cwmp default default-value define device-sensor device-tracking dhcp
diagnostic dial-peer dialer dialer-list do dot11 dot1x dsp dspfarm eap enable end environment epm
errdisable ethernet event exception exit fabric facility-alarm fallback fhrp file flow frame-relay
gatekeeper gateway global guestshell hw-module interface ip ipc ipv6 ipx isdn isis key keystore kron
l2 l2tp-class l2vpn l3vpn lacp ldap license line lldp location logging login logout mab mac
mac-address-table macro map-class map-list media mediatrace memory metadata mls mode modem modemcap
module monitor mpls multilink mvr nat64 netconf netconf-yang network network-clock
network-clock-participate network-clock-select network-policy nmsp no nsr ntp onep ospfv3 pagp
parameter-map parser passthru password pathman performance platform policy-map port-channel power
pppoe priority-list privilege process process-max-time profile prompt property ptp qos queue-list
queue-monitor radius radius-server redundancy regexp remote remote-management resource restconf rmon
route-map route-tag router rsvp rtr sampler scheduler scripting sdm security service service-list
service-policy service-routing service-template set shell shutdown sip-ua snmp snmp-server source
spanning-tree spd stackwise-virtual standby subscriber sw-module switch switch-profile system
table-map tacacs tacacs-server tag telemetry template terminal tftp-server track transceiver tunnel
udld udp upgrade usb username utd vc-class version virtual-service virtual-template vlan vmps voice
voice-card voice-port vpdn vpdn-group vrf vrrp vstack vtp wcm webvpn wireless wlan wsma x25 x29
xconnect xml zone
"""
_IGNORED = frozenset(_COMMANDS.split())
"""First words of top-level statements that neither filter packets nor define what filters use."""

_PREAMBLE = re.compile(
    r"Building configuration|Current configuration|Last configuration change|Using \d+ out of|Load for |Time source "
    r"|NVRAM config last|[\w.\-]{1,64}(?:\([\w-]+\))?[#>]|-{3,}|={3,}"
)
_ACL_WORDS = re.compile(
    r"\b(?:access-list|access-group|access-class|traffic-filter|object-group|permit|deny)\b", re.IGNORECASE
)

_ENTRY = re.compile(r"(?:sequence \d+ |\d+ )?(?:permit|deny|remark|evaluate|dynamic)\b", re.IGNORECASE)
_MEMBER = re.compile(
    r"(?:host|range|group-object|any|tcp|udp|tcp-udp|icmp|network-object|service-object|protocol-object)\b"
    r"|\d{1,3}\.\d{1,3}\.|[0-9a-f]{0,4}:[0-9a-f:]+/",
    re.IGNORECASE,
)
_LIST_LIKE = re.compile(r"(?:ip|ipv6) (?:access-list|access-group|traffic-filter)\b", re.IGNORECASE)
_LIST_SETTING = re.compile(
    r"(?:ip|ipv6) access-list (?:resequence|log-update|logging|persistent|helper|match-local-traffic|commit-delay"
    r"|role-based|fqdn)\b",
    re.IGNORECASE,
)
_HEADINGS = (
    (re.compile(r"(?:ip|ipv6) access-list (?!log)\S|(?:Standard|Extended) IP access list|IPv6 access list"), _ENTRY),
    (re.compile(r"object-group \S+ \S"), _MEMBER),
)
"""Headings of blocks, and what their children look like where a file has lost its indentation."""


def is_ignored(block: Block) -> bool:
    """Return whether a top-level statement is known not to matter."""
    if _LIST_LIKE.match(block.text):
        return _LIST_SETTING.match(block.text) is not None
    return block.words[0].lower() in _IGNORED or is_preamble(block.text)


def is_preamble(text: str) -> bool:
    """Return whether a line is a prompt or a heading of the terminal session around the configuration."""
    return _PREAMBLE.match(text) is not None


def prompt_name(text: str) -> str | None:
    """Return the host name in a prompt with a command behind it (``edge1#show ip access-lists``)."""
    found = re.match(r"([\w.\-]{1,64})(?:\([\w-]+\))?[#>]\s*sh", text)
    return found.group(1) if found else None


def mentions_lists(text: str) -> bool:
    """Return whether a line has words of access lists, so that not knowing it may change a verdict."""
    return _ACL_WORDS.search(text) is not None


def adopt(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with the entries and members that follow their heading without indentation."""
    result: list[Block] = []
    pending: list[Block] = []
    wanted: re.Pattern[str] | None = None
    for block in blocks:
        if wanted is not None and wanted.match(block.text):
            pending.append(block)
            continue
        _close(result, pending)
        result.append(block)
        wanted = next((child for heading, child in _HEADINGS if heading.match(block.text)), None)
    _close(result, pending)
    return result


def _close(result: list[Block], pending: list[Block]) -> None:
    if pending:
        owner = result[-1]
        result[-1] = Block(owner.line, owner.text, (*owner.children, *pending), owner.literal)
        pending.clear()
