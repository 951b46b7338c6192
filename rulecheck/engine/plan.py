"""The removal plan: rules that can be removed together, and the proof that no packet's outcome changes.

The plan grows in steps, each proven for the list as the steps before it leave it:

1. Dead rules that decide or log go first: nothing reaches them, so every packet keeps its decider.
2. Redundant rules that decide go one by one, because two of them may rely on each other.
3. Rules that call or leave a list go if they are still dead then. Step 2 may have brought one into force.
4. Redundant rules that call or leave a list go one by one, comparing the lists unfolded with and without them.

In a list without calls every redundant member is proven once more, in the complete list: each packet that it
decides today gets the same outcome from the first rule behind it that stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from rulecheck.engine.decide import REWIRES, Answer, Redundancy, State
from rulecheck.engine.instances import Instance
from rulecheck.engine.ranks import Bools
from rulecheck.engine.removal import Removed, nobody
from rulecheck.engine.rewire import same_outcomes
from rulecheck.engine.table import can_hold, fresh_answer
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner, Unfolder, callees
from rulecheck.engine.verdict import Limits, Verdict
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import Rule, Verb

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
        self._terms: dict[int, tuple[Term, ...]] = {}
        self._steps = 0
        self._chosen: set[Owner] = set()
        self._masks: dict[int, Removed] = {}

    def plan(self, verdicts: Mapping[Owner, Verdict]) -> frozenset[Owner]:
        """Return the rules to remove; proven to change no packet's outcome."""
        dead = [owner for owner, verdict in verdicts.items() if verdict.kind in _DEAD]
        redundant = [owner for owner, verdict in verdicts.items() if verdict.kind is Kind.REDUNDANT]
        for owner in dead:
            if not self._rewires(owner):
                self._choose(owner)
        self._choose_redundant([owner for owner in redundant if not self._rewires(owner)])
        for owner in [owner for owner in dead if self._rewires(owner) and self._still_dead(owner)]:
            self._choose(owner)
        for owner in redundant:
            if self._rewires(owner) and self._unneeded_call(owner):
                self._choose(owner)
        return frozenset(self._chosen)

    def _choose(self, owner: Owner) -> None:
        self._chosen.add(owner)
        for one in self._instances.get(owner, ()):
            self._removed(one).add(owner)

    def _choose_redundant(self, candidates: Sequence[Owner]) -> None:
        """Choose redundant rules one by one; keep all of them if the proof for all together fails.

        A rule that has to stay because of a later one may go once that one is gone, so the rest is tried again.
        """
        grown: list[Owner] = []
        waiting, before = list(candidates), -1
        while waiting and len(grown) > before:
            before, asked, waiting = len(grown), waiting, []
            for owner in asked:
                if self._unneeded(owner):
                    self._choose(owner)
                    grown.append(owner)
                else:
                    waiting.append(owner)
        if all(self._proven(owner) for owner in grown):
            return
        for owner in grown:
            self._chosen.remove(owner)
            for one in self._instances[owner]:
                self._removed(one).drop(owner)

    def _removed(self, one: Instance) -> Removed:
        """Return what has been removed from the listing of an instance."""
        key = id(one.decider)
        if key not in self._masks:
            self._masks[key] = Removed(one.decider.table)
        return self._masks[key]

    def _rewires(self, owner: Owner) -> bool:
        """Return whether a rule calls or leaves a list, so that removing it changes what others take.

        A RETURN in a list that packets enter only says the default.
        """
        verb = self._rule(owner).outcome.verb
        return verb in REWIRES and not (verb is Verb.RETURN and self._policies[owner[0]].entry)

    def _unneeded(self, owner: Owner) -> bool:
        """Return whether a deciding rule changes nothing in the list without the chosen ones, on any way in.

        Rules to be removed from other lists may be there or not, since each list's plan stands alone: those with
        the same outcome are not relied on, those with another one must not come into force.
        """
        ways = list(self._reached(owner))
        if len(ways) == 1 and not ways[0].decider.calls:
            mine = self._removed(ways[0]).own_with(owner)
            return self._same(ways[0], mine, mine)
        removed = [self._removed(one) for one in ways]
        return all(
            self._same(one, gone.all_with(owner), gone.reliable_with(owner))
            for one, gone in zip(ways, removed, strict=True)
        )

    def _unneeded_call(self, owner: Owner) -> bool:
        """Return whether a rule that calls or leaves a list changes nothing, with its own list's plan and with all.

        A rule that packets cannot come to is judged among its like: what is removed from the lists that packets do
        come to may leave nothing there that would still show a difference.
        """
        mine = {one for one in self._chosen if one[0] == owner[0]}
        alike = {one for one in self._chosen if self._is_used(one) == self._is_used(owner)}
        return all(self.rewired(owner, part).answer is Answer.YES for part in (mine, alike))

    def _is_used(self, owner: Owner) -> bool:
        """Return whether a way from a list that packets enter leads to a rule."""
        return any(one.decider.table.listing.real for one in self._instances.get(owner, ()))

    def _rule(self, owner: Owner) -> Rule:
        return self._policies[owner[0]].rules[owner[1]]

    def _proven(self, owner: Owner) -> bool:
        """Return whether all packets that a rule decides today keep their outcome without the chosen rules.

        With several ways in, a rule of the plan may take packets from another instance of itself; there the steps
        by which the plan grew are the proof.
        """
        ways = list(self._reached(owner))
        return len(ways) > 1 or all(
            self._same(one, nobody(one.decider.table), self._removed(one).all_with()) for one in ways
        )

    def _still_dead(self, owner: Owner) -> bool:
        """Return whether no packet reaches a dead rule in the list without the chosen ones either."""
        return all(
            one.view is not None and one.decider.covered(one.view, self._removed(one).all_with())
            for one in self._reached(owner)
        )

    def _reached(self, owner: Owner) -> Iterable[Instance]:
        return (one for one in self._instances.get(owner, ()) if one.standing.state is not State.EMPTY)

    def _same(self, one: Instance, before: Bools, behind: Bools) -> bool:
        if one.view is None:
            return False
        outcome = one.decider.table.outcome_number(one.entry.outcome)
        return one.decider.redundancy(one.view, outcome, behind, before).answer is Answer.YES

    def rewired(self, owner: Owner, removed: Collection[Owner] = ()) -> Redundancy:
        """Decide whether a rule that calls or leaves a list is redundant in the list without ``removed``."""
        if _leads_to_side_effects(self._policies, owner):
            return Redundancy(Answer.NO)
        behind = {owner, *removed}
        ways = self._instances.get(owner, ())
        if not removed and any(self._differs_for_witness(one, owner) for one in ways):
            return Redundancy(Answer.NO)
        regions = [(one, _sample(one)) for one in ways if one.standing.witness]
        regions.extend((one, one.entry.terms) for one in ways)
        for one, region in regions:
            answer = self._compare(one, region, removed, behind)
            if answer.answer is not Answer.YES:
                return answer
        return Redundancy(Answer.YES)

    def _differs_for_witness(self, one: Instance, owner: Owner) -> bool:
        """Return whether the packet that a rule decides on one way in surely needs it."""
        witness, tracer = one.standing.witness, one.decider.tracer
        if witness is None or not can_hold(witness.conditions, self._conditions):
            return False
        if fresh_answer(witness.conditions, self._conditions) is False:
            return False
        return tracer.differs(witness, owner) or tracer.differs_somewhere(one.entry.terms, owner)

    def _compare(
        self, one: Instance, region: tuple[Term, ...], before: Collection[Owner], behind: Collection[Owner]
    ) -> Redundancy:
        """Compare the listings without ``before`` and without ``behind`` on the packets of a region."""
        root = one.decider.table.listing.root
        if self._steps > self._limits.rewiring:
            return Redundancy(Answer.UNKNOWN, limit="the lists call each other too much to compare all ways in exactly")
        unfolders = [Unfolder(self._policies, self._limits, one, region, self._terms) for one in (before, behind)]
        try:
            left, right = (unfolder.listing(root) for unfolder in unfolders)
        except TooManyPiecesError as error:
            return Redundancy(Answer.UNKNOWN, limit=str(error))
        finally:
            self._steps += sum(unfolder.steps for unfolder in unfolders)
        return same_outcomes(left, right, region, self._conditions, self._limits)


def _sample(one: Instance) -> tuple[Term, ...]:
    """Return the witness of an entry as a region of one packet: most rules are needed for it already."""
    packet = one.standing.witness
    assert packet is not None
    return (Term({field: IntervalSet(((value, value),)) for field, value in packet.values.items()}, packet.conditions),)


def _leads_to_side_effects(policies: Sequence[Policy], owner: Owner) -> bool:
    """Return whether a rule calls a list that logs, marks or counts, itself or further down.

    Such a call does something besides its outcome, like the rules that it leads to.
    """
    start = policies[owner[0]]
    called = (start.scope, start.rules[owner[1]].calls)
    return any(
        rule.enabled and rule.outcome.verb is Verb.CONTINUE
        for number, policy in enumerate(policies)
        if (policy.scope, policy.name) == called
        for inner in callees(policies, number)
        for rule in policies[inner].rules
    )
