"""From policies that call each other to flat listings of entries, one listing for each starting point.

A listing is a first-match list over packets: each entry knows what its rule matches on this way in
(``terms``) and which packets it takes out of the stream (``takes``). RETURN and GOTO do not decide; they
take packets out of the rest of their own list only, which an entry says with ``exits_until``. What such an
exit removes is subtracted from the ``takes`` of the entries behind it, so that everything outside that list
sees plain first-match semantics. docs/pipeline.md has the invariants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rulecheck.engine.terms import TooManyPiecesError, intersect, subtract
from rulecheck.engine.verdict import Limits
from rulecheck.model.device import Policy
from rulecheck.model.match import Term
from rulecheck.model.rule import DECIDING, RETURN, Outcome, Rule, Verb

Owner = tuple[int, int]
"""A rule: the index of its policy in the input sequence, and its index in that policy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule on one way in.

    ``owner`` is None for implicit rules. ``target`` is False for the helper entry behind a GOTO's list, which
    only says that its packets leave the calling list. ``exits_until`` is the position up to which (exclusive)
    an exit keeps packets away; 0 for other entries. ``calls_until`` is the position behind the entries of the list
    that a CALL or GOTO evaluates. ``outcome`` of a base-level RETURN is the default.
    """

    owner: Owner | None
    terms: tuple[Term, ...]
    takes: tuple[Term, ...]
    outcome: Outcome
    target: bool = True
    exits_until: int = 0
    calls_until: int = 0
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A flat list of entries with the default behind it. ``real`` is False for a list that nothing calls."""

    root: int
    entries: tuple[Entry, ...]
    default: Outcome
    families: tuple[int, ...]
    real: bool = True


@dataclass(slots=True)
class _Frame:
    base: bool
    exits: list[Term] = field(default_factory=list)
    open_exits: list[int] = field(default_factory=list)


