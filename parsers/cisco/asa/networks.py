"""Network objects and groups as address operands, resolved once and shared by all rules that name them."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.cisco.asa.catalogue import Catalogue, Definition, Member
from parsers.cisco.asa.flatten import FlatGroup, Flattener
from parsers.cisco.asa.values import IPV4_BITS, Unclear, masked, prefix, single, span
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element
from rulecheck.model.provenance import Origin

MAX_PIECES = 1_000_000
"""Most ranges that the masks with holes of one configuration may become together."""

FQDN_FAMILIES = {"v4": IPV4_ALL, "v6": IPV6_ALL}


@dataclass(frozen=True, slots=True)
class AddressOperand:
    """A resolved operand and the conditions under which the whole rule stands."""

    addresses: Addresses
    conditions: tuple[Condition, ...] = ()


def fqdn_element(words: tuple[str, ...], origin: Origin) -> Element:
    """Return the element for ``fqdn [v4|v6] name``: all addresses of the family, under a condition.

    Raises:
        Unclear: the name is missing.
    """
    rest = words[1:]
    values = ADDRESS_ALL
    if len(rest) > 1 and rest[0] in FQDN_FAMILIES:
        values, rest = FQDN_FAMILIES[rest[0]], rest[1:]
    if not rest:
        raise Unclear("RC606", "the name behind fqdn is missing")
    name = rest[0].lower()
    condition = Condition(f"fqdn:{name}", f"the FQDN {name} is not resolved", origin)
    return Element(" ".join(words), values, origin, condition)


class Networks:
    """Resolves network objects, groups and interface addresses; each is resolved once."""

    def __init__(self, catalogue: Catalogue, flattener: Flattener) -> None:
        self._catalogue = catalogue
        self._flattener = flattener
        self._resolved: dict[tuple[str, str], AddressOperand] = {}
        self._pieces = MAX_PIECES

    def named(self, kind: str, name: str, line: int, origin: Origin) -> AddressOperand:
        """Return the operand ``object NAME`` or ``object-group NAME``.

        An undefined name stands for addresses that nobody knows; ``line`` is where it is reported.
        """
        definition = self._catalogue.get(kind, name)
        if definition is None:
            condition = self._flattener.undefined(kind, name, line, origin)
            label = f"{kind.split(maxsplit=1)[0]} {name}"
            return AddressOperand(Addresses(label, (Element(label, ADDRESS_ALL, origin, condition),)))
        return self.resolve(definition)

    def resolve(self, definition: Definition) -> AddressOperand:
        """Return the operand for an object or group."""
        key = (definition.kind, definition.name)
        if key not in self._resolved:
            self._resolved[key] = self._object(definition) if key[0] == "object network" else self._group(definition)
        return self._resolved[key]

    def interface(self, name: str, line: int, origin: Origin) -> AddressOperand:
        """Return the operand ``interface NAME``: its static IPv4 address, or an unknown one.

        Whether the keyword also means the interface's IPv6 addresses is not documented: a condition says so.
        """
        label = f"interface {name}"
        found = self._catalogue.interfaces.get(name)
        if found is None:
            condition = self._flattener.undefined("interface", name, line, origin)
            return AddressOperand(Addresses(label, (Element(label, ADDRESS_ALL, origin, condition),)))
        where = self._flattener.origin(Member(found.line, found.text, ()), (name,))
        elements = [Element(label, single(value), where) for value in found.addresses if value < IPV6_BASE]
        if not elements or found.dynamic:
            elements.append(Element(label, IPV4_ALL, where, _unknown_address(name, 4, where)))
        if any(value >= IPV6_BASE for value in found.addresses):
            elements.append(Element(label, IPV6_ALL, where, _unknown_address(name, 6, where)))
        return AddressOperand(Addresses(label, tuple(elements)))

    def literal(self, words: tuple[str, ...]) -> IntervalSet:
        """Return the addresses of ``host A``, ``A MASK``, ``prefix``, ``range A B`` or ``subnet …``.

        Raises:
            Unclear: it is none of these, or an address in it is malformed.
        """
        first = words[0] if words else ""
        if first == "host" and len(words) == 2:
            return single(self._address(words[1]))
        if first == "range" and len(words) == 3:
            return span(self._address(words[1]), self._address(words[2]))
        if first in ("subnet", "network-object"):
            words = words[1:]
        return self._network(words)

    def _network(self, words: tuple[str, ...]) -> IntervalSet:
        if len(words) == 1:
            values = prefix(words[0])
            return single(self._address(words[0])) if values is None else values
        if len(words) != 2:
            raise Unclear("RC606", "an address is missing or has too many parts")
        address, mask = self._address(words[0]), self._address(words[1])
        if address >= IPV6_BASE or mask >= IPV6_BASE:
            raise Unclear("RC606", "an IPv6 network needs a prefix length, not a mask")
        free = mask ^ ((1 << IPV4_BITS) - 1)
        if self._pieces <= 0 and free & (free + 1):
            raise Unclear("RC606", f"masks with holes make more than {MAX_PIECES:,} ranges together")
        values = masked(address, mask)
        if len(values.intervals) > 1:
            self._pieces -= len(values.intervals)
        return values

    def _address(self, word: str) -> int:
        value = self._catalogue.address(word)
        if value is None:
            raise Unclear("RC606", f"{word} is neither an address nor a known name")
        return value

    def _object(self, definition: Definition) -> AddressOperand:
        label = f"object {definition.name}"
        elements = self._elements(definition, (definition.name,))
        return AddressOperand(Addresses(label, elements))

    def _elements(self, definition: Definition, path: tuple[str, ...]) -> tuple[Element, ...]:
        """Return the value of a network object: its last value line, or nothing for an object without one."""
        if not definition.members:
            return ()
        return (self._element(definition.members[-1], definition.members[-1].words, path),)

    def _element(self, member: Member, words: tuple[str, ...], path: tuple[str, ...]) -> Element:
        origin = self._flattener.origin(member, path)
        text = " ".join(words)
        try:
            if words[0] == "fqdn":
                return fqdn_element(words, origin)
            return Element(text, self.literal(words), origin)
        except Unclear as problem:
            condition = self._flattener.malformed(member, problem.message, problem.code, origin)
            return Element(text, ADDRESS_ALL, origin, condition)

    def _group(self, definition: Definition) -> AddressOperand:
        flat = self._flattener.flatten(definition)
        elements: list[Element] = []
        for _, member, path in flat.members:
            elements.extend(self._member(member, path))
        elements.extend(self._undefined(flat))
        addresses = Addresses(f"object-group {definition.name}", tuple(elements))
        return AddressOperand(addresses, self._flattener.group_conditions(definition, flat))

    def _member(self, member: Member, path: tuple[str, ...]) -> tuple[Element, ...]:
        words = member.words[1:] if member.words[0] == "network-object" else member.words
        if len(words) == 2 and words[0] == "object":
            inner = self._catalogue.get("object network", words[1])
            if inner is not None:
                return self._elements(inner, (*path, words[1]))
            origin = self._flattener.origin(member, path)
            condition = self._flattener.undefined("object network", words[1], member.line, origin)
            return (Element(" ".join(words), ADDRESS_ALL, origin, condition),)
        return (self._element(member, words or ("",), path),)

    def _undefined(self, flat: FlatGroup) -> list[Element]:
        found = []
        for kind, name, member, path in flat.undefined:
            origin = self._flattener.origin(member, path)
            condition = self._flattener.undefined(kind, name, member.line, origin)
            found.append(Element(f"object-group {name}", ADDRESS_ALL, origin, condition))
        return found


def _unknown_address(name: str, family: int, origin: Origin) -> Condition:
    reason = f"the IPv{family} address of interface {name} is not certain"
    return Condition(f"interface:{name}:{family}", reason, origin)
