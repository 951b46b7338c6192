"""What an ASA configuration defines by name: objects, groups, aliases, interfaces, time ranges."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.cisco.asa.values import ip
from parsers.cisco.blocks import Block
from parsers.ledger import Ledger

OBJECT_KINDS = frozenset({"network", "service", "network-service"})
GROUP_KINDS = frozenset({"network", "service", "protocol", "icmp-type", "user", "security", "network-service"})

_VALUES = {
    "object network": frozenset({"host", "subnet", "range", "fqdn"}),
    "object service": frozenset({"service"}),
    "object network-service": frozenset({"domain", "subnet", "app-id"}),
    "object-group network": frozenset({"network-object", "group-object", "host"}),
    "object-group service": frozenset({"service-object", "port-object", "group-object"}),
    "object-group protocol": frozenset({"protocol-object", "group-object"}),
    "object-group icmp-type": frozenset({"icmp-object", "group-object"}),
    "object-group user": frozenset({"user", "user-group", "group-object"}),
    "object-group security": frozenset({"security-group", "group-object"}),
    "object-group network-service": frozenset({"network-service-member", "group-object", "domain", "subnet"}),
}
"""The statements that give each kind of definition its members."""

MEMBER_WORDS = frozenset(word for words in _VALUES.values() for word in words)


@dataclass(frozen=True, slots=True)
class Member:
    """One line of a definition; ``words`` without a comment behind ``!``."""

    line: int
    text: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Definition:
    """An object or group. ``qualifier`` is the protocol of a typed service group ("tcp", "udp", "tcp-udp")."""

    kind: str
    name: str
    line: int
    text: str
    qualifier: str = ""
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class Interface:
    """An interface by its ``nameif``: its static addresses, and whether it has others that are not known."""

    line: int
    text: str
    addresses: list[int] = field(default_factory=list)
    dynamic: bool = False


@dataclass(slots=True)
class Catalogue:
    """All definitions of one configuration, by kind and name (names are case-sensitive on the ASA)."""

    definitions: dict[tuple[str, str], Definition] = field(default_factory=dict)
    aliases: dict[str, tuple[int, int]] = field(default_factory=dict)
    """``name`` commands: alias to (address, line)."""
    interfaces: dict[str, Interface] = field(default_factory=dict)
    object_nats: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Kind and name of an object, and the words of a ``nat`` line inside it."""
    time_ranges: dict[str, Definition] = field(default_factory=dict)

    def get(self, kind: str, name: str) -> Definition | None:
        """Return a definition, or None."""
        return self.definitions.get((kind, name))

    def address(self, word: str) -> int | None:
        """Return the address that a word stands for: a literal of either family or an alias."""
        value = ip(word)
        if value is None and word in self.aliases:
            return self.aliases[word][0]
        return value


def read_definition(block: Block, catalogue: Catalogue, ledger: Ledger) -> bool:
    """Take an object, group, alias, interface or time range into the catalogue; False if it is none."""
    words = block.words
    first = words[0]
    if first in ("object", "object-group") and len(words) > 2:
        return _read_object(block, words, catalogue, ledger)
    if first == "name" and len(words) > 2:
        return _read_alias(block, words, catalogue, ledger)
    if first == "interface":
        _read_interface(block, catalogue, ledger)
        return True
    if first == "time-range" and len(words) == 2:
        _read_time_range(block, words[1], catalogue, ledger)
        return True
    return False


def _read_object(block: Block, words: list[str], catalogue: Catalogue, ledger: Ledger) -> bool:
    if words[1] == "group":
        words = [words[0], *words[2:]]
    known = OBJECT_KINDS if words[0] == "object" else GROUP_KINDS
    if len(words) < 3 or words[1] not in known:
        return False
    kind, name = f"{words[0]} {words[1]}", words[2]
    found = catalogue.definitions.get((kind, name))
    if found is None:
        found = Definition(kind, name, block.line, block.text, words[3] if len(words) > 3 else "")
        catalogue.definitions[kind, name] = found
    ledger.understood(block.line)
    for child in block.walk():
        if child is not block:
            _read_member(child, found, ledger)
            if child.text.startswith("nat "):
                catalogue.object_nats.append((kind, name, child.words))
    return True


def _read_member(block: Block, definition: Definition, ledger: Ledger) -> None:
    words = block.words
    if words[0] in _VALUES[definition.kind]:
        if "!" in block.text:
            words = _without_comment(words)
        definition.members.append(Member(block.line, block.text, tuple(words)))
        ledger.understood(block.line)
    elif words[0].rstrip(":") in ("description", "nat"):
        ledger.ignored(block.line)
    else:
        message = f"this line of {definition.kind} {definition.name} was not understood"
        ledger.unknown(block.line, message, affects_verdicts=True)


def _without_comment(words: list[str]) -> list[str]:
    for position, word in enumerate(words):
        if word.startswith("!"):
            return words[:position]
    return words


def _read_alias(block: Block, words: list[str], catalogue: Catalogue, ledger: Ledger) -> bool:
    value = ip(words[1])
    if value is None:
        return False
    catalogue.aliases[words[2]] = (value, block.line)
    ledger.understood(block.line)
    return True


def _read_interface(block: Block, catalogue: Catalogue, ledger: Ledger) -> None:
    found = Interface(block.line, block.text)
    name = ""
    for child in block.walk():
        words = child.words
        if words[0] == "nameif" and len(words) > 1:
            name = words[1]
            ledger.understood(child.line)
        elif words[:2] in (["ip", "address"], ["ipv6", "address"]) and len(words) > 2:
            _read_interface_address(words, found)
            ledger.understood(child.line)
        else:
            ledger.ignored(child.line)
    if name:
        catalogue.interfaces[name] = found
        ledger.understood(block.line)


def _read_interface_address(words: list[str], interface: Interface) -> None:
    value = ip(words[2].partition("/")[0])
    if value is None:
        interface.dynamic = True
    else:
        interface.addresses.append(value)


def _read_time_range(block: Block, name: str, catalogue: Catalogue, ledger: Ledger) -> None:
    found = catalogue.time_ranges.setdefault(name, Definition("time-range", name, block.line, block.text))
    for child in block.walk():
        ledger.understood(child.line)
        if child is not block:
            found.members.append(Member(child.line, child.text, tuple(child.words)))
