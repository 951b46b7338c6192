"""A rule set as read: tables with their chains, sets and other objects, each rule still as tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.netfilter.nftables.tokens import Group, Item

FAMILIES = ("ip", "ip6", "inet", "arp", "bridge", "netdev")
IP_FAMILIES = {"ip": (4,), "ip6": (6,)}
"""Address families of the packets that a table sees; the other tables see both."""

_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}
_BRIDGE_PRIORITIES = {"dstnat": -300, "filter": -200, "out": 100, "srcnat": 300}

HOOKS = ("ingress", "prerouting", "input", "forward", "output", "postrouting", "egress")
"""Hooks in the order in which a packet can meet them."""


@dataclass(slots=True)
class RuleText:
    """One rule as written. ``text`` is empty where the lines of the file are its text (not so in JSON).

    ``defines`` are the names of the definitions that were put in for ``$name``.
    """

    items: list[Item]
    line: int
    end: int
    text: str = ""
    defines: tuple[str, ...] = ()


@dataclass(slots=True)
class Chain:
    """One chain. ``hook`` is empty for a chain that only others call."""

    name: str
    line: int
    family: str
    kind: str = ""
    hook: str = ""
    priority: int = 0
    priority_text: str = ""
    policy: str = ""
    devices: tuple[str, ...] = ()
    rules: list[RuleText] = field(default_factory=list)
    declared: bool = True

    @property
    def place(self) -> str:
        """Return where the chain is evaluated, in words: ``input priority filter``."""
        devices = f" on {', '.join(self.devices)}" if self.devices else ""
        return f"{self.hook}{devices} priority {self.priority_text or self.priority}"


@dataclass(slots=True)
class SetText:
    """A named set, or a map (``is_map``). ``groups`` hold the elements as written, ``flags`` the declared ones.

    ``key`` and ``data`` are the declared types, as text; ``elements`` says whether any elements were given.
    """

    name: str
    line: int
    is_map: bool = False
    key: str = ""
    data: str = ""
    flags: set[str] = field(default_factory=set)
    groups: list[Group] = field(default_factory=list)

    @property
    def is_dynamic(self) -> bool:
        """Return whether its members come and go while the system runs."""
        return bool(self.flags & {"dynamic", "timeout"})


@dataclass(slots=True)
class NamedObject:
    """A named counter, limit, quota, helper, flowtable …: only its existence matters."""

    kind: str
    name: str
    line: int


@dataclass(slots=True)
class Table:
    """One table of one family."""

    family: str
    name: str
    line: int
    dormant: bool = False
    chains: dict[str, Chain] = field(default_factory=dict)
    sets: dict[str, SetText] = field(default_factory=dict)
    objects: dict[tuple[str, str], NamedObject] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """Return the name space of chains and sets: ``inet filter``."""
        return f"{self.family} {self.name}"

    @property
    def families(self) -> tuple[int, ...]:
        """Return the address families of the packets that the table sees."""
        return IP_FAMILIES.get(self.family, (4, 6))


@dataclass(frozen=True, slots=True)
class Define:
    """A definition (``define name = …``). ``members`` are the names of others in it."""

    name: str
    line: int
    items: tuple[Item, ...]
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class Ruleset:
    """All of one input."""

    tables: dict[tuple[str, str], Table] = field(default_factory=dict)
    defines: dict[str, Define] = field(default_factory=dict)

    def table(self, family: str, name: str, line: int) -> Table:
        """Return a table, made when it is new."""
        return self.tables.setdefault((family, name), Table(family, name, line))


def priority(words: list[str], family: str) -> int:
    """Return the number of a priority: ``filter``, ``-150``, ``mangle + 10``.

    Raises:
        ValueError: it is none.
    """
    text = "".join(words)
    names = _BRIDGE_PRIORITIES if family == "bridge" else _PRIORITIES
    for name, base in names.items():
        if text.startswith(name):
            return base + _offset(text[len(name) :])
    return _offset(text)


def _offset(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not text:
        return 0
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10):
        raise ValueError(f"{text[:40]!r} is not a priority")
    return -int(digits) if text[0] == "-" else int(digits)
