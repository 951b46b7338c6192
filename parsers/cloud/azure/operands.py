"""Addresses and services of security rules: single and plural fields together, service tags and groups by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parsers.cloud.export import Export, folded, last_part, words
from parsers.cloud.values import PORTED, TCP_UDP, address_range, looks_like_address, network, ports, protocol
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.fields import ADDRESS_ALL, PORT_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Element, Service, Services
from rulecheck.model.provenance import Origin

_ANY = frozenset({"*", "any"})
_OTHER_PROTOCOLS = IntervalSet.of((0, 255)) - TCP_UDP

_PROBES = network("168.63.129.16") | network("fe80::1234:5678:9abc")
"""Where health probes come from (Azure documentation, "What is IP address 168.63.129.16?")."""


@dataclass(slots=True)
class Reader:
    """Reads the fields of rules. ``uses`` collects the application security groups that the last rule names."""

    export: Export
    uses: list[str] = field(default_factory=list)

    def addresses(self, fields: Mapping[str, JsonNode], side: str, line: int, mark: str) -> tuple[Addresses, str]:
        """Return the operand of ``source`` or ``destination``, and its text."""
        found = [*words(fields.get(f"{side}addressprefix")), *words(fields.get(f"{side}addressprefixes"))]
        texts = [(text.strip(), node) for whole, node in found for text in whole.split(",") if text.strip()]
        groups = list(self._groups(fields.get(f"{side}applicationsecuritygroups")))
        if any(text.lower() in _ANY for text, _ in texts):
            return ANY_ADDRESS, "*"
        elements = [self._element(text, node.line, mark) for text, node in texts] + groups
        label = ", ".join(one.text for one in elements[:12])
        if not elements:
            test = self.export.problem("RC602", line, f"{mark} {side}", f"the rule has no {side} address")
            elements = [Element("(none)", ADDRESS_ALL, test.origin, test)]
        return Addresses(label, tuple(elements)), label

    def services(self, fields: Mapping[str, JsonNode], line: int, mark: str) -> tuple[Services | None, str]:
        """Return the services of a rule, and their text."""
        kind = next((text for text, _ in words(fields.get("protocol"))), "")
        sources, source_text = self._ports(fields, "source", mark)
        wanted, text = self._ports(fields, "destination", mark)
        shown = f"{redact_text(kind) or '(none)'} {text}" + (f" from port {source_text}" if source_text != "*" else "")
        origin = self.export.origin(line, shown)
        number, test = self._protocol(kind, line, mark)
        if test is not None:
            return Services(shown, (Service(shown, origin, condition=test),)), shown
        if number is None:
            return self._any_protocol(shown, origin, sources, wanted), shown
        points = IntervalSet.points((number,))
        if number not in PORTED:
            return Services(shown, (Service(shown, origin, points),)), shown
        return Services(shown, tuple(_pieces(shown, origin, points, sources, wanted))), shown

    def _any_protocol(self, shown: str, origin: Origin, sources: list[_Ports], wanted: list[_Ports]) -> Services | None:
        """Return what ``*`` stands for: where it goes with ports, what that means without ports is not documented."""
        if _all_ports(sources) and _all_ports(wanted):
            return None
        text = ", ".join(one.text for one in (*sources, *wanted))
        test = Condition(f"portless:{text}", "what ports mean for protocols without ports is not documented", origin)
        rest = Service(shown, origin, _OTHER_PROTOCOLS, condition=test)
        return Services(shown, (*_pieces(shown, origin, TCP_UDP, sources, wanted), rest))

    def _protocol(self, text: str, line: int, mark: str) -> tuple[int | None, Condition | None]:
        if text.strip().lower() in _ANY:
            return None, None
        try:
            number = protocol(text)
        except ValueError:
            number = None
        if number is not None:
            return number, None
        message = f"the protocol {redact_text(text)!r} was not understood"
        return None, self.export.problem("RC602", line, f"{mark} protocol", message)

    def _ports(self, fields: Mapping[str, JsonNode], side: str, mark: str) -> tuple[list[_Ports], str]:
        found = [*words(fields.get(f"{side}portrange")), *words(fields.get(f"{side}portranges"))]
        listed = [(text.strip(), node) for whole, node in found for text in whole.split(",") if text.strip()]
        if not listed or any(text.lower() in _ANY for text, _ in listed):
            return [_Ports("*", PORT_ALL)], "*"
        exact, doubtful = [], []
        for text, node in listed:
            try:
                exact.append(ports(text))
            except ValueError as problem:
                test = self.export.problem("RC606", node.line, f"{mark} {side} ports", str(problem))
                doubtful.append(_Ports(redact_text(text), PORT_ALL, test))
        label = ", ".join(redact_text(text) for text, _ in listed[:12])
        certain = [_Ports(label, IntervalSet.union_of(exact))] if exact else []
        return [*certain, *doubtful], label

    def _groups(self, listed: JsonNode | None) -> Iterable[Element]:
        for one in listed.items if listed is not None else ():
            path = next((text for text, _ in words(folded(one).get("id"))), "")
            name = redact_text(last_part(path.rstrip(")]'"))) or "(none)"
            self.uses.append(name)
            origin = self.export.origin(one.line, name)
            reason = f"the members of application security group {name} are not known"
            yield Element(name, ADDRESS_ALL, origin, Condition(f"asg:{name.lower()}", reason, origin))

    def _element(self, text: str, line: int, mark: str) -> Element:
        shown = redact_text(text)
        origin = self.export.origin(line, shown)
        first, dash, last = text.partition("-")
        try:
            if looks_like_address(text):
                return Element(shown, network(text), origin)
            if dash and looks_like_address(first) and looks_like_address(last):
                return Element(shown, address_range(text), origin)
        except ValueError as problem:
            return Element(shown, ADDRESS_ALL, origin, self.export.problem("RC606", line, mark, str(problem)))
        if text.startswith("["):
            message = f"the expression {shown} is not evaluated"
            return Element(shown, ADDRESS_ALL, origin, self.export.problem("RC602", line, f"{mark} {shown}", message))
        return service_tag(shown, origin)


def service_tag(name: str, origin: Origin) -> Element:
    """Return the addresses that a service tag may stand for, under the condition that it does."""
    reason = f"the addresses of service tag {name} are not in the file"
    values = _PROBES if name.lower() == "azureloadbalancer" else ADDRESS_ALL
    return Element(name, values, origin, Condition(f"service-tag:{name.lower()}", reason, origin))


@dataclass(frozen=True, slots=True)
class _Ports:
    """Ports, under a condition where they were not understood."""

    text: str
    values: IntervalSet
    condition: Condition | None = None


def _all_ports(found: list[_Ports]) -> bool:
    return any(one.values == PORT_ALL and one.condition is None for one in found)


def _pieces(
    text: str, origin: Origin, points: IntervalSet, sources: list[_Ports], wanted: list[_Ports]
) -> Iterable[Service]:
    for one in sources:
        for two in wanted:
            condition = one.condition or two.condition
            yield Service(text, origin, points, one.values, two.values, condition=condition)
