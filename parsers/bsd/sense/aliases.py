"""Aliases: hosts, networks and ports, nested without limit; what comes from elsewhere is a condition by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.bsd.pf.hosts import negated
from parsers.bsd.pf.values import address_range, network, ports
from parsers.ledger import Ledger
from parsers.redact import redact_text, show
from parsers.xml_tree import XmlElement
from rulecheck.model.device import ObjectDefinition, Severity
from rulecheck.model.fields import ADDRESS_ALL, PORT_ALL
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Addresses, Condition, Element, Service, Services
from rulecheck.model.provenance import Origin

_PORTS = frozenset({"port", "url_ports", "urltable_ports"})
_PLAIN = frozenset({"host", "network", "port", "networkgroup"})
_REASONS = {
    "geoip": "the addresses of the countries of alias {} are not in the file",
    "mac": "the addresses behind the MAC addresses of alias {} are not in the file",
    "external": "alias {} is filled from outside",
    "dynipv6host": "the prefix of alias {} is not in the file",
}


@dataclass(slots=True)
class Alias:
    """An alias as written: its entries with their lines, and whether it is in use at all."""

    name: str
    kind: str
    line: int
    entries: list[tuple[str, int]]
    enabled: bool = True
    elements: tuple[Element, ...] | None = None
    values: IntervalSet = EMPTY
    doubt: Condition | None = None
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class Aliases:
    """All aliases of a file, each resolved once."""

    config: ConfigText
    ledger: Ledger
    known: dict[str, Alias] = field(default_factory=dict)

    def read(self, root: XmlElement) -> None:
        """Take the aliases of both kinds of configuration, and resolve them."""
        for node in root.find("aliases") or ():
            if node.tag == "alias":
                written = node.value("address") or node.value("aliasurl") or node.value("url")
                self._take(node, written.split(), node.find("address") or node, enabled=True)
        mvc = root.find("OPNsense", "Firewall", "Alias", "aliases")
        for node in mvc or ():
            content = node.find("content")
            entries = content.text.split("\n") if content is not None else []
            self._take(node, entries, content or node, enabled=node.value("enabled", default="1") != "0")
        self._resolve()

    def origin(self, line: int, text: str, path: tuple[str, ...] = ()) -> Origin:
        """Return a place in the file."""
        return Origin(self.config.path, line, show(text), path)

    def definitions(self) -> Iterator[ObjectDefinition]:
        """Yield the aliases as objects of the device."""
        for one in self.known.values():
            origin = self.origin(one.line, f"alias {one.name}")
            content: Addresses | Services | None = None
            if one.kind in _PORTS and one.doubt is None:
                text = f"alias {one.name}"
                content = Services(text, (Service(text, origin, IntervalSet.points((6, 17)), None, one.values),))
            elif one.kind not in _PORTS and one.elements is not None and one.kind in _PLAIN:
                content = Addresses(one.name, one.elements)
            yield ObjectDefinition(one.name, f"alias {one.kind}", origin, one.members, content)

    def _take(self, node: XmlElement, entries: Iterable[str], place: XmlElement, *, enabled: bool) -> None:
        name = redact_text(node.value("name"))
        kind = node.value("type") or "host"
        several = place.end_line > place.line
        listed = [
            (text.strip(), min(place.line + at, place.end_line) if several else place.line)
            for at, text in enumerate(entries)
            if text.strip()
        ]
        if name:
            self.known[name] = Alias(name, kind, node.line, listed, enabled)

    def _resolve(self) -> None:
        """Resolve every alias behind those that it names, without recursion; cycles are cut and reported."""
        done: set[str] = set()
        for start in self.known:
            waiting = [(start, False)]
            open_names: set[str] = set()
            while waiting:
                name, ready = waiting.pop()
                if name in done:
                    continue
                alias = self.known[name]
                if ready:
                    open_names.discard(name)
                    done.add(name)
                    self._finish(alias)
                    continue
                open_names.add(name)
                waiting.append((name, True))
                for text, line in alias.entries:
                    inner = text.lstrip("!")
                    if inner in open_names:
                        message = f"alias {name} contains itself"
                        self.ledger.report("RC604", Severity.MEDIUM, line, message, affects_verdicts=True)
                        alias.doubt = Condition(f"alias:{name}", message, self.origin(line, inner))
                    elif inner in self.known and inner not in done and alias.kind in _PLAIN:
                        waiting.append((inner, False))

    def _finish(self, alias: Alias) -> None:
        alias.members = tuple(text.lstrip("!") for text, _ in alias.entries if text.lstrip("!") in self.known)
        origin = self.origin(alias.line, f"alias {alias.name}")
        if not alias.enabled or alias.kind not in _PLAIN:
            reason = _REASONS.get(alias.kind, "the entries of alias {} come from elsewhere").format(alias.name)
            reason = reason if alias.enabled else f"alias {alias.name} is disabled"
            alias.doubt = Condition(f"alias:{alias.name}", reason, origin)
            alias.elements = (Element(alias.name, ADDRESS_ALL, origin, alias.doubt),)
            alias.values = PORT_ALL
        elif alias.kind in _PORTS:
            self._finish_ports(alias)
        else:
            alias.elements = self._addresses(alias)

    def _finish_ports(self, alias: Alias) -> None:
        found = []
        for text, line in alias.entries:
            other = self.known.get(text)
            if other is not None:
                found.append(other.values)
                alias.doubt = alias.doubt or other.doubt
                continue
            try:
                found.append(ports((text.replace("-", ":"),)))
            except ValueError as error:
                alias.doubt = self._bad(alias, line, str(error))
        alias.values = IntervalSet.union_of(found)

    def _addresses(self, alias: Alias) -> tuple[Element, ...]:
        found: list[Element] = []
        left_out: list[Element] = []
        for text, line in alias.entries:
            lacks, inner = text.startswith("!"), text.lstrip("!").strip()
            into = left_out if lacks else found
            other = self.known.get(inner)
            if other is not None:
                into += other.elements or ()
                continue
            into.append(self._entry(alias, inner, line))
        if alias.doubt is not None:
            found.append(Element(alias.name, ADDRESS_ALL, alias.doubt.origin, alias.doubt))
        return self._without(alias, found, left_out) if left_out else tuple(found)

    def _without(self, alias: Alias, found: list[Element], left_out: list[Element]) -> tuple[Element, ...]:
        origin = self.origin(alias.line, f"alias {alias.name}")
        allowed = negated(left_out, alias.name, origin, ADDRESS_ALL)
        if allowed is None or any(one.condition is not None for one in (*allowed, *left_out)):
            test = Condition(f"alias:{alias.name}", f"alias {alias.name} excludes what is not in the file", origin)
            return (Element(alias.name, ADDRESS_ALL, origin, test),)
        kept = IntervalSet.union_of(one.values for one in allowed)
        return tuple(
            Element(one.text, one.values & kept, one.origin, one.condition) for one in found if one.values & kept
        )

    def _entry(self, alias: Alias, text: str, line: int) -> Element:
        shown = redact_text(text)
        origin = self.origin(line, shown, (alias.name,))
        first, dash, last = text.partition("-")
        try:
            known = address_range(first, last) if dash and last[:1].isdigit() and first[:1].isdigit() else network(text)
        except ValueError as error:
            return Element(shown, ADDRESS_ALL, origin, self._bad(alias, line, str(error)))
        if known is not None:
            return Element(shown, known, origin)
        test = Condition(f"fqdn:{shown.lower()}", f"the name {shown} is not resolved", origin)
        return Element(shown, ADDRESS_ALL, origin, test)

    def _bad(self, alias: Alias, line: int, problem: str) -> Condition:
        message = f"alias {alias.name}: {problem}"
        self.ledger.report("RC606", Severity.MEDIUM, line, message, affects_verdicts=True)
        return Condition(f"alias:{alias.name}", redact_text(message), self.origin(line, alias.name))
