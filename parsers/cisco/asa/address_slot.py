"""The address operands of an access list entry, and the user identities that may stand before them."""

from __future__ import annotations

from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.asa.entry import Entry
from parsers.cisco.asa.networks import Networks, fqdn_element
from parsers.cisco.asa.values import Unclear
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element

_ANY = {"any": ADDRESS_ALL, "any4": IPV4_ALL, "any6": IPV6_ALL}
_IDENTITIES = {
    "user": "",
    "user-group": "",
    "object-group-user": "object-group user",
    "security-group": "",
    "object-group-security": "object-group security",
}
"""Words that introduce an identity, and the kind of definition that they name."""

_FIXED_LENGTH = {"host": 2, "range": 3}


class AddressSlot:
    """Reads one address operand of an entry."""

    def __init__(self, catalogue: Catalogue, networks: Networks) -> None:
        self._catalogue = catalogue
        self._networks = networks
        self._literals: dict[tuple[str, ...], IntervalSet] = {}

    def read(self, entry: Entry) -> Addresses:
        """Return the operand at the entry's position, and take it.

        Raises:
            Unclear: it is missing or malformed.
        """
        self._identities(entry)
        word = entry.peek()
        if word in _ANY:
            entry.position += 1
            return Addresses(word, (Element(word, _ANY[word], entry.origin),))
        if word in ("object", "object-group", "object-group-network-service"):
            return self._named(entry)
        if word == "interface":
            entry.position += 1
            name = entry.take("the name of an interface")
            return self._networks.interface(name, entry.line, entry.origin).addresses
        if word == "fqdn":
            return self._fqdn(entry)
        return self._literal(entry)

    def starts(self, entry: Entry, ahead: int) -> bool:
        """Return whether an address operand starts at a later word; groups only if they are network groups."""
        word = entry.peek(ahead)
        if word in ("object", "object-group"):
            return self._catalogue.get(f"{word} network", entry.peek(ahead + 1)) is not None
        if word in _ANY or word in _FIXED_LENGTH or word in ("interface", "fqdn") or word in _IDENTITIES:
            return True
        return "/" in word or self._catalogue.address(word) is not None

    def _named(self, entry: Entry) -> Addresses:
        keyword = entry.take("an address")
        name = entry.take(f"the name behind {keyword}")
        if keyword == "object-group-network-service":
            return self._network_service(entry, name)
        kind = f"{keyword} network"
        if self._catalogue.get(kind, name) is None and self._catalogue.get(f"{keyword} network-service", name):
            return self._network_service(entry, name)
        entry.uses.append((kind, name))
        operand = self._networks.named(kind, name, entry.line, entry.origin)
        entry.conditions.extend(operand.conditions)
        return operand.addresses

    def _network_service(self, entry: Entry, name: str) -> Addresses:
        label = f"network-service {name}"
        entry.uses.append(("object-group network-service", name))
        condition = Condition(
            f"network-service:{name}", f"the members of network service {name} are not known", entry.origin
        )
        return Addresses(label, (Element(label, ADDRESS_ALL, entry.origin, condition),))

    def _fqdn(self, entry: Entry) -> Addresses:
        """Read ``fqdn NAME (resolved | unresolved)`` of an expanded line."""
        entry.position += 1
        name = entry.take("the name behind fqdn")
        if entry.peek() in ("(unresolved)", "(resolved)"):
            entry.position += 1
        element = fqdn_element(("fqdn", name), entry.origin)
        return Addresses(element.text, (element,))

    def _literal(self, entry: Entry) -> Addresses:
        start = entry.position
        first = entry.take("an address")
        length = _FIXED_LENGTH.get(first, 1 if "/" in first or ":" in first else 2)
        for _ in range(length - 1):
            entry.take("the rest of an address")
        words = entry.words[start : entry.position]
        values = self._literals.get(words)
        if values is None:
            values = self._literals[words] = self._read_literal(words)
        self._note_aliases(entry, words)
        text = " ".join(words)
        return Addresses(text, (Element(text, values, entry.origin),))

    def _read_literal(self, words: tuple[str, ...]) -> IntervalSet:
        try:
            return self._networks.literal(words)
        except Unclear as problem:
            raise Unclear(problem.code, f"{' '.join(words)}: {problem.message}") from problem

    def _note_aliases(self, entry: Entry, words: tuple[str, ...]) -> None:
        if self._catalogue.aliases:
            entry.uses.extend(("name", word) for word in words if word in self._catalogue.aliases)

    def _identities(self, entry: Entry) -> None:
        """Take users and security groups: whom they mean is not in the configuration."""
        while entry.peek() in _IDENTITIES:
            keyword = entry.take("an identity")
            name = entry.take(f"the name behind {keyword}")
            if keyword == "security-group":
                name = f"{name} {entry.take('the security group')}"
            if kind := _IDENTITIES[keyword]:
                entry.uses.append((kind, name))
            side = "source" if entry.source is None else "destination"
            reason = f"whom {keyword} {name} means is not in the configuration"
            entry.conditions.append(Condition(f"{side}:{keyword}:{name}", reason, entry.origin))
