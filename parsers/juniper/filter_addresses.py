"""Address conditions of filter terms: prefixes and prefix lists of one direction, with ``except``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.juniper.facts import Facts
from parsers.juniper.longest import Listed, elements, has_unclear_order
from parsers.juniper.prefix_lists import PREFIX_LIST, PrefixLists
from parsers.juniper.term_draft import NamedList, TermDraft
from parsers.juniper.tree import Node
from parsers.juniper.values import is_scattered, prefix
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Alternative, Condition, Constraint

_SIDES = {
    "source-address": Field.SOURCE,
    "ip-source-address": Field.SOURCE,
    "source-prefix-list": Field.SOURCE,
    "destination-address": Field.DESTINATION,
    "ip-destination-address": Field.DESTINATION,
    "destination-prefix-list": Field.DESTINATION,
}
_EITHER = frozenset({"address", "ip-address", PREFIX_LIST})

ADDRESS_WORDS = frozenset(_SIDES) | _EITHER
MOST_PREFIXES = 1_000_000
"""Prefixes that the address conditions of one system are spelled out to; real ones need a few thousand."""

_SHOWN = 200


class FilterAddresses:
    """Reads address conditions. ``lists`` are the prefix lists that terms can name."""

    def __init__(self, facts: Facts, lists: PrefixLists) -> None:
        self._facts = facts
        self._lists = lists
        self._operands: dict[object, Addresses] = {}
        self._left = MOST_PREFIXES

    def read(self, node: Node, draft: TermDraft, policy: str, index: int) -> None:
        """Add one condition to the draft of a term."""
        listed: list[Listed | NamedList] = []
        words: list[str] = []
        understood = True
        for one in node.values():
            refused = self._refused(one, draft)
            words.append(one.word + (" except" if refused else ""))
            if node.word.endswith(PREFIX_LIST):
                self._facts.use(policy, index, PREFIX_LIST, one.word)
                listed.append(NamedList(one, refused))
                understood &= self._known(one)
            elif is_scattered(one.word):
                understood = False
            elif (read := prefix(one.word)) is not None and self._facts.affords(read.values):
                listed.append(Listed(words[-1], read, refused, self._facts.origin(one)))
            else:
                self._facts.malformed(one, f"{node.word} has a value that is not a prefix")
                understood = False
        side = _SIDES.get(node.word)
        draft.sides.setdefault(side, []).extend(listed)
        draft.side_words.setdefault(side, []).extend(f"{node.word} {word}" for word in words)
        if not understood:
            draft.unclear.add(side)

    def _refused(self, node: Node, draft: TermDraft) -> bool:
        """Return whether ``except`` follows a prefix."""
        refused = False
        for one in node.live():
            if one.word == "except":
                one.take()
                refused = True
            else:
                draft.conditions.append(self._facts.doubt(one, f"{one.word} behind a prefix was not understood"))
        return refused

    def _known(self, node: Node) -> bool:
        """Return whether a prefix list is defined and understood."""
        if not self._lists.defined(node.word):
            self._facts.undefined(node, f"the prefix list {node.word} is not defined")
            return False
        return self._lists.entries(node.word) is not None

    def _spelled(self, listed: Iterable[Listed | NamedList]) -> Iterator[Listed]:
        """Yield all prefixes, those of prefix lists in the place of the lists."""
        for one in listed:
            if isinstance(one, Listed):
                yield one
                continue
            suffix, path = " except" if one.refused else "", (one.node.word,)
            for entry in self._lists.entries(one.node.word) or ():
                origin = self._facts.origin(entry.node, entry.text, path)
                yield Listed(entry.text + suffix, entry.read, one.refused, origin)

    def choices(self, draft: TermDraft, node: Node) -> tuple[tuple[Alternative, ...], ...]:
        """Return what ``address`` and ``prefix-list`` ask for: that the source or the destination is accepted."""
        if None not in draft.sides:
            return ()
        operand = self.operand(draft, None, node)
        if operand is ANY_ADDRESS:
            return ()
        values = IntervalSet.union_of(one.values for one in operand.elements)
        origin = self._facts.origin(node, operand.label)
        return (
            tuple(
                Alternative((Constraint(name, values, operand.label, origin),))
                for name in (Field.SOURCE, Field.DESTINATION)
            ),
        )

    def operand(self, draft: TermDraft, side: Field | None, node: Node) -> Addresses:
        """Return what all conditions of one direction accept together; equal operands are one object."""
        listed = draft.sides.get(side)
        if listed is None:
            return ANY_ADDRESS
        words = draft.side_words[side]
        if side in draft.unclear:
            return self._unclear(draft, side, node, words)
        own = tuple(one.origin.line for one in listed if isinstance(one, Listed))
        key = (tuple(words), draft.family, own)
        found = self._operands.get(key)
        if found is None:
            spelled = list(self._spelled(listed)) if self._left > 0 else []
            self._left -= len(spelled)
            if self._left <= 0 or has_unclear_order(spelled):
                return self._unclear(draft, side, node, words)
            label = " ".join(words[:20]) + (" …" if len(words) > 20 else "")
            found = self._operands[key] = Addresses(label, elements(spelled, draft.family))
        return found

    def _unclear(self, draft: TermDraft, side: Field | None, node: Node, words: list[str]) -> Addresses:
        text = " ".join(words)
        reason = "which addresses its prefixes stand for is not known"
        place = side.value if side else "an address"
        draft.conditions.append(Condition(f"{place} in {text}", reason, self._facts.origin(node, text[:_SHOWN])))
        return ANY_ADDRESS