class Unfolder:
    """Unfolds the policies of one device.

    ``without`` are rules to leave out; ``region`` restricts everything to packets in these terms. ``terms`` is a
    memory for the terms of rules, to be shared by unfolders of the same policies.
    """

    def __init__(
        self,
        policies: Sequence[Policy],
        limits: Limits,
        without: Collection[Owner] = (),
        region: tuple[Term, ...] | None = None,
        terms: dict[int, tuple[Term, ...]] | None = None,
    ) -> None:
        self._policies = policies
        self._limits = limits
        self._without = without
        self._region = region
        self._index: Mapping[tuple[str, str], int] = {
            (policy.scope, policy.name): position for position, policy in enumerate(policies)
        }
        self._terms: dict[int, tuple[Term, ...]] = {} if terms is None else terms
        self._entries: list[Entry] = []
        self._frames: list[_Frame] = []
        self._stack: list[int] = []
        self.steps = 0
        """Rules looked at so far: the work that was spent."""

    def listing(self, root: int, *, real: bool = True) -> Listing:
        """Return the listing that starts at policy number ``root``.

        Raises:
            TooManyPiecesError: it has more entries or pieces than the limits allow, or a cycle of calls.
        """
        policy = self._policies[root]
        self._entries, self._frames, self._stack = [], [], []
        default = policy.default if policy.entry else RETURN
        self._walk(root, self._region, _Frame(base=True), default)
        return Listing(root, tuple(self._entries), default, policy.families, real)

    def _walk(self, number: int, path: tuple[Term, ...] | None, frame: _Frame, default: Outcome) -> None:
        if number in self._stack:
            raise TooManyPiecesError("the lists call each other in a cycle")
        policy = self._policies[number]
        self._stack.append(number)
        self._frames.append(frame)
        for owner, rule in _rules(number, policy):
            if rule.enabled and owner not in self._without:
                self._add(owner, rule, policy, path, frame, default)
        self._frames.pop()
        self._stack.pop()
        for position in frame.open_exits:
            self._entries[position] = replace(self._entries[position], exits_until=len(self._entries))

    def _add(
        self,
        owner: Owner | None,
        rule: Rule,
        policy: Policy,
        path: tuple[Term, ...] | None,
        frame: _Frame,
        default: Outcome,
    ) -> None:
        self.steps += 1
        terms = self._terms.get(id(rule))
        if terms is None:
            terms = self._terms[id(rule)] = rule.match.terms(policy.families)
        if path is not None:
            terms = intersect(path, terms)
        if not terms and self._region is not None:
            return
        verb = rule.outcome.verb
        if verb in DECIDING or (verb is Verb.RETURN and frame.base):
            outcome = default if verb is Verb.RETURN else rule.outcome
            self._append(Entry(owner, terms, self._remaining(terms), outcome, rule=rule))
        elif verb is Verb.RETURN:
            self._append(Entry(owner, terms, (), rule.outcome, rule=rule))
            self._leave(frame, terms)
        else:
            self._append(Entry(owner, terms, (), rule.outcome, rule=rule))
            if verb in (Verb.CALL, Verb.GOTO) and terms:
                self._call(owner, rule, policy, terms, frame, default)

    def _call(
        self,
        owner: Owner | None,
        rule: Rule,
        policy: Policy,
        terms: tuple[Term, ...],
        frame: _Frame,
        default: Outcome,
    ) -> None:
        number = self._index.get((policy.scope, rule.calls or ""))
        if number is None:
            return
        position = len(self._entries) - 1
        self._walk(number, terms, _Frame(base=False), default)
        self._entries[position] = replace(self._entries[position], calls_until=len(self._entries))
        if rule.outcome.verb is not Verb.GOTO:
            return
        if frame.base:
            self._append(Entry(owner, terms, self._remaining(terms), default, target=False, rule=rule))
        else:
            self._append(Entry(owner, terms, (), RETURN, target=False, rule=rule))
            self._leave(frame, terms)

    def _leave(self, frame: _Frame, terms: tuple[Term, ...]) -> None:
        frame.exits.extend(terms)
        frame.open_exits.append(len(self._entries) - 1)

    def _remaining(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """Return ``terms`` without what has left the enclosing lists before this point."""
        exits = [term for frame in self._frames for term in frame.exits]
        return subtract(terms, exits, self._limits.entries) if exits else terms

    def _append(self, entry: Entry) -> None:
        self._entries.append(entry)
        if len(self._entries) > self._limits.entries:
            raise TooManyPiecesError(f"called lists unfold into more than {self._limits.entries} entries")


def _rules(number: int, policy: Policy) -> Iterator[tuple[Owner | None, Rule]]:
    for rule in policy.rules:
        yield (number, rule.index), rule
    for rule in policy.implicit:
        yield None, rule


def roots(policies: Sequence[Policy]) -> tuple[tuple[int, bool], ...]:
    """Return where evaluation starts: policy number, and whether it is a real starting point.

    A list that is no entry and that nothing calls is a starting point of its own, marked unreal.
    """
    called = {
        (policy.scope, rule.calls)
        for policy in policies
        for rule in (*policy.rules, *policy.implicit)
        if rule.enabled and rule.calls is not None
    }
    return tuple(
        (number, policy.entry)
        for number, policy in enumerate(policies)
        if policy.entry or (policy.scope, policy.name) not in called
    )


def callees(policies: Sequence[Policy], root: int) -> set[int]:
    """Return ``root`` and every policy that it calls, directly or not."""
    index = {(policy.scope, policy.name): number for number, policy in enumerate(policies)}
    seen, stack = {root}, [root]
    while stack:
        policy = policies[stack.pop()]
        for rule in (*policy.rules, *policy.implicit):
            number = index.get((policy.scope, rule.calls or "")) if rule.enabled else None
            if number is not None and number not in seen:
                seen.add(number)
                stack.append(number)
    return seen
