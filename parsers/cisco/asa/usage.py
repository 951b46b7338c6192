"""Where access lists are used: on interfaces, and by NAT, VPN, class maps, routing and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.cisco.blocks import Block
from parsers.ledger import Ledger

GLOBAL = "global"
CONTROL_PLANE = "control-plane"

_LIST_BEHIND = (
    ("access-list",),
    ("match", "address"),
    ("match", "ip", "address"),
    ("match", "ipv6", "address"),
    ("vpn-filter", "value"),
    ("ipv6-vpn-filter", "value"),
    ("vpn-filter",),
    ("split-tunnel-network-list", "value"),
    ("ipv6-split-tunnel-network-list", "value"),
    ("distribute-list",),
    ("accept-register", "list"),
    ("redirect-list",),
    ("group-list",),
    ("classify-list",),
    ("igmp", "access-group"),
    ("multicast", "boundary"),
    ("authentication", "match"),
    ("authorization", "match"),
    ("accounting", "match"),
)
"""Words behind which the name of an access list stands, longest first within one command."""

_FIRST_WORDS = frozenset(pattern[0] for pattern in _LIST_BEHIND)

_NOT_A_LIST = frozenset({"none", "value", "in", "out", "statistics", "rename", "match", "list"})

_FREE_TEXT = frozenset({"banner", "command-alias", "description", "privilege", "prompt", "remark"})
"""Commands whose arguments are text, even where they look like a use."""


@dataclass(slots=True)
class Usage:
    """The places of use by the name of the list, in file order."""

    places: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    has_global: bool = False

    def add(self, name: str, place: str, line: int) -> None:
        """Note one use."""
        found = self.places.setdefault(name, [])
        self.lines.setdefault(name, line)
        if place not in found:
            found.append(place)

    def of(self, name: str) -> tuple[str, ...]:
        """Return the places of use of a list."""
        return tuple(self.places.get(name, ()))


def read_access_group(block: Block, usage: Usage, ledger: Ledger) -> None:
    """Read ``access-group NAME in interface IF [control-plane]`` or ``access-group NAME global``."""
    words = block.words
    place = _access_group_place(words)
    if place is None:
        ledger.unknown(block.line, "where this access-group applies was not understood")
        return
    if place == GLOBAL:
        usage.has_global = True
    usage.add(words[1], place, block.line)
    ledger.understood(block.line)


def _access_group_place(words: list[str]) -> str | None:
    if len(words) >= 3 and words[2] == GLOBAL:
        return GLOBAL
    if len(words) >= 5 and words[2] in ("in", "out") and words[3] == "interface":
        extra = f" {CONTROL_PLANE}" if CONTROL_PLANE in words[5:] else ""
        return f"{words[4]} {words[2]}{extra}"
    return None


def read_uses(block: Block, usage: Usage, ledger: Ledger) -> None:
    """Find access lists named anywhere in a command and its sub-commands; marks those lines understood."""
    for one in block.walk():
        words = one.words
        for name in () if words[0] in _FREE_TEXT else _named_lists(words):
            usage.add(name, _place(block, one), one.line)
            ledger.understood(one.line)


def _named_lists(words: list[str]) -> Iterator[str]:
    for position, word in enumerate(words[:-1]):
        if word not in _FIRST_WORDS:
            continue
        for pattern in _LIST_BEHIND:
            end = position + len(pattern)
            if end < len(words) and tuple(words[position:end]) == pattern and words[end] not in _NOT_A_LIST:
                yield words[end]
                break


def _place(block: Block, line: Block) -> str:
    """Return a short name for a place of use: the command without its list, or the block it is in."""
    words = block.words
    first = words[0]
    if first == "crypto":
        return " ".join(words[:4])
    if first in ("class-map", "route-map"):
        return " ".join(words[: 3 if first == "route-map" else len(words)])
    if first in ("group-policy", "username"):
        return f"{line.words[0]} of {first} {words[1]}" if len(words) > 1 else first
    if first in ("aaa", "nat", "static", "capture"):
        return " ".join(words[:2])
    return first if line is block else f"{first} {line.words[0]}"
