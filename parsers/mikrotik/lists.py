"""Address lists and interface lists: their static members, and what else can be in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.mikrotik import values
from parsers.mikrotik.tables import Row, Tables
from parsers.redact import show
from rulecheck.model.device import Severity
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin

BUILT_IN = frozenset({"all", "none", "dynamic", "static"})
"""Interface lists that every router has."""

CLASSES = frozenset({"all-ethernet", "all-ppp", "all-vlan", "all-wireless", "dynamic"})
"""Words in the place of an interface that stand for a class of interfaces."""


@dataclass(slots=True)
class Place:
    """Cites lines of one input."""

    config: ConfigText

    def origin(self, line: int, text: str | None = None, path: tuple[str, ...] = ()) -> Origin:
        """Return the citation of a line, or of a text on it."""
        shown = self.config.lines[line - 1] if text is None and line else text or ""
        return Origin(self.config.path, line, show(shown), path)


@dataclass(slots=True)
class AddressList:
    """One list: static members, and DNS names and temporary entries under conditions."""

    name: str
    line: int
    elements: tuple[Element, ...]


class AddressLists:
    """The address lists of one family."""

    def __init__(self, place: Place, ledger: Ledger, tables: Tables, family: int) -> None:
        self.family = family
        self._place = place
        self._ledger = ledger
        stack = "ip" if family == 4 else "ipv6"
        self.lists: dict[str, AddressList] = {}
        grouped: dict[str, list[Row]] = {}
        for row in tables.rows.get(f"{stack} firewall address-list", ()):
            if row.values.get("disabled") != "yes":
                grouped.setdefault(row.values.get("list", ""), []).append(row)
        for name, rows in grouped.items():
            elements = tuple(self._element(name, row) for row in rows)
            self.lists[name] = AddressList(name, rows[0].line, elements)
        self._operands: dict[tuple[str, bool, str], Addresses] = {}

    def operand(self, name: str, dynamic: Condition | None, *, negated: bool, line: int) -> Addresses:
        """Return a list as an operand. ``dynamic`` is the condition of members that rules or others add at run time."""
        key = (name, negated, dynamic.key if dynamic else "")
        if key not in self._operands:
            known = self.lists.get(name)
            elements = known.elements if known else ()
            if dynamic is not None:
                everything = values.EVERYTHING[self.family]
                origin = self._place.origin(line, f"members of {name} that are added at run time")
                elements = (*elements, Element(f"{name} (dynamic)", everything, origin, dynamic))
            label = f"not list {name}" if negated else f"list {name}"
            self._operands[key] = Addresses(label, elements, negated=negated)
        return self._operands[key]

    def _element(self, name: str, row: Row) -> Element:
        text = row.values.get("address", "")
        origin = self._place.origin(row.line, path=(name,))
        everything = values.EVERYTHING[self.family]
        try:
            found = values.addresses(text, self.family)
        except values.HostNameError:
            fqdn = text.lower()
            condition = Condition(f"fqdn:{fqdn}", f"the DNS name {fqdn} is not resolved", origin)
            return Element(text, everything, origin, condition)
        except ValueError as error:
            self._ledger.report("RC606", Severity.MEDIUM, row.line, str(error), affects_verdicts=True)
            return Element(text, everything, origin, Condition(f"unclear entry, line {row.line}", str(error), origin))
        if row.values.get("timeout") or row.values.get("dynamic") == "yes" or row.doubts:
            key = f"temporary entry:{name}:{text}"
            return Element(text, found, origin, Condition(key, f"{text} is only in list {name} for a time", origin))
        return Element(text, found, origin)


@dataclass(slots=True)
class InterfaceList:
    """One list: interfaces, and the lists that it includes and excludes."""

    name: str
    line: int
    interfaces: list[str] = field(default_factory=list)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class InterfaceLists:
    """The interface lists of the router."""

    def __init__(self, ledger: Ledger, tables: Tables) -> None:
        self._ledger = ledger
        self.lists: dict[str, InterfaceList] = {}
        for row in tables.rows.get("interface list", ()):
            name = row.values.get("name", "")
            include, exclude = (_names(row.values.get(key, "")) for key in ("include", "exclude"))
            self.lists[name] = InterfaceList(name, row.line, [], include, exclude)
        for row in tables.rows.get("interface list member", ()):
            if row.values.get("disabled") == "yes":
                continue
            name = row.values.get("list", "")
            known = self.lists.setdefault(name, InterfaceList(name, row.line))
            known.interfaces.append(row.values.get("interface", ""))
        self._found: dict[str, IntervalSet | None] = {}

    def interfaces(self, name: str) -> IntervalSet | None:
        """Return the interfaces of a list, None where they are not known (not in the input, built in, a cycle)."""
        if name not in self._found:
            self._resolve(name)
        return self._found[name]

    def _resolve(self, start: str) -> None:
        """Resolve a list and those that it refers to, inner ones first, without recursion."""
        open_lists: dict[str, None] = {start: None}
        stack = [(start, self._inner(start))]
        while stack:
            name, inner = stack[-1]
            step = next(inner, None)
            if step is None:
                stack.pop()
                del open_lists[name]
                self._found[name] = self._compose(name)
            elif step in open_lists:
                message = f"the interface list {step[:60]} contains itself"
                line = self.lists[step].line
                self._ledger.report("RC604", Severity.MEDIUM, line, message, affects_verdicts=True)
                self._found[step] = None
            elif step not in self._found:
                open_lists[step] = None
                stack.append((step, self._inner(step)))

    def _inner(self, name: str) -> Iterator[str]:
        known = self.lists.get(name)
        return iter((*known.include, *known.exclude) if known else ())

    def _compose(self, name: str) -> IntervalSet | None:
        known = self.lists.get(name)
        if known is None:
            return IntervalSet() if name == "none" else None
        if any(one in CLASSES for one in known.interfaces):
            return None
        inner = [self._found.get(one) for one in known.include]
        outer = [self._found.get(one) for one in known.exclude]
        found = name_set(*known.interfaces)
        for one in inner:
            if one is None:
                return None
            found = found | one
        for one in outer:
            if one is None:
                return None
            found = found - one
        return found or None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without repetition, in order."""
    return tuple(dict.fromkeys(names))
