"""Sources, destinations and ports of rules: aliases, interfaces, the firewall itself, and plain addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.bsd.pf.draft import Draft
from parsers.bsd.pf.hosts import negated
from parsers.bsd.pf.values import network, ports
from parsers.bsd.sense.aliases import Aliases
from parsers.bsd.sense.settings import Interface, Settings
from parsers.redact import redact_text
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Element

_FAMILIES = {4: IPV4_ALL, 6: IPV6_ALL}
_CLIENTS = frozenset({"pptp", "pppoe", "l2tp", "openvpn"})


@dataclass(slots=True)
class Side:
    """A source or destination as written: its texts, whether it is inverted, its ports, and its line."""

    texts: list[str]
    inverted: bool
    port: str
    line: int


@dataclass(slots=True)
class Operands:
    """Resolves what rules name; each text once."""

    settings: Settings
    aliases: Aliases
    _joined: dict[tuple[str, ...], tuple[Element, ...]] = field(default_factory=dict)
    _cache: dict[str, tuple[Element, ...] | None] = field(default_factory=dict)

    def addresses(self, side: Side, draft: Draft) -> tuple[tuple[Element, ...] | None, str]:
        """Return the elements of a side (None for all addresses), and its text."""
        shown = redact_text(", ".join(side.texts)) or "any"
        found: list[Element] = []
        for text in side.texts:
            if text in ("any", ""):
                return ((), "nothing") if side.inverted else (None, "any")
            elements = self._elements(text, side.line)
            if elements is None:
                draft.problem("RC603", f"{text[:60]} is no alias, interface or address of this file")
                elements = (Element(redact_text(text), ADDRESS_ALL, draft.origin, draft.conditions[-1]),)
            elif len(side.texts) == 1 and not side.inverted:
                return elements, shown
            found += elements
        if not side.texts:
            return None, "any"
        key = (*side.texts, "not" if side.inverted else "")
        if key in self._joined:
            return self._joined[key], f"not {shown}" if side.inverted else shown
        if not side.inverted:
            return self._joined.setdefault(key, tuple(found)), shown
        others = negated(found, f"not {shown}", draft.origin, ADDRESS_ALL)
        if others is None:
            draft.problem("RC602", f"not {shown} is too complicated")
            return (Element(shown, ADDRESS_ALL, draft.origin, draft.conditions[-1]),), f"not {shown}"
        if not draft.problems:
            self._joined[key] = others
        return others, f"not {shown}"

    def ports(self, side: Side, draft: Draft) -> IntervalSet | None:
        """Return the ports of a side, None for all."""
        text = side.port.strip()
        if not text or text == "any":
            return None
        alias = self.aliases.known.get(text)
        if alias is not None:
            if alias.doubt is not None:
                draft.conditions.append(alias.doubt)
            return alias.values
        try:
            return ports((text.replace("-", ":") if text[:1].isdigit() else text,))
        except ValueError as error:
            draft.problem("RC606", str(error))
            return None

    def interface_address(self, interface: Interface) -> tuple[Element, ...]:
        """Return the addresses of an interface."""
        return self._address(interface, interface.line)

    def _elements(self, text: str, line: int) -> tuple[Element, ...] | None:
        if text not in self._cache:
            self._cache[text] = self._resolve(text, line)
        return self._cache[text]

    def _resolve(self, text: str, line: int) -> tuple[Element, ...] | None:
        alias = self.aliases.known.get(text)
        if alias is not None:
            return alias.elements or ()
        if text == "(self)":
            own = (one for each in self.settings.interfaces.values() for one in self._address(each, line))
            return (*own, self._unknown("self", "addresses of the firewall may be missing from the file", line))
        if text in self.settings.interfaces:
            return self._network(self.settings.interfaces[text], line)
        if text.endswith("ip") and text[:-2] in self.settings.interfaces:
            return tuple(self._address(self.settings.interfaces[text[:-2]], line))
        if text in _CLIENTS or (not self.settings.interfaces and text.removesuffix("ip") in ("lan", "wan")):
            return (self._unknown(text, f"the addresses of {text} are not in the file", line),)
        try:
            known = network(text)
        except ValueError:
            return None
        return None if known is None else (Element(text, known, self.aliases.origin(line, text)),)

    def _network(self, interface: Interface, line: int) -> tuple[Element, ...]:
        name = f"{interface.name} net"
        found = [Element(name, one, self.aliases.origin(line, name)) for one in interface.networks.values()]
        doubtful = [_FAMILIES[family] for family in sorted(interface.dynamic)]
        if interface.key in self.settings.virtual or not (found or doubtful):
            doubtful = [ADDRESS_ALL]
        reason = f"the networks of {interface.name} are not all in the file"
        return (*found, *(self._unknown(name, reason, line, values) for values in doubtful))

    def _address(self, interface: Interface, line: int) -> tuple[Element, ...]:
        name = f"{interface.name} address"
        found = [Element(name, one, self.aliases.origin(line, name)) for one in interface.addresses.values()]
        doubtful = [_FAMILIES[family] for family in sorted(interface.dynamic)]
        if not (found or doubtful):
            doubtful = [ADDRESS_ALL]
        reason = f"the addresses of {interface.name} are not all in the file"
        return (*found, *(self._unknown(name, reason, line, values) for values in doubtful))

    def _unknown(self, name: str, reason: str, line: int, values: IntervalSet = ADDRESS_ALL) -> Element:
        origin = self.aliases.origin(line, name)
        return Element(name, values, origin, Condition(f"address:{name}", reason, origin))
