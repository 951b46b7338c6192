"""Verdict maps: one rule as written, whose outcome depends on a value.

A map whose verdicts are all the same is an ordinary rule for the union of its keys. Any other becomes a list of its
own that the rule calls: it has no written rules, one implicit rule for each element, and returns behind them. The
rule itself matches exactly the packets whose key is in the map. Keys of a map do not overlap, so that the order
matters only for ``*``, which comes last.

``goto`` and ``return`` leave the list that holds the rule as well. In a base chain that means its policy, which the
implicit rule then says itself. In a chain that others call the rule becomes a GOTO, which leaves the chain too; that
is exact as long as no element of the same map jumps, because a jump comes back behind the rule. Beside an
element with ``*``, those that go on behind the rule return from the list.
"""

from __future__ import annotations

from dataclasses import dataclass

from parsers.netfilter.nftables.clauses import Element, Key, SetName, SetValue, Test, Values
from parsers.netfilter.nftables.cursor import ClauseError
from parsers.netfilter.nftables.draft import Context, Draft
from parsers.netfilter.nftables.expressions import read_elements
from parsers.netfilter.nftables.matching import restrict
from parsers.netfilter.nftables.ruleset import SetText
from parsers.netfilter.nftables.sets import Sets
from parsers.netfilter.nftables.tokens import Group, Token, words
from parsers.redact import redact
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Verb

_PLAIN = ("accept", "drop", "continue", "return")
EXITS = frozenset(("goto", "return"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a verdict map."""

    element: Element
    verb: str
    target: str = ""

    @property
    def verdict(self) -> tuple[str, str]:
        """Return what happens, without the key."""
        return self.verb, self.target


def read_entries(sets: Sets, right: SetValue | SetName) -> tuple[Entry, ...]:
    """Return the elements of a verdict map.

    Raises:
        ClauseError: an element has no verdict that is known.
        ValueError: the map is missing, or its elements are not known.
    """
    found = [_entry(element) for element in sets.elements(right)]
    return tuple(sorted(found, key=lambda one: one.element.is_rest))


def _entry(element: Element) -> Entry:
    texts = [item.text for item in element.data if isinstance(item, Token)]
    if len(texts) == len(element.data) == 1 and texts[0] in _PLAIN:
        return Entry(element, texts[0])
    if len(texts) == len(element.data) == 2 and texts[0] in ("jump", "goto"):
        return Entry(element, texts[0], texts[1])
    shown = words(list(element.data))[:60]
    raise ClauseError(f"the element {element.text[:60]} has no verdict that is known: {shown!r}")


def map_targets(given: SetText) -> tuple[str, ...]:
    """Return the chains that the elements of a named verdict map name, whether all of them are understood or not."""
    found: dict[str, None] = {}
    for group in given.groups if given.data == "verdict" else ():
        try:
            elements = read_elements(group)
        except ClauseError:
            continue
        for element in elements:
            texts = [item.text for item in element.data if isinstance(item, Token)]
            if len(texts) == 2 and texts[0] in ("jump", "goto"):
                found[texts[1]] = None
    return tuple(found)


def kept_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the elements that matter: ``continue`` is as if the element was not there, unless ``*`` would take it."""
    if any(one.element.is_rest and one.verb != "continue" for one in entries):
        return entries
    return tuple(one for one in entries if one.verb != "continue")


def keys_of(right: SetValue | SetName, entries: tuple[Entry, ...], kept: tuple[Entry, ...]) -> SetValue | SetName:
    """Return the set of the keys of those elements that matter."""
    if len(kept) == len(entries):
        return right
    return SetValue(tuple(one.element for one in kept), Group("{", kept[0].element.line if kept else 0))


@dataclass(frozen=True, slots=True)
class MapList:
    """Builds the implicit rules of a verdict map.

    ``names`` turns a chain's name into that of its policy. ``default`` is the outcome of the base chain that holds the
    rule, None in a chain that others call.
    """

    context: Context
    names: dict[str, str]
    default: Outcome | None

    def rules(self, key: Key, entries: tuple[Entry, ...]) -> tuple[Rule, ...]:
        """Return one rule for each element, or two: what follows when the called chain does not decide."""
        found: list[Rule] = []
        has_rest = any(one.element.is_rest for one in entries)
        for entry in entries:
            found.extend(self._entry(key, entry, len(found), has_rest=has_rest))
        return tuple(found)

    def _entry(self, key: Key, entry: Entry, index: int, *, has_rest: bool) -> list[Rule]:
        element = entry.element
        text = redact(f"{element.text} : {' '.join(filter(None, entry.verdict))}")
        origin = Origin(self.context.file, element.line, text)
        draft = Draft(self.context, element.line)
        if element.is_rest:
            for part in key.parts:
                draft.require(part.selector)
        else:
            restrict(draft, Test(key, "==", Values((element,)), f"{key.text} {element.text}"))
        match = draft.match()
        steps = self._steps(entry, has_rest=has_rest)
        return [Rule(index + at, origin, match, outcome, calls=calls) for at, (outcome, calls) in enumerate(steps)]

    def _steps(self, entry: Entry, *, has_rest: bool) -> list[tuple[Outcome, str | None]]:
        called = self.names.get(entry.target)
        if entry.verb == "accept":
            return [(PERMIT, None)]
        if entry.verb == "drop":
            return [(DENY, None)]
        if entry.verb in ("return", "continue"):
            leaves = entry.verb == "return" and self.default is not None
            return [(self.default if leaves and self.default is not None else RETURN, None)]
        if entry.verb == "goto" and self.default is None:
            return [(Outcome(Verb.GOTO, (called or entry.target,)), called)]
        steps: list[tuple[Outcome, str | None]] = [(Outcome(Verb.CALL, (called or entry.target,)), called)]
        if entry.verb == "goto" and self.default is not None:
            steps.append((self.default, None))
        elif has_rest:
            steps.append((RETURN, None))
        return steps
