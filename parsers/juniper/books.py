"""Address books of security policies: addresses, nested address sets, and which book a zone uses.

Source: Juniper "Security Policies User Guide", chapter "Address Books and Address Sets". A name in a policy between
two zones is looked up in the book that is attached to the zone, then in the global book; global policies use the
global book. A wildcard address has ones in its mask where a bit must agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.juniper.facts import LONGEST_WAY, Facts
from parsers.juniper.tree import Node
from parsers.juniper.values import address, is_scattered, prefix
from rulecheck.model.device import ObjectDefinition
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Element
from rulecheck.model.provenance import Origin

GLOBAL = "global"
BUILT_IN = {"any": ADDRESS_ALL, "any-ipv4": IPV4_ALL, "any-ipv6": IPV6_ALL}
_FAMILIES = {"ipv4-only": IPV4_ALL, "ipv6-only": IPV6_ALL}

SPELLED_OUT = 500
"""Members up to which a set keeps them one by one; a larger one becomes a single element."""

MOST_SPELLED_OUT = 500_000
"""Members that all sets together keep one by one; beyond that every set becomes a single element."""

ADDRESS, ADDRESS_SET = "address", "address-set"


@dataclass(slots=True)
class Book:
    """One address book. ``zones`` are the zones that it is attached to."""

    name: str
    addresses: dict[str, Node] = field(default_factory=dict)
    sets: dict[str, Node] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    resolved: dict[str, tuple[Element, ...]] = field(default_factory=dict)


class Books:
    """All address books of one system."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._books: dict[str, Book] = {}
        self._by_zone: dict[str, list[Book]] = {}
        self._feeds: set[str] = set()
        self._spelled = 0
        self._operands: dict[tuple[tuple[str, ...], tuple[str, ...], bool], Addresses] = {}

    def read(self, security: Node) -> None:
        """Read the address books below ``security`` and those of its zones."""
        found = security.get("address-book")
        for node in found.values() if found else ():
            self._read_book(node, node.word)
        feeds = security.find("dynamic-address", "address-name")
        self._feeds = {one.word for one in feeds.values()} if feeds else set()
        zones = security.find("zones")
        for kind in ("security-zone", "functional-zone"):
            group = zones.get(kind) if zones else None
            for zone in group.values() if group else ():
                if (book := zone.get("address-book")) is not None:
                    self._read_book(book, f"zone {zone.word}").zones.append(zone.word)
        for one in self._books.values():
            for name in one.zones:
                self._by_zone.setdefault(name, []).append(one)

    def _read_book(self, node: Node, name: str) -> Book:
        book = self._books.setdefault(name, Book(name))
        for one in node.live():
            one.take()
            if one.word == ADDRESS:
                book.addresses.update((each.word, each) for each in one.values())
            elif one.word == ADDRESS_SET:
                book.sets.update((each.word, each) for each in one.values())
            elif one.word == "attach":
                attached = one.get("zone")
                book.zones.extend(zone.word for zone in (attached.values() if attached else ()))
                for zone in attached.live() if attached else ():
                    zone.take(whole=True)
            elif one.word == "description":
                one.take(whole=True)
            else:
                one.reject()
        return book

    def for_zone(self, zone: str) -> tuple[Book, ...]:
        """Return the books that a name is looked up in, in this order."""
        shared = self._books.get(GLOBAL)
        return (*self._by_zone.get(zone, ()), *((shared,) if shared else ()))

    def shared(self) -> tuple[Book, ...]:
        """Return the books of global policies: the global one alone."""
        found = self._books.get(GLOBAL)
        return (found,) if found else ()

    def operand(self, names: list[Node], books: tuple[Book, ...], *, negated: bool = False) -> Addresses:
        """Return the addresses that the names of a rule stand for; equal operands are one object."""
        key = (tuple(book.name for book in books), tuple(one.word for one in names), negated)
        found = self._operands.get(key)
        if found is None or any(not self.defined(one.word, books) for one in names):
            found = self._operands[key] = self._operand(names, books, negated=negated)
        return found

    def defined(self, name: str, books: tuple[Book, ...]) -> bool:
        """Return whether a name is built in or defined in one of the books."""
        return (
            name in BUILT_IN
            or name in self._feeds
            or any(name in book.addresses or name in book.sets for book in books)
        )

    def kind(self, name: str, books: tuple[Book, ...]) -> tuple[str, str] | None:
        """Return (kind, qualified name) of the object that a name means, or None for a built-in or undefined one."""
        for book in books:
            if name in book.addresses or name in book.sets:
                return (ADDRESS if name in book.addresses else ADDRESS_SET), qualified(book, name)
        return None

    def anywhere(self, name: str) -> list[tuple[str, str]]:
        """Return (kind, qualified name) of every object with this name, for uses without zones."""
        found = (self.kind(name, (book,)) for book in self._books.values())
        return [one for one in found if one is not None]

    def _operand(self, names: list[Node], books: tuple[Book, ...], *, negated: bool) -> Addresses:
        if not negated and any(one.word == "any" for one in names):
            return ANY_ADDRESS
        elements: list[Element] = []
        for one in names:
            elements.extend(self._elements(one, books))
        label = " ".join(one.word for one in names[:20]) + (" …" if len(names) > 20 else "")
        return Addresses(f"not {label}" if negated else label, tuple(elements), negated)

    def _elements(self, node: Node, books: tuple[Book, ...]) -> tuple[Element, ...]:
        name = node.word
        if name in BUILT_IN:
            return (Element(name, BUILT_IN[name], self._facts.origin(node)),)
        for book in books:
            if name in book.addresses or name in book.sets:
                return self.resolve(book, name)
        if name in self._feeds:
            origin = self._facts.origin(node)
            reason = f"which addresses the feed {name} lists is not known"
            return (Element(name, ADDRESS_ALL, origin, Condition(f"dynamic-address:{name}", reason, origin)),)
        self._facts.undefined(node, f"the address {name} is not defined in an address book that applies here")
        return (_open(name, self._facts.origin(node)),)

    def resolve(self, book: Book, name: str) -> tuple[Element, ...]:
        """Return the elements of an address or address set; sets of sets are followed without recursion."""
        stack = [name]
        entered: set[str] = set()
        while stack:
            top = stack[-1]
            if top in book.resolved:
                stack.pop()
            elif top in book.addresses or top not in book.sets:
                book.resolved[top] = self._address(book, top)
            elif top in entered:
                book.resolved[top] = self._union(book, top)
            else:
                entered.add(top)
                stack.extend(self._pending(book, top, entered))
        return book.resolved[name]

    def _pending(self, book: Book, name: str, entered: set[str]) -> list[str]:
        """Return the sets in a set that are still to be resolved; one that is entered already closes a cycle."""
        found: list[str] = []
        nested = book.sets[name].get(ADDRESS_SET)
        for one in nested.values() if nested else ():
            if one.word in book.resolved:
                continue
            if one.word in entered:
                message = f"the address set {name} contains itself through {one.word}"
                self._facts.report("RC604", one, message)
            else:
                found.append(one.word)
        return found

    def _union(self, book: Book, name: str) -> tuple[Element, ...]:
        node = book.sets[name]
        found: dict[tuple[str, IntervalSet, Condition | None], Element] = {}
        for one in node.live():
            one.take(whole=one.word == "description")
            if one.word not in (ADDRESS, ADDRESS_SET):
                if one.word != "description":
                    one.reject()
                continue
            for member in one.values():
                for each in self._member(book, one.word, member, name):
                    path = (name, *each.origin.path[:LONGEST_WAY])
                    origin = Origin(each.origin.file, each.origin.line, each.origin.text, path)
                    found.setdefault(
                        (each.text, each.values, each.condition),
                        Element(each.text, each.values, origin, each.condition),
                    )
        elements = tuple(found.values())
        self._spelled += len(elements)
        keep = len(elements) <= SPELLED_OUT and self._spelled <= MOST_SPELLED_OUT
        return elements if keep else self._merged(name, node, elements)

    def _member(self, book: Book, kind: str, member: Node, owner: str) -> tuple[Element, ...]:
        name = member.word
        known = book.sets if kind == ADDRESS_SET else book.addresses
        if name in BUILT_IN and name not in known:
            return (Element(name, BUILT_IN[name], self._facts.origin(member)),)
        if name not in known:
            self._facts.report("RC603", member, f"the {kind} {name} in the address set {owner} is not defined")
            return (_open(name, self._facts.origin(member)),)
        if name not in book.resolved and kind == ADDRESS_SET:
            return (_cyclic(name, self._facts.origin(member)),)
        if name not in book.resolved:
            book.resolved[name] = self._address(book, name)
        return book.resolved[name]

    def _merged(self, name: str, node: Node, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        exact = IntervalSet.union_of(one.values for one in elements if one.condition is None)
        origin = self._facts.origin(node, path=(name,))
        return (Element(name, exact, origin), *(one for one in elements if one.condition is not None))

    def _address(self, book: Book, name: str) -> tuple[Element, ...]:
        node = book.addresses.get(name)
        if node is None:
            return ()
        found: list[Element] = []
        for one in node.live():
            one.take()
            if one.word == "description":
                one.take(whole=True)
            else:
                found.append(self._value(name, one))
        if not found:
            self._facts.malformed(node, f"the address {name} has no value")
            found.append(_open(name, self._facts.origin(node)))
        return tuple(found)

    def _value(self, name: str, node: Node) -> Element:
        """Read one value of an address: a prefix, a range, a wildcard, or a name of the DNS."""
        if node.word == "dns-name":
            return self._dns(node)
        if node.word == "range-address":
            values, text = _range(node)
        else:
            holder = node.value() if node.word in ("wildcard-address", "ip-prefix") else node
            text = holder.word if holder else ""
            read = prefix(text)
            values = read.values if read else None
            if is_scattered(text) or (values is not None and not self._facts.affords(values)):
                return _scattered(text, self._facts.origin(node, f"{name} {text}"))
        if values is None:
            self._facts.malformed(node, f"the value of the address {name} is not an address")
            return _open(name, self._facts.origin(node))
        return Element(text, values, self._facts.origin(node, f"{name} {text}"))

    def _dns(self, node: Node) -> Element:
        host = node.value()
        name = host.word if host else ""
        options = {one.word for one in host.values()} if host else set()
        family = [_FAMILIES[one] for one in options if one in _FAMILIES]
        values = family[0] if len(family) == 1 else ADDRESS_ALL
        origin = self._facts.origin(host or node)
        return Element(name, values, origin, Condition(f"fqdn:{name}", f"the name {name} is not resolved", origin))

    def definitions(self) -> Iterable[ObjectDefinition]:
        """Yield every object of every book, resolved."""
        for book in self._books.values():
            for name, node in (*book.addresses.items(), *book.sets.items()):
                elements = self.resolve(book, name)
                kind = ADDRESS if name in book.addresses else ADDRESS_SET
                label = qualified(book, name)
                content = Addresses(label, elements)
                origin = self._facts.line_origin(node)
                yield ObjectDefinition(label, kind, origin, self._members(book, node, kind), content)

    def _members(self, book: Book, node: Node, kind: str) -> tuple[str, ...]:
        if kind == ADDRESS:
            return ()
        nodes = (node.get(word) for word in (ADDRESS, ADDRESS_SET))
        return tuple(qualified(book, one.word) for group in nodes if group for one in group.live())


def qualified(book: Book, name: str) -> str:
    """Return the name of an object within the device: plain in the global book, with the book's name elsewhere."""
    return name if book.name == GLOBAL else f"{book.name}/{name}"


def _range(node: Node) -> tuple[IntervalSet | None, str]:
    """Read ``range-address LOW to HIGH``."""
    low = node.value()
    to = low.get("to") if low else None
    high = to.value() if to else None
    if low is None or high is None:
        return None, ""
    first, last = address(low.word), address(high.word)
    text = f"{low.word}-{high.word}"
    if first is None or last is None or first > last or (":" in low.word) != (":" in high.word):
        return None, text
    return IntervalSet(((first, last),)), text


def _scattered(text: str, origin: Origin) -> Element:
    reason = f"the mask of {text} has too many gaps to be spelled out"
    return Element(text, IPV4_ALL, origin, Condition(f"mask {text}", reason, origin))


def _open(name: str, origin: Origin) -> Element:
    reason = f"what {name} stands for is not known"
    return Element(name, ADDRESS_ALL, origin, Condition(f"address:{name}", reason, origin))


def _cyclic(name: str, origin: Origin) -> Element:
    reason = f"the address set {name} contains itself"
    return Element(name, ADDRESS_ALL, origin, Condition(f"address-set cycle:{name}", reason, origin))
