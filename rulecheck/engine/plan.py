"""The removal plan: rules that can be removed together, and the proof that no packet's outcome changes.

A rule that decides no packet can always go: the decider of every packet stays. Redundant rules are taken one
after the other, each decided against the list without those already taken, because two of them may rely on
each other. Afterwards every redundant member is proven once more, in the complete list: each packet that it
decides today gets the same outcome from the first rule behind it that stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from rulecheck.engine.decide import Answer, Decider, Redundancy, State
from rulecheck.engine.instances import Instance
from rulecheck.engine.ranks import Ints
from rulecheck.engine.rewire import same_outcomes
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner, Unfolder
from rulecheck.engine.verdict import Limits, Verdict
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.match import Condition

_DEAD = frozenset({Kind.EMPTY, Kind.SHADOWED, Kind.COVERED})


class Planner:
    """Chooses and proves the rules of one device that can be removed together."""

    def __init__(
        self,
        policies: Sequence[Policy],
        instances: Mapping[Owner, Sequence[Instance]],
        conditions: Mapping[str, Condition],
        limits: Limits,
    ) -> None:
        self._policies = policies
        self._conditions = conditions
        self._instances = instances
        self._limits = limits

    def plan(self, verdicts: Mapping[Owner, Verdict]) -> frozenset[Owner]:
        """Return the rules to remove; proven to change no packet's outcome."""
        dead = {owner for owner, verdict in verdicts.items() if verdict.kind in _DEAD}
        chosen = set(dead)
        redundant = [owner for owner, verdict in verdicts.items() if verdict.kind is Kind.REDUNDANT]
        for owner in redundant:
            if self._removable(owner, chosen):
                chosen.add(owner)
        if all(self._proven(owner, chosen) for owner in sorted(chosen)):
            return frozenset(chosen)
        return frozenset(dead)

    def _removable(self, owner: Owner, removed: Collection[Owner]) -> bool:
        """Return whether a rule changes nothing in the list that already lacks ``removed``."""
        if self._in_called_lists(owner):
            return self._compare(owner, removed, {owner, *removed}).answer is Answer.YES
        return all(self._same(one, {owner, *removed}, {owner, *removed}) for one in self._alive(owner))

    def _proven(self, owner: Owner, removed: Collection[Owner]) -> bool:
        """Return whether all packets that a rule decides today keep their outcome without ``removed``.

        In a plain list a dead rule decides none. Where lists call each other, all that it matches is compared.
        """
        if self._in_called_lists(owner):
            return self._compare(owner, (), removed).answer is Answer.YES
        return all(self._same(one, (), removed) for one in self._alive(owner))

    def _in_called_lists(self, owner: Owner) -> bool:
        """Return whether a rule stands in a listing in which rules call or leave lists.

        There, removing several rules can bring others into force that take packets elsewhere.
        """
        return any(one.decider.rewires for one in self._instances.get(owner, ()))

    def _alive(self, owner: Owner) -> Iterable[Instance]:
        dead = (State.DEAD, State.EMPTY)
        return (one for one in self._instances.get(owner, ()) if one.standing.state not in dead)

    def _same(self, one: Instance, before: Collection[Owner], behind: Collection[Owner]) -> bool:
        if one.view is None:
            return False
        decider = one.decider
        outcome = decider.table.outcome_number(one.entry.outcome)
        answer = decider.redundancy(one.view, outcome, _numbers(decider, behind), _numbers(decider, before))
        return answer.answer is Answer.YES

    def rewired(self, owner: Owner, removed: Collection[Owner] = ()) -> Redundancy:
        """Decide whether a rule that calls or leaves a list is redundant in the list without ``removed``."""
        return self._compare(owner, removed, {owner, *removed})

    def _compare(self, owner: Owner, before: Collection[Owner], behind: Collection[Owner]) -> Redundancy:
        """Compare the listings without ``before`` and without ``behind`` on the packets of a rule's ways in."""
        for one in self._instances.get(owner, ()):
            root, region = one.decider.table.listing.root, one.entry.terms
            try:
                left = Unfolder(self._policies, self._limits, before, region).listing(root)
                right = Unfolder(self._policies, self._limits, behind, region).listing(root)
            except TooManyPiecesError as error:
                return Redundancy(Answer.UNKNOWN, limit=str(error))
            answer = same_outcomes(left, right, region, self._conditions, self._limits)
            if answer.answer is not Answer.YES:
                return answer
        return Redundancy(Answer.YES)


def _numbers(decider: Decider, owners: Collection[Owner]) -> Ints:
    rules = decider.table.rules
    return np.array([rules[owner] for owner in owners if owner in rules], dtype=np.int64)
