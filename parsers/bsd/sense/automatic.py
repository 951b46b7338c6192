"""The rules that the system puts around those of the administrator.

Facts from the generators of the rules (filter.inc of pfSense, filter.lib.inc of OPNsense): what they have in common.
They are evaluated before the written rules, except for the last two.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.bsd.events import Place
from parsers.bsd.pf.draft import NEW_CONNECTION, Draft
from parsers.bsd.pf.values import network
from parsers.bsd.sense.operands import Operands
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Element
from rulecheck.model.names import name_set
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule, Verb

_PRIVATE = {
    "pfsense": ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "opnsense": ("10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"),
}
_PRIVATE6 = "fc00::/7"


class Automatic:
    """Makes the automatic rules of one configuration."""

    def __init__(self, platform: str, operands: Operands, line: int) -> None:
        self._platform = platform
        self._operands = operands
        self._line = line
        self._count = 0

    def before(self) -> Iterator[Rule]:
        """Yield the rules before the written ones."""
        settings = self._operands.settings
        if not settings.ipv6:
            draft = self._draft("Block all IPv6")
            draft.family = "inet6"
            yield self._rule(draft, DENY)
        draft = self._draft("IPv6 requirements (ICMP)")
        draft.family, draft.protocols = "inet6", [58]
        draft.icmp[58] = IntervalSet.of((256, 767), (135 * 256, 136 * 256 + 255))
        yield self._rule(draft, PERMIT)
        for interface in settings.interfaces.values():
            if interface.block_bogons:
                yield from self._bogons(interface.name, interface.line)
            if interface.block_private:
                yield self._private(interface.name, interface.line)
        yield from self._lockout()

    def behind(self) -> Iterator[Rule]:
        """Yield the rules that decide what no written rule does."""
        draft = self._draft("let out anything from the firewall itself")
        draft.direction = "out"
        draft.flags = NEW_CONNECTION
        yield self._rule(draft, PERMIT)
        yield self._rule(self._draft("Default deny rule"), DENY)

    def call(self, name: str) -> Rule:
        """Return the rule that evaluates the written rules."""
        draft = self._draft(name)
        return Rule(self._next(), draft.origin, draft.match(), Outcome(Verb.CALL, (name,)), name=name, calls=name)

    def _bogons(self, name: str, line: int) -> Iterator[Rule]:
        for version, values in ((4, IPV4_ALL), (6, IPV6_ALL)):
            draft = self._incoming(f"Block bogon IPv{version} networks from {name}", name, line)
            reason = "which networks are bogons is not in the file"
            test = Condition(f"bogons{version}", reason, draft.origin, fresh=False)
            draft.source, draft.source_text = (Element("bogons", values, draft.origin, test),), "bogons"
            yield self._rule(draft, DENY)

    def _private(self, name: str, line: int) -> Rule:
        draft = self._incoming(f"Block private networks from {name}", name, line)
        texts = (*_PRIVATE[self._platform], _PRIVATE6)
        found = ((text, network(text)) for text in texts)
        draft.source = tuple(Element(text, values or ADDRESS_ALL, draft.origin) for text, values in found)
        draft.source_text = "private networks"
        return self._rule(draft, DENY)

    def _lockout(self) -> Iterator[Rule]:
        settings = self._operands.settings
        key = next((one for one in ("lan", "opt1", "wan") if one in settings.interfaces), "")
        if not settings.lockout_ports or not key:
            return
        interface = settings.interfaces[key]
        draft = self._incoming("anti-lockout rule", interface.name, interface.line)
        draft.protocols = [6]
        draft.destination_ports = IntervalSet.points(settings.lockout_ports)
        draft.destination = self._operands.interface_address(interface)
        draft.destination_text = f"{interface.name} address"
        draft.flags = NEW_CONNECTION
        yield self._rule(draft, PERMIT)

    def _incoming(self, text: str, name: str, line: int) -> Draft:
        draft = Draft(self._operands.aliases.origin(line, text), text)
        draft.name = text
        draft.direction, draft.places, draft.place_text = "in", [Place(name_set(name))], name
        return draft

    def _draft(self, text: str) -> Draft:
        draft = Draft(self._operands.aliases.origin(self._line, text), text)
        draft.name = text
        return draft

    def _rule(self, draft: Draft, outcome: Outcome) -> Rule:
        return Rule(self._next(), draft.origin, draft.match(), outcome, name=draft.name)

    def _next(self) -> int:
        self._count += 1
        return self._count - 1
