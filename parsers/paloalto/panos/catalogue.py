"""The objects that a configuration defines, by scope and name, and the resolution of groups of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from parsers.ledger import Ledger
from parsers.paloalto.panos.layout import OBJECTS, Layout, Scope
from parsers.paloalto.panos.tree import Node, Word
from rulecheck.model.device import Severity

ADDRESS_KINDS = ("address", "address-group", "external-list", "region")
SERVICE_KINDS = ("service", "service-group")
APPLICATION_KINDS = ("application", "application-group", "application-filter")

Item = TypeVar("Item")

MAX_ITEMS = 2_000_000
"""Most values that all groups of one kind may have together after resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One object: where it is defined, its name and its node."""

    scope: Scope
    kind: str
    name: str
    node: Node


class Catalogue:
    """Finds objects by name: in a scope, then in those around it."""

    def __init__(self, layout: Layout) -> None:
        self._found: dict[tuple[Scope, str], dict[str, Definition]] = {}
        self._below: dict[Scope, list[Scope]] = {}
        """The scopes inside each scope."""
        self._labels: dict[tuple[str, str], set[Scope]] = {}
        for scope in layout.scopes():
            for outer in list(scope.chain())[1:]:
                self._below.setdefault(outer, []).append(scope)
            for kind in OBJECTS:
                names = self._found[scope, kind] = {
                    (name := entry.key): Definition(scope, kind, name, entry)
                    for node in scope.sections(kind)
                    for entry in node
                }
                for name in names:
                    self._labels.setdefault((kind, name), set()).add(scope)
        self.nested = any(len(scopes) > 1 for scopes in self._labels.values())
        """Whether any name is defined in more than one scope."""

    def all(self) -> Iterator[Definition]:
        """Yield all definitions, in the order of scopes, kinds and lines."""
        for names in self._found.values():
            yield from names.values()

    def find(self, scope: Scope, kinds: tuple[str, ...], name: str) -> Definition | None:
        """Return the definition that a name means in a scope, or None."""
        for here in scope.chain():
            for kind in kinds:
                found = self._found.get((here, kind), {}).get(name)
                if found is not None:
                    return found
        return None

    def overrides(self, scope: Scope, kinds: tuple[str, ...], name: str) -> list[Definition]:
        """Return definitions of a name in scopes inside ``scope``, where it means something else."""
        inner = self._below.get(scope)
        if not inner:
            return []
        return [
            found
            for one in inner
            for kind in kinds
            if (found := self._found.get((one, kind), {}).get(name)) is not None
        ]

    def label(self, definition: Definition) -> str:
        """Return the name for reports: with its scope where several scopes have an object of this name."""
        if not self.nested or len(self._labels[definition.kind, definition.name]) == 1:
            return definition.name
        return f"{definition.scope.name}/{definition.name}"


class GroupResolver(Generic[Item]):
    """Resolves groups into their values, each group once, without recursion on the depth of the input."""

    def __init__(self, catalogue: Catalogue, kinds: tuple[str, ...], ledger: Ledger) -> None:
        self.catalogue = catalogue
        self.kinds = kinds
        self.ledger = ledger
        self._done: dict[tuple[Scope, Definition], tuple[Item, ...]] = {}
        self.nested = catalogue.nested
        self._items = 0

    # What a kind of object has to say:

    def leaf(self, definition: Definition) -> tuple[Item, ...]:
        """Return the values of an object that is no static group."""
        raise NotImplementedError

    def members(self, definition: Definition) -> list[Word] | None:
        """Return the members of a static group, None where the object is none."""
        raise NotImplementedError

    def missing(self, word: Word) -> tuple[Item, ...]:
        """Return the values of a name that no scope defines."""
        raise NotImplementedError

    def either(self, scope: Scope, word: Word, meanings: list[Definition]) -> tuple[Item, ...]:
        """Return the values of a name to which device groups inside ``scope`` give other meanings."""
        raise NotImplementedError

    def inside(self, item: Item, name: str) -> Item:  # noqa: ARG002
        """Return a value with the name of the group around it noted in its origin, where it has one."""
        return item

    def cut(self, definition: Definition, reason: str) -> tuple[Item, ...]:
        """Return the values of a group that cannot be resolved."""
        raise NotImplementedError

    def identity(self, item: Item) -> object:
        """Return what two values of one group have in common when one of them is superfluous."""
        raise NotImplementedError

    # What is the same for all kinds:

    def lookup(self, scope: Scope, word: Word) -> Definition | None:
        """Return the definition that a word means."""
        return self.catalogue.find(scope, self.kinds, word.text)

    def of_definition(self, scope: Scope, definition: Definition) -> tuple[Item, ...]:
        """Return the values of an object seen from a scope."""
        home = scope if self.nested else definition.scope
        key = (home, definition)
        if key not in self._done:
            self._resolve(home, definition)
        return self._done[key]

    def _resolve(self, scope: Scope, start: Definition) -> None:
        stack: list[tuple[Definition, list[Word] | None, list[Definition]]] = []
        open_now: set[Definition] = set()

        def enter(definition: Definition) -> None:
            members = self.members(definition)
            needed = [one for word in members or () if (one := self._needed(scope, word)) is not None]
            open_now.add(definition)
            stack.append((definition, members, needed))

        enter(start)
        while stack:
            definition, members, needed = stack[-1]
            while needed and ((scope, needed[-1]) in self._done or needed[-1] in open_now):
                needed.pop()
            if needed:
                enter(needed.pop())
                continue
            stack.pop()
            self._done[scope, definition] = self._values(scope, definition, members, open_now)
            open_now.discard(definition)

    def _needed(self, scope: Scope, word: Word) -> Definition | None:
        """Return what has to be resolved before a group that names it."""
        return None if self.catalogue.overrides(scope, self.kinds, word.text) else self.lookup(scope, word)

    def _values(
        self, scope: Scope, definition: Definition, members: list[Word] | None, open_now: set[Definition]
    ) -> tuple[Item, ...]:
        if members is None:
            return self.leaf(definition)
        found: dict[object, Item] = {}
        for word in members:
            for item in self._member(scope, definition, word, open_now):
                found.setdefault(self.identity(item), item)
                self._items += 1
            if self._items > MAX_ITEMS:
                return self._too_many(definition)
        return tuple(self.inside(item, definition.name) for item in found.values())

    def _member(self, scope: Scope, definition: Definition, word: Word, open_now: set[Definition]) -> tuple[Item, ...]:
        target = self.lookup(scope, word)
        if target is None:
            return self.missing(word)
        others = self.catalogue.overrides(scope, self.kinds, word.text)
        if others:
            return self.either(scope, word, [target, *others])
        if target in open_now:
            message = f"{definition.kind} {definition.name[:60]!r} contains itself through {word.text[:60]!r}"
            self.ledger.report("RC604", Severity.MEDIUM, word.line, message, affects_verdicts=True)
            return self.cut(target, "it contains itself")
        return self._done[scope, target]

    def _too_many(self, definition: Definition) -> tuple[Item, ...]:
        message = f"{definition.kind} {definition.name[:60]!r} has too many members after resolution"
        self.ledger.report("RC606", Severity.MEDIUM, definition.node.line, message, affects_verdicts=True)
        return self.cut(definition, "it has too many members")
