"""What differs between the access lists of IOS, NX-OS, IOS-XR and EOS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.cisco.vocabulary import ANY_PROTOCOL
from rulecheck.model.rule import PERMIT, Outcome

if TYPE_CHECKING:
    from parsers.cisco.acl.draft import Draft

NETWORK, SERVICE, PORT = "network-group", "service-group", "port-group"
"""Kinds of object groups whose members can be computed."""


@dataclass(frozen=True, slots=True)
class GroupKind:
    """What the heading of an object group says: its kind, family, name and how masks of members are meant.

    ``masks`` is "netmask", "wildcard" or "either" (whichever the mask can be).
    """

    kind: str
    family: int
    name: str
    masks: str = "netmask"


def _no_group(_words: list[str]) -> GroupKind | None:
    return None


@dataclass(frozen=True, slots=True)
class Dialect:
    """One platform's way to write and evaluate access lists.

    ``system`` is its name in messages. ``any_protocols`` stand for every protocol; ``address_groups`` and
    ``port_groups`` are the words before a group's name. ``protocol_groups``: a group can stand in the protocol slot.
    ``bare_sources``: an entry may have a source address only. ``swapped_ranges``: a range upside down is put right.
    ``leading`` reads what may stand before the protocol. ``clauses`` are more words behind the addresses.
    ``settings`` are lines inside a list that do not filter. ``empty`` is what a list without entries does.
    ``discovery`` names the ICMPv6 messages that are permitted before the implicit deny of an IPv6 list;
    ``discovery_doubt`` says why that is not certain. ``group_kind`` reads the heading of an object group.
    """

    system: str
    any_protocols: frozenset[str] = ANY_PROTOCOL
    address_groups: frozenset[str] = frozenset({"object-group", "addrgroup"})
    port_groups: frozenset[str] = frozenset()
    protocol_groups: bool = False
    bare_sources: bool = False
    swapped_ranges: bool = False
    leading: Callable[[Draft], None] | None = None
    clauses: Mapping[str, Callable[[Draft, str], None]] = field(default_factory=dict)
    settings: frozenset[str] = frozenset({"statistics", "hardware", "exit", "default"})
    empty: Outcome = PERMIT
    discovery: tuple[str, ...] = ("nd-na", "nd-ns")
    discovery_doubt: str = ""
    group_kind: Callable[[list[str]], GroupKind | None] = _no_group
