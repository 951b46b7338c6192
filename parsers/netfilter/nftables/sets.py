"""Sets and maps with their members: named ones are resolved once and shared by all rules."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.ledger import Ledger
from parsers.netfilter import operands
from parsers.netfilter.nftables.clauses import Element, Part, SetName, SetValue
from parsers.netfilter.nftables.clauses import Value as Written
from parsers.netfilter.nftables.cursor import ClauseError
from parsers.netfilter.nftables.expressions import read_elements
from parsers.netfilter.nftables.ruleset import SetText, Table
from parsers.netfilter.nftables.selectors import Selector
from parsers.netfilter.nftables.values import masked, value_set
from parsers.redact import redact
from rulecheck.model import match
from rulecheck.model.device import Severity
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition
from rulecheck.model.provenance import Origin

_FILLED = "its members are added while the system runs"


class MissingSetError(ValueError):
    """A set that the table does not have."""


class UnknownSetError(ValueError):
    """A set whose members are not known from the input. ``key`` identifies it, the message says why.

    ``fresh`` is False for one that is empty until the system fills it, None for one that was not understood.
    """

    def __init__(self, key: str, reason: str, *, fresh: bool | None = None) -> None:
        super().__init__(reason)
        self.key = key
        self.fresh = fresh


class Sets:
    """The sets of one table. ``changed`` are the names of those that rules write to."""

    def __init__(self, file: str, ledger: Ledger, table: Table, changed: frozenset[str] = frozenset()) -> None:
        self._file = file
        self._ledger = ledger
        self._table = table
        self._changed = changed
        self._elements: dict[str, tuple[Element, ...] | None] = {}
        self._values: dict[tuple[object, str, str], IntervalSet] = {}
        self._addresses: dict[tuple[object, str, bool], Addresses] = {}
        self._kept: list[object] = []

    def text(self, name: str) -> SetText:
        """Return a named set as written.

        Raises:
            MissingSetError: the table has none of this name.
        """
        found = self._table.sets.get(name)
        if found is None:
            raise MissingSetError(f"set {name[:60]} is not defined in table {self._table.scope}")
        return found

    def elements(self, right: SetValue | SetName) -> tuple[Element, ...]:
        """Return the elements of a set.

        Raises:
            MissingSetError: there is no such set.
            UnknownSetError: its members come and go, or are not in the input.
        """
        if isinstance(right, SetValue):
            return right.elements
        name = right.name
        given = self.text(name)
        if name not in self._elements:
            self._elements[name] = self._read(given)
        found = self._elements[name]
        key = self.key(name)
        if given.is_dynamic or name in self._changed:
            raise UnknownSetError(key, f"the members of {name} come and go while the system runs", fresh=False)
        if found is None:
            raise UnknownSetError(key, f"the members of {name} are not all understood")
        if not found:
            raise UnknownSetError(key, f"{name} has no members here: {_FILLED}", fresh=False)
        return found

    def key(self, name: str) -> str:
        """Return what identifies a set in conditions."""
        return f"set {self._table.scope} @{name}"

    def label(self, right: SetValue | SetName) -> str:
        """Return a set as people know it."""
        if isinstance(right, SetName):
            return f"@{right.name}"
        shown = ", ".join(one.text for one in right.elements[:4])
        return f"{{ {shown}{', …' if len(right.elements) > 4 else ''} }}"

    def _read(self, given: SetText) -> tuple[Element, ...] | None:
        """Return the elements of a named set; None where one of them is malformed, which is reported once."""
        found: list[Element] = []
        for group in given.groups:
            try:
                found += read_elements(group)
            except ClauseError as error:
                self._report(group.line, given.name, str(error))
                return None
        return tuple(found)

    def _report(self, line: int, name: str, message: str) -> None:
        self._ledger.report(
            "RC606", Severity.MEDIUM, line, f"{name}: {message}; its members are not known", affects_verdicts=True
        )

    def spoil(self, name: str, line: int, message: str) -> UnknownSetError:
        """Report a named set with a malformed member; return the error that says it is not known."""
        self._report(line, name, message)
        self._elements[name] = None
        return UnknownSetError(self.key(name), f"the members of {name} are not all understood")

    def values(self, part: Part, right: SetValue | SetName) -> IntervalSet:
        """Return the values of a selector that are members of a set with single keys.

        Raises:
            MissingSetError: there is no such set.
            UnknownSetError: its members are not known.
            ValueError: a member is malformed.
        """
        identity = self._identity(right)
        key = (identity, part.selector.text, part.mask)
        if key not in self._values or self._is_open(right):
            self._values[key] = self._union(part, right)
        return self._values[key]

    def _is_open(self, right: SetValue | SetName) -> bool:
        """Return whether a named set is not known, so that a stored answer must not be used."""
        return isinstance(right, SetName) and right.name not in self._elements

    def _identity(self, right: SetValue | SetName) -> object:
        if isinstance(right, SetName):
            return right.name
        self._kept.append(right.source)
        return id(right.source)

    def _union(self, part: Part, right: SetValue | SetName) -> IntervalSet:
        return IntervalSet.union_of(self._one(part, one, right) for one in self.elements(right))

    def _one(self, part: Part, element: Element, right: SetValue | SetName) -> IntervalSet:
        written = single(element)
        try:
            if part.mask and not element.is_rest:
                return masked(part.selector, part.mask, written.text)
            return value_set(part.selector, written.text, quoted=written.quoted)
        except ValueError as error:
            if isinstance(right, SetName):
                raise self.spoil(right.name, element.line, str(error)) from None
            raise

    def addresses(self, selector: Selector, right: SetValue | SetName, *, negated: bool) -> Addresses:
        """Return a set as the operand of an address; one whose members are not known is a condition.

        Raises:
            MissingSetError: there is no such set.
            ValueError: a member is malformed.
        """
        key = (self._identity(right), selector.kind, negated)
        if key not in self._addresses:
            members = self._members(selector, right)
            label = self.label(right)
            self._addresses[key] = Addresses(f"!= {label}" if negated else label, members, negated)
        return self._addresses[key]

    def _members(self, selector: Selector, right: SetValue | SetName) -> tuple[match.Element, ...]:
        path = (right.name,) if isinstance(right, SetName) else ()
        try:
            return tuple(self._member(selector, one, path) for one in self.elements(right))
        except UnknownSetError as error:
            return (self._unknown(selector, right, error),)
        except MissingSetError:
            raise
        except ValueError as error:
            if not isinstance(right, SetName):
                raise
            return (self._unknown(selector, right, self.spoil(right.name, self.text(right.name).line, str(error))),)

    def _unknown(self, selector: Selector, right: SetValue | SetName, error: UnknownSetError) -> match.Element:
        line = self.text(right.name).line if isinstance(right, SetName) else 0
        text = self.label(right)
        origin = Origin(self._file, line, text)
        return match.Element(text, selector.domain, origin, Condition(error.key, str(error), origin, fresh=error.fresh))

    def _member(self, selector: Selector, element: Element, path: tuple[str, ...]) -> match.Element:
        return address_element(selector, single(element), self._file, path)

    def content(self, name: str, selector: Selector) -> Addresses | None:
        """Return what a named set of addresses stands for, None where that is not known or not addresses."""
        try:
            self.elements(SetName(name, 0))
            return self.addresses(selector, SetName(name, 0), negated=False)
        except ValueError:
            return None


def single(element: Element) -> Written:
    """Return the only part of an element's key.

    Raises:
        ValueError: the key is joined.
    """
    if len(element.key) != 1:
        raise ValueError(f"{element.text[:60]!r} has {len(element.key)} parts where one is expected")
    return element.key[0]


def address_element(selector: Selector, written: Written, file: str, path: tuple[str, ...] = ()) -> match.Element:
    """Return one written address, prefix, range or host name as a member of an operand.

    Raises:
        ValueError: it is malformed.
    """
    shown = redact(written.text)
    origin = Origin(file, written.line, shown, path)
    try:
        return match.Element(shown, value_set(selector, written.text, quoted=written.quoted), origin)
    except operands.HostNameError:
        condition = Condition(f"fqdn:{shown.lower()}", f"the name {shown} is not resolved", origin)
        return match.Element(shown, selector.domain, origin, condition)
    except operands.TooManyIntervalsError:
        condition = Condition(f"mask:{shown}", f"the mask of {shown} has too many separate ranges", origin)
        return match.Element(shown, selector.domain, origin, condition)


def texts(elements: Iterable[Element]) -> str:
    """Return elements in a canonical order, as one text."""
    return ", ".join(sorted(one.text for one in elements))
