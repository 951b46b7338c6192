"""The configuration of each VDOM as tables of entries with their settings, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

GLOBAL = ""
"""Scope of what is configured outside of any VDOM."""


class Setting:
    """The value of one ``set``, as words, with its line. ``broken``: the quotes of the line do not match."""

    __slots__ = ("_members", "_words", "broken", "line")

    def __init__(self, words: list[str], line: int, *, broken: bool = False) -> None:
        self._words = words
        self._members: dict[str, None] | None = None
        self.line = line
        self.broken = broken

    @property
    def words(self) -> list[str]:
        """The words in order."""
        if self._members is not None:
            self._words, self._members = list(self._members), None
        return self._words

    def add(self, words: list[str]) -> None:
        """Append to a list."""
        self._as_set().update(dict.fromkeys(words))

    def remove(self, words: list[str]) -> None:
        """Take members out of a list; all where none is named."""
        members = self._as_set()
        for word in words or list(members):
            members.pop(word, None)

    def copy(self) -> Setting:
        """Return a setting that changes on its own."""
        return Setting(list(self.words), self.line, broken=self.broken)

    def _as_set(self) -> dict[str, None]:
        if self._members is None:
            self._members = dict.fromkeys(self._words)
        return self._members


@dataclass(slots=True)
class Entry:
    """One ``edit``, or the settings of a section without entries. ``lines`` are those of its settings, in order."""

    name: str
    line: int
    settings: dict[str, Setting] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    nested: dict[str, Table] = field(default_factory=dict)

    def words(self, key: str) -> list[str]:
        """Return the words of a setting, none where it is not set."""
        found = self.settings.get(key)
        return found.words if found else []

    def value(self, key: str, default: str = "") -> str:
        """Return the words of a setting as one text."""
        found = self.settings.get(key)
        return " ".join(found.words) if found else default

    def is_on(self, key: str, *, default: bool = False) -> bool:
        """Return whether a setting is ``enable``."""
        found = self.settings.get(key)
        return found.words[:1] == ["enable"] if found else default


class Table:
    """The entries of one section in their order, which is the order of evaluation for policies."""

    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line
        self.settings = Entry("", line)
        self.entries: dict[str, Entry] = {}
        self.renamed: dict[str, tuple[int, str]] = {}
        self._latest: dict[str, str] = {}
        self._before: dict[str, str | None] = {}
        self._after: dict[str, str | None] = {}
        self._first: str | None = None
        self._last: str | None = None
        self._highest = 0

    def __iter__(self) -> Iterator[Entry]:
        name = self._first
        while name is not None:
            yield self.entries[name]
            name = self._after[name]

    def edit(self, name: str, line: int) -> Entry:
        """Return the entry, added at the end where it is new. ``edit 0`` takes the next free number."""
        if name == "0" and name not in self.entries and self._highest:
            name = str(self._highest + 1)
        if name.isascii() and name.isdecimal() and len(name) < 12:
            self._highest = max(self._highest, int(name))
        if name not in self.entries:
            self.entries[name] = Entry(name, line)
            self._link(name, self._last, None)
        return self.entries[name]

    def delete(self, name: str) -> bool:
        """Remove an entry; return whether there was one."""
        if name not in self.entries:
            return False
        self._unlink(name)
        del self.entries[name]
        return True

    def move(self, name: str, where: str, anchor: str) -> bool:
        """Put an entry ``before`` or ``after`` another; return whether that was possible."""
        if name not in self.entries or anchor not in self.entries or where not in ("before", "after"):
            return False
        if name == anchor:
            return True
        self._unlink(name)
        if where == "before":
            self._link(name, self._before[anchor], anchor)
        else:
            self._link(name, anchor, self._after[anchor])
        return True

    def rename(self, old: str, new: str, line: int) -> bool:
        """Give an entry another name; what refers to it follows."""
        if old not in self.entries or new in self.entries or not new:
            return False
        before, after = self._before[old], self._after[old]
        self._unlink(old)
        entry = self.entries.pop(old)
        entry.name = new
        self.entries[new] = entry
        self._link(new, before, after)
        self.renamed[old] = (line, new)
        self._latest.clear()
        return True

    def clone(self, old: str, new: str, line: int) -> bool:
        """Copy an entry to the end of the table."""
        if old not in self.entries or new in self.entries or not new:
            return False
        source = self.entries[old]
        copy = self.edit(new, line)
        copy.settings = {key: one.copy() for key, one in source.settings.items()}
        copy.lines = list(source.lines)
        copy.nested = dict(source.nested)
        return True

    def current_name(self, name: str, line: int) -> str:
        """Return what an object that was called ``name`` on a line is called at the end of the file."""
        if name in self.entries or name not in self.renamed or self.renamed[name][0] < line:
            return name
        steps: dict[str, None] = {}
        current = name
        while current not in self.entries and current in self.renamed and current not in steps:
            steps[current] = None
            current = self._latest.get(current) or self.renamed[current][1]
        self._latest.update(dict.fromkeys(steps, current))
        return current

    def _link(self, name: str, before: str | None, after: str | None) -> None:
        self._before[name], self._after[name] = before, after
        if before is None:
            self._first = name
        else:
            self._after[before] = name
        if after is None:
            self._last = name
        else:
            self._before[after] = name

    def _unlink(self, name: str) -> None:
        before, after = self._before.pop(name), self._after.pop(name)
        if before is None:
            self._first = after
        else:
            self._after[before] = after
        if after is None:
            self._last = before
        else:
            self._before[after] = before


@dataclass(frozen=True, slots=True)
class Reference:
    """A setting of a section that is not modelled, which may name an object."""

    scope: str
    place: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Tree:
    """What one input configures. ``tables`` are by scope (VDOM) and section; ``vdoms`` in the order of the file."""

    tables: dict[tuple[str, str], Table] = field(default_factory=dict)
    vdoms: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def table(self, scope: str, path: str) -> Table | None:
        """Return a section of a scope, None where the input has none."""
        return self.tables.get((scope, path))

    def globally(self, scope: str, path: str) -> Table | None:
        """Return a section of a scope, or else of the global part."""
        return self.tables.get((scope, path)) or self.tables.get((GLOBAL, path))
