"""Conditions of filter terms on numbers and names of numbers: protocols, ports, ICMP, TTL, length, DSCP, fragments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parsers.juniper.facts import Facts
from parsers.juniper.term_draft import TermDraft, both, byte_outside, outside
from parsers.juniper.tree import Node
from parsers.juniper.vocabulary import number, ports, protocols, span, table
from parsers.juniper.words import words
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition

_PROTOCOL = words("protocol next-header payload-protocol ip-protocol")
_PORTS = words("source-port destination-port port")
_ICMP = words("icmp-type icmp-code")
_TOS = words("dscp traffic-class precedence")
_RANGES = {
    "ttl": (Field.TTL, 255),
    "hop-limit": (Field.TTL, 255),
    "packet-length": (Field.PACKET_LENGTH, 65535),
}
_LATER = IntervalSet(((1, 8191),))
_OFFSETS = IntervalSet(((0, 8191),))


class FilterNumbers:
    """Reads conditions on numbers. ``aliases`` are names of code points from ``class-of-service``."""

    def __init__(self, facts: Facts, aliases: Mapping[str, int]) -> None:
        self._facts = facts
        self._aliases = aliases

    def read(self, node: Node, draft: TermDraft) -> bool:
        """Add one condition to the draft of a term; return False for a condition of another kind."""
        word = node.word.removesuffix("-except")
        negated = word != node.word
        if word in _PROTOCOL:
            found = outside(Field.PROTOCOL, self._values(node, protocols, draft), negated=negated)
            draft.protocol = both(draft.protocol, found)
        elif word in _PORTS:
            self._ports(word, outside(Field.SOURCE_PORT, self._values(node, ports, draft), negated=negated), draft)
        elif word in _ICMP:
            self._icmp(node, draft, word, negated=negated)
        elif word in _RANGES:
            name, highest = _RANGES[word]
            found = self._values(node, lambda text: span({}, text, highest), draft)
            self._constrain(node, name, outside(name, found, negated=negated), draft)
        elif word in _TOS:
            self._tos(node, draft, word, negated=negated)
        elif word == "fragment-offset":
            self._offset(node, draft, negated=negated)
        else:
            return False
        return True

    def _values(self, node: Node, read: Callable[[str], IntervalSet | None], draft: TermDraft) -> IntervalSet | None:
        """Return the union of a condition's values; a value that is not understood makes the rule inexact."""
        found: list[IntervalSet] = []
        doubtful = False
        for one in node.values():
            values = read(_spaced(one))
            if values is None:
                message = f"{node.word} has a value that is not understood"
                draft.conditions.append(self._facts.doubt(one, message, "RC606"))
                doubtful = True
            else:
                found.append(values)
        return None if doubtful else IntervalSet.union_of(found)

    def _ports(self, word: str, found: IntervalSet | None, draft: TermDraft) -> None:
        if word == "source-port":
            draft.source_ports = both(draft.source_ports, found)
        elif word == "destination-port":
            draft.destination_ports = both(draft.destination_ports, found)
        else:
            draft.either_ports = both(draft.either_ports, found)

    def _icmp(self, node: Node, draft: TermDraft, word: str, *, negated: bool) -> None:
        six = draft.family == 6
        if word == "icmp-type":
            kinds = table("icmp6" if six else "icmp")
            found = self._values(node, lambda text: span(kinds, text, 255), draft)
            draft.icmp_types = both(draft.icmp_types, byte_outside(found, negated=negated))
            return
        codes = {name: pair[1] for name, pair in table("icmp6-codes" if six else "icmp-codes").items()}
        found = self._values(node, lambda text: span(codes, text, 255), draft)
        draft.icmp_codes = both(draft.icmp_codes, byte_outside(found, negated=negated))

    def _tos(self, node: Node, draft: TermDraft, word: str, *, negated: bool) -> None:
        """The DSCP is the upper six bits of the byte, the precedence the upper three."""
        shift, highest = (5, 7) if word == "precedence" else (2, 63)
        names = table("precedence") if word == "precedence" else {**table("dscp"), **self._aliases}
        found = self._values(node, lambda text: _bits(names, text, highest), draft)
        if found is not None:
            found = IntervalSet.merged((low << shift, (high << shift) + (1 << shift) - 1) for low, high in found)
        self._constrain(node, Field.TOS, outside(Field.TOS, found, negated=negated), draft)

    def _offset(self, node: Node, draft: TermDraft, *, negated: bool) -> None:
        """Offset zero is a whole packet or the first fragment; single other offsets are not modelled."""
        found = self._values(node, lambda text: span({}, text, 8191), draft)
        if found is None:
            return
        found = _OFFSETS - found if negated else found
        later = found & _LATER
        kept = IntervalSet.points([*([0] if 0 in found else []), *([1] if later else [])])
        if later and later != _LATER:
            text = f"fragment-offset {' '.join(f'{low}-{high}' for low, high in found.intervals[:20])}"
            reason = "single fragment offsets are not modelled"
            draft.conditions.append(Condition(text, reason, self._facts.origin(node)))
        self._constrain(node, Field.FRAGMENT, kept, draft)

    def _constrain(self, node: Node, name: Field, values: IntervalSet | None, draft: TermDraft) -> None:
        text = statement(node)
        draft.constrain(name, values, text, self._facts.origin(node, text))


def statement(node: Node) -> str:
    """Return a condition with its first values, as reports show it."""
    return " ".join([node.word, *(one.word for one in list(node.live())[:8])])


def _spaced(node: Node) -> str:
    """Return a value; ``100 - 200`` are words behind each other that make one range."""
    if not node.children:
        return node.word
    node.take(whole=True)
    return "".join(one.word for one in node.walk())


def _bits(names: Mapping[str, int], text: str, highest: int) -> IntervalSet | None:
    """Read a DSCP or precedence: a name, a number, or bits (``001000``, ``b001``)."""
    digits = text.removeprefix("b")
    if text not in names and digits and set(digits) <= {"0", "1"} and (text != digits or len(text) == 6):
        value = number(str(int(digits[:16], 2)), highest)
        return None if value is None else IntervalSet.points((value,))
    return span(names, text, highest)
