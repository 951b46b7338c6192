"""Ranges, tags, service accounts, protocols and ports of firewall rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.cloud.export import Export, words
from parsers.cloud.values import PORTED, network, ports, protocol
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Alternative, Condition, Element, Service, Services

_IPIP = IntervalSet.points((4, 94))
_EVERY_IPV4 = "0.0.0.0/0"

_KINDS = {
    "tag": "the instances with the tag {} are not known",
    "service-account": "the instances with the service account {} are not known",
    "secure-tag": "the instances with the secure tag {} are not known",
    "fqdn": "the FQDN {} is not resolved",
    "region": "the addresses of the region {} are not in the file",
    "threat-list": "the addresses of the threat list {} are not in the file",
    "address-group": "the addresses of the address group {} are not in the file",
    "network": "the addresses of the network {} are not in the file",
    "network-type": "which addresses are of the network type {} is not known",
}
"""What a name in a rule stands for, and why its values are not known."""

Named = tuple[str, str, JsonNode]
"""The kind of a name, the name, and where it stands."""


@dataclass(frozen=True, slots=True)
class Operands:
    """Reads the operands of one rule; ``mark`` tells the rule from all others."""

    export: Export
    mark: str

    def addresses(self, ranges: Sequence[tuple[str, JsonNode]], named: Iterable[Named], line: int) -> Addresses:
        """Return ranges and names together; nothing at all is every IPv4 address."""
        elements = [self._range(text, node) for text, node in ranges]
        elements += [self._named(kind, name, node) for kind, name, node in named]
        if not elements:
            elements = [Element(_EVERY_IPV4, IPV4_ALL, self.export.origin(line, "any IPv4"))]
        return Addresses(", ".join(one.text for one in elements[:12]), tuple(elements))

    def optional(self, ranges: Sequence[tuple[str, JsonNode]], named: Sequence[Named], line: int) -> Addresses:
        """Return ranges and names together; nothing at all is every address."""
        return self.addresses(ranges, named, line) if ranges or named else ANY_ADDRESS

    def targets(self, named: Iterable[Named], *, independent: bool) -> tuple[Alternative, ...]:
        """Return the choice of the instances that a rule is for; nothing for all instances."""
        tests = [self._test(f"target-{kind}", name, node, independent=independent) for kind, name, node in named]
        return tuple(Alternative(conditions=(test,)) for test in tests)

    def services(self, entries: Sequence[JsonNode], key: str, line: int) -> tuple[Services | None, str]:
        """Return the services of ``allowed``, ``denied`` or ``layer4Configs``, and their text."""
        if not entries:
            test = self.export.problem("RC602", line, self.mark, "the rule has no protocol")
            return Services("none", (Service("none", test.origin, condition=test),)), "no protocol"
        found: list[Service] = []
        for entry in entries:
            kind = next((text for text, _ in words(entry.get(key))), "")
            if kind.lower() == "all":
                return None, "all"
            found.extend(self._entry(entry, kind))
        return Services(", ".join(one.text for one in found[:12]), tuple(found)), ", ".join(x.text for x in found[:12])

    def _entry(self, entry: JsonNode, kind: str) -> Iterable[Service]:
        listed = words(entry.get("ports"))
        text = f"{redact_text(kind) or '(none)'} {','.join(redact_text(one) for one, _ in listed)}".strip()
        origin = self.export.origin(entry.line, text)
        if kind.lower() == "ipip":
            reason = "whether ipip is protocol 4 or 94 is not documented"
            yield Service(text, origin, _IPIP, condition=Condition("ipip", reason, origin))
            return
        try:
            number = protocol(kind)
        except ValueError:
            number = None
        if number is None:
            message = f"the protocol {redact_text(kind)!r} is not known"
            test = self.export.problem("RC602", entry.line, self.mark, message)
            yield Service(text, origin, condition=test)
            return
        points = IntervalSet.points((number,))
        if kind.isdigit() and number not in PORTED and not listed:
            self._perhaps_a_port(kind, entry.line)
        if number not in PORTED or not listed:
            yield self._without_ports(text, points, entry, listed)
            return
        exact = []
        for one, node in listed:
            try:
                exact.append(ports(one))
            except ValueError as problem:
                test = self.export.problem("RC606", node.line, f"{self.mark} {redact_text(one)}", str(problem))
                yield Service(text, origin, points, condition=test)
        yield Service(text, origin, points, destination_ports=IntervalSet.union_of(exact))

    def _without_ports(
        self, text: str, points: IntervalSet, entry: JsonNode, listed: Sequence[tuple[str, JsonNode]]
    ) -> Service:
        origin = self.export.origin(entry.line, text)
        if not listed:
            return Service(text, origin, points)
        test = self.export.problem("RC606", entry.line, self.mark, f"{text}: this protocol has no ports")
        return Service(text, origin, points, condition=test)

    def _perhaps_a_port(self, kind: str, line: int) -> None:
        """Point out a number that is a well-known port: as a protocol it is hardly meant."""
        if kind in ("22", "23", "25", "53", "80", "110", "123", "143", "161") or int(kind) > 142:
            message = f"IPProtocol {kind} is the protocol with this number, not a port: name tcp or udp and the port"
            self.export.report("RC606", line, message, affects=False)

    def _range(self, text: str, node: JsonNode) -> Element:
        shown = redact_text(text)
        origin = self.export.origin(node.line, shown)
        try:
            return Element(shown, network(text), origin)
        except ValueError as problem:
            test = self.export.problem("RC606", node.line, f"{self.mark} {shown}", str(problem))
            return Element(shown, ADDRESS_ALL, origin, test)

    def _named(self, kind: str, name: str, node: JsonNode) -> Element:
        test = self._test(kind, name, node)
        return Element(redact_text(name), ADDRESS_ALL, test.origin, test)

    def _test(self, kind: str, name: str, node: JsonNode, *, independent: bool = False) -> Condition:
        shown = redact_text(name)
        reason = _KINDS[kind.removeprefix("target-")].format(shown)
        return Condition(f"{kind}:{shown}", reason, self.export.origin(node.line, shown), independent=independent)


def named(node: JsonNode, kinds: Iterable[tuple[str, str]]) -> list[Named]:
    """Return the names under some keys of a rule; ``kinds`` are pairs of key and kind."""
    found = []
    for key, kind in kinds:
        listed = node.get(key)
        for one in listed.items if listed is not None and listed.kind == "array" else [listed] if listed else []:
            inner = one.get("name") if one.kind == "object" else one
            for text, place in words(inner):
                found.append((kind, text, place))
    return found
