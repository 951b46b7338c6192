"""Uses of objects, groups and aliases outside the rules: NAT, routing, VPN, management and the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.blocks import Block
from parsers.redact import show
from rulecheck.model.device import ObjectUse

_FREE_TEXT = frozenset({"banner", "description", "remark", "name", "prompt"})
_NAT_KINDS = ("object network", "object-group network", "object service", "object-group service")
_GROUP_SUFFIXES = ("network", "service", "protocol", "icmp-type", "user", "security", "network-service")
_NAMED = frozenset({"object", "object-group"})
_TIMES = frozenset({"time-range", "vpn-access-hours"})
_LABEL_WORDS = 2


@dataclass(slots=True)
class OutsideUses:
    """Collects commands that may name objects; what they name is looked up when all definitions are known."""

    _commands: list[tuple[str, list[str]]] = field(default_factory=list)

    def command(self, block: Block) -> None:
        """Take a command that defines nothing, with its sub-commands."""
        head = block.words
        place = show(" ".join(head[:_LABEL_WORDS])) if len(head) > 1 else head[0]
        for one in block.walk():
            words = one.words
            if words[0] not in _FREE_TEXT:
                self._commands.append((place, words))

    def object_nat(self, kind: str, name: str, words: list[str]) -> None:
        """Take the ``nat`` line inside a network object: it uses the object itself as well."""
        place = f"object nat of {name}"
        self._commands.append((place, ["nat", "-", name, *words[2:]]))
        self._commands.append((place, [*kind.split()[:1], name]))

    def found(self, catalogue: Catalogue) -> tuple[ObjectUse, ...]:
        """Return every use once, in the order of the file."""
        uses = (
            ObjectUse(place, None, kind, name)
            for place, words in self._commands
            for kind, name in _named(words, catalogue)
        )
        return tuple(dict.fromkeys(uses))


def _named(words: list[str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of everything defined that the words of a command name."""
    if catalogue.aliases:
        yield from (("name", word) for word in words[1:] if word in catalogue.aliases)
    if words[0] == "nat":
        yield from _defined(words[2:], _NAT_KINDS, catalogue)
    for keyword, name in itertools.pairwise(words):
        if keyword in _NAMED:
            yield from _defined((name,), tuple(f"{keyword} {suffix}" for suffix in _GROUP_SUFFIXES), catalogue)
        elif keyword in _TIMES:
            yield from (("time-range", word) for word in words if word in catalogue.time_ranges)


def _defined(names: Iterable[str], kinds: Iterable[str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    listed = tuple(kinds)
    for name in names:
        yield from ((kind, name) for kind in listed if catalogue.get(kind, name) is not None)
