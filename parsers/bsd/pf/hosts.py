"""Addresses of rules: networks, tables, names, addresses of interfaces, and what is not one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsers.bsd.pf.tokens import Token
from parsers.bsd.pf.values import address_range, network
from parsers.ledger import Ledger
from parsers.redact import redact, show
from rulecheck.model.device import ObjectDefinition, Severity
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element
from rulecheck.model.provenance import Origin

FAMILIES = {"": ADDRESS_ALL, "inet": IPV4_ALL, "inet6": IPV6_ALL}
_INTERFACE = re.compile(r"\(?([A-Za-z][A-Za-z]*\d[\w.]*|egress|self)((?::(?:network|broadcast|peer|0))*)\)?\Z")
_HOST_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})(?:/\d+)?\Z")
_WORDS = {
    "no-route": "which addresses have no route is not known",
    "urpf-failed": "which packets come in on the wrong interface is not known",
}


@dataclass(slots=True)
class Table:
    """A table: what it holds for sure, and whether something else fills it."""

    name: str
    line: int
    elements: tuple[Element, ...]
    file: bool = False
    written: bool = True
    constant: bool = False


@dataclass(slots=True)
class Hosts:
    """Resolves hosts and tables for the rules of one text. ``tables`` are those that it defines."""

    path: str
    ledger: Ledger
    tables: dict[str, Table] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    lists: dict[str, tuple[Element, ...]] = field(default_factory=dict)
    unions: dict[str, tuple[Element, ...]] = field(default_factory=dict)

    def origin(self, token: Token, text: str = "") -> Origin:
        """Return where a word stands."""
        return Origin(self.path, token.line, show(text or token.text), token.path)

    def element(self, words: Sequence[Token]) -> tuple[Element, ...]:
        """Return what one host stands for.

        Raises:
            ValueError: it is malformed.
        """
        token = words[0]
        text = " ".join(one.text for one in words)
        if len(words) == 3 and words[1].text == "-":
            return (Element(text, address_range(words[0].text, words[2].text), self.origin(token, text)),)
        if len(words) == 2 and token.text == "route":
            return (self._test(f"route:{words[1].text}", f"which addresses have {text} is not known", token, text),)
        if len(words) != 1:
            raise ValueError(f"{text[:60]!r} is not an address")
        if token.text.startswith("<"):
            return self._table(token.text.strip("<>").partition(":")[0], token)
        if token.text in _WORDS:
            return (self._test(token.text, _WORDS[token.text], token),)
        first, dash, last = token.text.partition("-")
        if dash and re.fullmatch(r"[0-9a-fA-F.:]+", first) and re.fullmatch(r"[0-9a-fA-F.:]+", last):
            return (Element(text, address_range(first, last), self.origin(token)),)
        known = network(token.text)
        if known is not None:
            return (Element(token.text, known, self.origin(token)),)
        return (self._name(token),)

    def _name(self, token: Token) -> Element:
        found = _INTERFACE.match(token.text)
        if found:
            name = found.group(1) + found.group(2)
            reason = "the addresses of the host itself are not in the text" if name == "self" else ""
            return self._test(f"address:{name}", reason or f"the addresses of {name} are not in the text", token)
        if not _HOST_NAME.match(token.text):
            raise ValueError(f"{token.text[:60]!r} is not an address")
        return self._test(f"fqdn:{token.text.lower()}", f"the name {token.text} is not resolved", token)

    def _test(self, key: str, reason: str, token: Token, text: str = "", *, fresh: bool | None = None) -> Element:
        shown = redact(text or token.text)
        test = Condition(redact(key), redact(reason), self.origin(token, text), fresh=fresh)
        return Element(shown, ADDRESS_ALL, test.origin, test)

    def _table(self, name: str, token: Token) -> tuple[Element, ...]:
        self.used.add(name)
        table = self.tables.get(name)
        if table is None:
            message = f"table <{name}> is not defined here: its addresses are not known"
            self.ledger.report("RC603", Severity.MEDIUM, token.line, message, affects_verdicts=True)
            return (self._test(f"table:{name}", f"table <{name}> is not defined here", token, fresh=False),)
        unknown = table.file or not table.written or name in self.filled
        if not unknown:
            return table.elements
        reason = f"the entries of table <{name}> are not all in the text"
        if name not in self.unions:
            test = self._test(f"table:{name}", reason, token, fresh=None if table.file else False)
            self.unions[name] = (*table.elements, test)
        return self.unions[name]


def negated(elements: Sequence[Element], text: str, origin: Origin, values: IntervalSet) -> tuple[Element, ...] | None:
    """Return the addresses within ``values`` outside of elements; None where they cannot be written."""
    found = []
    for part in Addresses(text, tuple(elements), negated=True).parts:
        kept = part.values & values
        if len(part.conditions) > 1:
            return None
        if kept:
            found.append(Element(text, kept, origin, part.conditions[0] if part.conditions else None))
    return tuple(found)


def limited(elements: Sequence[Element], family: str) -> tuple[Element, ...]:
    """Return elements restricted to an address family."""
    if not family:
        return tuple(elements)
    everything = FAMILIES[family]
    kept = (replace(one, values=one.values & everything) for one in elements)
    return tuple(one for one in kept if one.values)


def definition(hosts: Hosts, table: Table) -> ObjectDefinition:
    """Return a table as an object of the device."""
    origin = Origin(hosts.path, table.line, f"table <{table.name}>")
    known = table.written and not table.file and table.name not in hosts.filled
    content = Addresses(f"<{table.name}>", table.elements) if known else None
    return ObjectDefinition(table.name, "table", origin, content=content)
