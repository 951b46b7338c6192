"""Address operands: objects, static and dynamic groups, external lists, regions and literals."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.ledger import Ledger
from parsers.paloalto.panos.catalogue import ADDRESS_KINDS, Catalogue, Definition, GroupResolver
from parsers.paloalto.panos.layout import Scope
from parsers.paloalto.panos.tree import Word
from parsers.paloalto.panos.values import parse_address, parse_wildcard
from parsers.redact import redact_text
from rulecheck.model.device import Severity
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Element
from rulecheck.model.provenance import Origin

_COUNTRY = re.compile(r"[A-Z]{2}|A[12]|O1")
_DYNAMIC = re.compile(r"panw-[a-z-]+-ip-list")
_LITERAL = re.compile(r"[0-9A-Fa-f:.]+(?:[-/][0-9A-Fa-f:.]+)?")
_MAX_PATH = 8
_VALUES = ("ip-netmask", "ip-range", "ip-wildcard", "fqdn")
_LISTS = ("ip", "predefined-ip")

MAX_PARTS = 1_000_000
"""Most ranges that the wildcards of one configuration may stand for together; further ones are not written out."""


class AddressResolver(GroupResolver[Element]):
    """Resolves the address operands of rules; equal operands are the same object."""

    def __init__(self, catalogue: Catalogue, file: str, ledger: Ledger) -> None:
        super().__init__(catalogue, ADDRESS_KINDS, ledger)
        self._file = file
        self._parts = MAX_PARTS
        self._operands: dict[tuple[Scope, tuple[str, ...], bool], Addresses] = {}
        self._contents: dict[Definition, Addresses] = {}

    def operand(self, scope: Scope, words: list[Word], *, negated: bool) -> Addresses:
        """Return the operand of a rule; no word at all is any address."""
        names = tuple(word.text for word in words)
        if not names or "any" in names:
            return replace(ANY_ADDRESS, negated=True) if negated else ANY_ADDRESS
        key = (scope, names, negated)
        if key not in self._operands:
            if len(words) == 1 and not negated:
                self._operands[key] = self._single(scope, words[0])
            else:
                parts = {word.text: word for word in words}
                elements = [element for word in parts.values() for element in self._single(scope, word).elements]
                self._operands[key] = Addresses(", ".join(names), tuple(elements), negated)
        return self._operands[key]

    def content(self, definition: Definition) -> Addresses:
        """Return what an object stands for, seen from where it is defined."""
        if definition not in self._contents:
            self._contents[definition] = Addresses(definition.name, self.of_definition(definition.scope, definition))
        return self._contents[definition]

    def _single(self, scope: Scope, word: Word) -> Addresses:
        definition = self.lookup(scope, word)
        if definition is None:
            return Addresses(word.text, self.missing(word))
        others = self.catalogue.overrides(scope, self.kinds, word.text)
        if others:
            return Addresses(word.text, self.either(scope, word, [definition, *others]))
        if not self.nested or definition.scope is scope:
            return self.content(definition)
        return Addresses(word.text, self.of_definition(scope, definition))

    def either(self, scope: Scope, word: Word, meanings: list[Definition]) -> tuple[Element, ...]:
        """Return the values of a name that device groups below give other meanings."""
        elements = [element for one in meanings for element in self.of_definition(one.scope, one)]
        origin = Origin(self._file, word.line, word.text)
        key = f"override:{scope.name}:{word.text}"
        condition = Condition(key, f"device groups give {word.text} different addresses", origin)
        return (Element(word.text, IntervalSet.union_of(e.values for e in elements), origin, condition),)

    # --- objects ---

    def members(self, definition: Definition) -> list[Word] | None:
        """Return the members of a static group, None where the object is none."""
        if definition.kind != "address-group":
            return None
        static = definition.node.at("static")
        if static is not None:
            return static.words()
        return None if definition.node.at("dynamic") is not None else _old_members(definition)

    def leaf(self, definition: Definition) -> tuple[Element, ...]:
        """Return the values of an object that is no static group."""
        match definition.kind:
            case "address":
                return self._address(definition)
            case "address-group":
                return self._dynamic(definition)
            case "external-list":
                return self._list(definition)
            case _:
                return self._region(definition)

    def _address(self, definition: Definition) -> tuple[Element, ...]:
        node, name = definition.node, definition.name
        for kind in _VALUES:
            value = node.at(kind)
            if value is not None:
                return (self._value(name, kind, node.word(kind), value.line),)
        message = f"address {name[:60]!r} has no value"
        self.ledger.report("RC606", Severity.MEDIUM, node.line, message, affects_verdicts=True)
        return (self._unknown(Word(name, node.line), "has no value"),)

    def _value(self, name: str, kind: str, text: str, line: int) -> Element:
        origin = Origin(self._file, line, text, (name,))
        if kind == "fqdn":
            condition = Condition(f"fqdn:{text.lower()}", f"the FQDN {text} is not resolved", origin)
            return Element(text, ADDRESS_ALL, origin, condition)
        values = self._wildcard(text) if kind == "ip-wildcard" else parse_address(text)
        if values is None:
            message = f"{text[:60]!r} is no valid {kind}"
            self.ledger.report("RC606", Severity.MEDIUM, line, message, affects_verdicts=True)
            return self._unknown(Word(text, line), "is no valid address", name)
        if not values:
            condition = Condition(f"wildcard:{text}", f"the wildcard {text} stands for too many ranges", origin)
            return Element(text, IPV4_ALL, origin, condition)
        return Element(text, values, origin)

    def _wildcard(self, text: str) -> IntervalSet | None:
        values = parse_wildcard(text, self._parts)
        if values is not None and len(values.intervals) > 1:
            self._parts -= len(values.intervals)
        return values

    def _dynamic(self, definition: Definition) -> tuple[Element, ...]:
        text = redact_text(" ".join(definition.node.word("dynamic", "filter").split()))
        reason = f"the members of dynamic group {definition.name} (filter {text}) are not known"
        return (self._outside(definition, f"tags:{text}", reason),)

    def _list(self, definition: Definition) -> tuple[Element, ...]:
        reason = f"the entries of external list {definition.name} are not known"
        return (self._outside(definition, f"external-list:{definition.scope.name}/{definition.name}", reason),)

    def _outside(self, definition: Definition, key: str, reason: str) -> Element:
        """Return a list that is kept outside the configuration and is empty until it is filled from there."""
        origin = Origin(self._file, definition.node.line, definition.name, (definition.name,))
        return Element(definition.name, ADDRESS_ALL, origin, Condition(key, reason, origin, fresh=False))

    def _region(self, definition: Definition) -> tuple[Element, ...]:
        node = definition.node.at("address")
        words = node.words() if node is not None else []
        return tuple(self._value(definition.name, "ip-netmask", word.text, word.line) for word in words)

    # --- names that nothing defines ---

    def missing(self, word: Word) -> tuple[Element, ...]:
        """Return a literal, a country, or an address that is not known."""
        text = word.text
        origin = Origin(self._file, word.line, text)
        if text == "any":
            return (Element(text, ADDRESS_ALL, origin),)
        values = parse_address(text) if _LITERAL.fullmatch(text) else None
        if values is not None:
            return (Element(text, values, origin),)
        if _COUNTRY.fullmatch(text):
            reason = f"the addresses of region {text} are not known"
            return (Element(text, ADDRESS_ALL, origin, Condition(f"region:{text}", reason, origin)),)
        if _DYNAMIC.fullmatch(text):
            reason = f"the entries of the predefined list {text} are not known"
            return (
                Element(text, ADDRESS_ALL, origin, Condition(f"external-list:{text}", reason, origin, fresh=False)),
            )
        code = "RC606" if _LITERAL.fullmatch(text) and ("." in text or ":" in text) else "RC603"
        wrong = "is no valid address" if code == "RC606" else "is not defined"
        message = f"the address {text[:60]!r} {wrong}; the rules that name it are inexact"
        self.ledger.report(code, Severity.MEDIUM, word.line, message, affects_verdicts=True)
        return (self._unknown(word, wrong),)

    def _unknown(self, word: Word, wrong: str, name: str = "") -> Element:
        origin = Origin(self._file, word.line, word.text, (name,) if name else ())
        condition = Condition(f"address:{word.text}", f"the address {word.text} {wrong}", origin)
        return Element(word.text, ADDRESS_ALL, origin, condition)

    def inside(self, item: Element, name: str) -> Element:
        """Return a value with the name of the group around it."""
        old = item.origin
        origin = Origin(old.file, old.line, old.text, (name, *old.path)[:_MAX_PATH])
        return Element(item.text, item.values, origin, item.condition)

    def cut(self, definition: Definition, reason: str) -> tuple[Element, ...]:
        """Return the values of a group that cannot be resolved."""
        return (self._unknown(Word(definition.name, definition.node.line), reason),)

    def identity(self, item: Element) -> object:
        """Return what makes a second value of a group superfluous."""
        return (item.text, item.origin.line, item.condition.key if item.condition else "")


def _old_members(definition: Definition) -> list[Word]:
    """Return the members of a group as old releases wrote them, directly below its name."""
    known = ("description", "tag", "disable-override")
    if all(child.key in known for child in definition.node) and definition.node.at("tag") is None:
        return [word for word in definition.node.words() if word.text not in known]
    return []
