"""The clauses of one rule: what it tests, and what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from parsers.netfilter.nftables.selectors import Selector
from parsers.netfilter.nftables.tokens import Group, Item


@dataclass(frozen=True, slots=True)
class Part:
    """One selector of a key, with the mask under which it is looked at (empty: none)."""

    selector: Selector
    mask: str = ""

    @property
    def text(self) -> str:
        """Return the part as nft writes it."""
        return f"{self.selector.text} & {self.mask}" if self.mask else self.selector.text


@dataclass(frozen=True, slots=True)
class Key:
    """What a test looks at: one selector, or several joined by dots."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Return the key as nft writes it."""
        return " . ".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Value:
    """One value as written: ``10.0.0.0/8``, ``22-25``, ``"eth0"``. A ``*`` alone is every value."""

    text: str
    line: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a set or map: a value for each part of the key; ``data`` is what a map gives for it."""

    key: tuple[Value, ...]
    line: int
    data: tuple[Item, ...] = ()

    @property
    def text(self) -> str:
        """Return the key of the element as nft writes it."""
        return " . ".join(value.text for value in self.key)

    @property
    def is_rest(self) -> bool:
        """Return whether this stands for all that no other element says."""
        return len(self.key) == 1 and self.key[0].text == "*" and not self.key[0].quoted


@dataclass(frozen=True, slots=True)
class SetValue:
    """A set written in place. ``source`` is the group it was read from, the same for each use of a definition."""

    elements: tuple[Element, ...]
    source: Group


@dataclass(frozen=True, slots=True)
class SetName:
    """A reference to a named set or map."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Values:
    """One value, or several joined by commas or bars; ``mask`` as in ``syn / syn,ack``."""

    elements: tuple[Element, ...]
    mask: tuple[str, ...] = ()


Right: TypeAlias = SetValue | SetName | Values


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison. ``op`` is empty where none is written."""

    key: Key
    op: str
    right: Right
    text: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A key that must be in a map, for an action that takes a value from there."""

    key: Key
    right: SetValue | SetName


@dataclass(frozen=True, slots=True)
class Rated:
    """A limit, quota or list update: true or not by history. ``fresh``: the answer before anything was counted."""

    text: str
    reason: str
    fresh: bool | None
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the packet. ``verb`` is nft's word; ``target`` a chain, ``block`` a chain written in place."""

    verb: str
    target: str = ""
    block: Group | None = None
    details: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class VerdictMap:
    """``key vmap { value : verdict, … }``, or a named map."""

    key: Key
    right: SetValue | SetName


@dataclass(slots=True)
class ParsedRule:
    """The clauses of a rule.

    ``families`` and ``protocol`` are what its action needs (``reject with tcp reset``). ``effects`` are changes that it
    makes, ``changes`` the selectors that these write to. ``uses`` are (kind, name) of objects. ``problems`` are (code,
    message, text).
    """

    tests: list[Test] = field(default_factory=list)
    lookups: list[Lookup] = field(default_factory=list)
    rated: list[Rated] = field(default_factory=list)
    verdict: Verdict | None = None
    vmap: VerdictMap | None = None
    effects: list[str] = field(default_factory=list)
    changes: set[str] = field(default_factory=set)
    families: set[int] = field(default_factory=lambda: {4, 6})
    protocol: int | None = None
    logging: str = ""
    counter: tuple[int, int] | None = None
    comment: str = ""
    uses: list[tuple[str, str]] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
