"""From what was found on every way in to one verdict for the rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from rulecheck.engine.decide import Answer, Redundancy, Standing, State
from rulecheck.engine.evidence import Evidence
from rulecheck.engine.instances import Instance
from rulecheck.engine.packets import packet_of
from rulecheck.engine.parts import Part
from rulecheck.engine.terms import TooManyPiecesError, subtract
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import DeadPart, Limits, Packet, Partial, Taker, Verdict
from rulecheck.engine.why import why_empty, why_open
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.match import Condition
from rulecheck.model.rule import Outcome, Rule, Verb

Rewired = Callable[[Owner, Sequence[Instance]], Redundancy]
"""Decides the redundancy of a rule that calls or leaves a list."""

_TAKERS = 10
"""The heaviest rules that are named as taking a part of another one."""


class Judge:
    """Gives verdicts on the rules of one device's policies."""

    def __init__(
        self, policies: Sequence[Policy], conditions: Mapping[str, Condition], limits: Limits, rewired: Rewired
    ) -> None:
        self._policies = policies
        self._conditions = conditions
        self._limits = limits
        self._rewired = rewired

    def verdict(self, owner: Owner, instances: Sequence[Instance], ways_in: int | None) -> Verdict:
        """Return the verdict on a rule, given every way in (at least one)."""
        reached = [one for one in instances if one.standing.state is not State.EMPTY]
        states = {one.standing.state for one in reached}
        if not states:
            return self._empty(owner, ways_in)
        if states == {State.DEAD}:
            return self._unordered(owner, self._dead(owner, reached, ways_in))
        if State.LIVE not in states:
            return self._open(reached, ways_in)
        return self._live(owner, reached, ways_in)

    def _rule(self, owner: Owner) -> Rule:
        return self._policies[owner[0]].rules[owner[1]]

    def _effect(self, owner: Owner) -> Outcome:
        """Return the outcome of a rule; a RETURN in a list that packets enter says the default."""
        policy, outcome = self._policies[owner[0]], self._rule(owner).outcome
        return policy.default if outcome.verb is Verb.RETURN and policy.entry else outcome

    def _empty(self, owner: Owner, ways_in: int | None) -> Verdict:
        policy = self._policies[owner[0]]
        return Verdict(Kind.EMPTY, reason=why_empty(self._rule(owner), policy), ways_in=ways_in)

    def _dead(self, owner: Owner, instances: Sequence[Instance], ways_in: int | None) -> Verdict:
        try:
            found = [one.dead_evidence(only=len(instances) == 1) for one in instances]
        except TooManyPiecesError as error:
            return Verdict(Kind.UNDECIDED, reason=str(error), suspected=Kind.COVERED, ways_in=ways_in)
        singles = frozenset.intersection(*(evidence.singles for evidence in found))
        conflicts = [(e.conflict, e.total) for e in found if e.conflict is not None]
        conflict = max(conflicts, key=lambda pair: pair[0][2], default=None)
        return Verdict(
            Kind.SHADOWED if any(evidence.differs for evidence in found) else Kind.COVERED,
            single_covers=tuple(sorted(singles)),
            takers=self._takers(found),
            conflict=None if conflict is None else self._taker(*conflict[0], conflict[1]),
            duplicate_of=self._duplicate(owner, singles),
            ways_in=ways_in,
        )

    def _unordered(self, owner: Owner, verdict: Verdict) -> Verdict:
        """Return the verdict on a rule inside others where the platform has no order: it is redundant to them."""
        policy = self._policies[owner[0]]
        if policy.ordered or verdict.kind is not Kind.COVERED:
            return verdict
        witness = packet_of(self._rule(owner).match.terms(policy.families)[0])
        return replace(verdict, kind=Kind.REDUNDANT, witness=witness, single_covers=(), conflict=None)

    def _takers(self, found: Sequence[Evidence]) -> tuple[Taker, ...]:
        total = sum(evidence.total for evidence in found)
        takes: dict[Owner, int] = {}
        outcomes: dict[Owner, Outcome] = {}
        for evidence in found:
            outcomes.update(evidence.outcomes)
            for owner, packets in evidence.takes.items():
                takes[owner] = takes.get(owner, 0) + packets
        return tuple(self._taker(owner, outcomes[owner], takes[owner], total) for owner in sorted(takes))

    def _taker(self, owner: Owner, outcome: Outcome, packets: int, total: int) -> Taker:
        policy, index = self._policies[owner[0]], owner[1]
        return Taker(policy.name, index, outcome, round(packets / max(total, 1), 6))

    def _duplicate(self, owner: Owner, singles: Collection[int]) -> int | None:
        """Return the first rule of the policy with exactly the same match, among its single covers."""
        policy = self._policies[owner[0]]
        mine = self._rule(owner).match.terms(policy.families)
        for index in sorted(singles):
            theirs = policy.rules[index].match.terms(policy.families)
            if len(mine) == len(theirs) == 1:
                if mine == theirs:
                    return index
                continue
            try:
                if not subtract(mine, theirs, self._limits.pieces) and not subtract(theirs, mine, self._limits.pieces):
                    return index
            except TooManyPiecesError:
                continue
        return None

    def _open(self, instances: Sequence[Instance], ways_in: int | None) -> Verdict:
        open_ones = [one.standing for one in instances if one.standing.state is State.UNKNOWN]
        witness = next((one.witness for one in open_ones if one.witness), None)
        return self._undecided(Kind.COVERED, open_ones, witness, ways_in)

    def _undecided(
        self, suspected: Kind, found: Sequence[Standing | Redundancy], witness: Packet | None, ways_in: int | None
    ) -> Verdict:
        reason, because = why_open({key for one in found for key in one.blame}, self._conditions)
        limits = sorted({one.limit for one in found if one.limit})
        return Verdict(
            Kind.UNDECIDED,
            witness=witness,
            reason="; ".join(filter(None, (reason, *limits))),
            suspected=suspected,
            because=because,
            ways_in=ways_in,
        )

    def _live(self, owner: Owner, instances: Sequence[Instance], ways_in: int | None) -> Verdict:
        witness = next(one.standing.witness for one in instances if one.standing.state is State.LIVE)
        answers = [one.redundancy for one in instances if one.standing.state is not State.DEAD]
        if any(answer is None for answer in answers):
            answers = [self._rewired(owner, instances)]
        found = [answer for answer in answers if answer is not None]
        if any(answer.answer is Answer.NO for answer in found):
            verdict = Verdict(None, witness=witness, ways_in=ways_in)
        elif all(answer.answer is Answer.YES for answer in found):
            verdict = self._redundant(owner, instances, witness, ways_in)
        else:
            verdict = self._undecided(Kind.REDUNDANT, found, witness, ways_in)
        if all(one.overlap is None and one.parts is None and one.generalized_by is None for one in instances):
            return verdict
        return self._with_losses(verdict, instances)

    def _with_losses(self, verdict: Verdict, instances: Sequence[Instance]) -> Verdict:
        """Add what earlier rules take of a rule that decides packets itself."""
        only = instances[0].parts if len(instances) == 1 else None
        return replace(
            verdict,
            partial=self._partial(instances),
            dead_parts=tuple(self._dead_part(part) for part in only.dead) if only else (),
            narrowed=only.narrowed if only else (),
            generalized_by=self._general(instances),
        )

    def _general(self, instances: Sequence[Instance]) -> Taker | None:
        """Return a later rule that holds all packets of the rule, known only where there is one way in."""
        owner = instances[0].generalized_by if len(instances) == 1 else None
        return None if owner is None else self._taker(owner, self._effect(owner), 1, 1)

    def _dead_part(self, part: Part) -> DeadPart:
        share = 1.0 if len(part.takers) == 1 else 0.0
        takers = [Taker(self._policies[o[0]].name, o[1], self._effect(o), share) for o in part.takers]
        return DeadPart(part.operand, part.text, part.origin, tuple(takers))

    def _partial(self, instances: Sequence[Instance]) -> Partial | None:
        """Return what rules with another outcome take; known only where every way in could be counted."""
        found = [one.overlap for one in instances if one.overlap is not None]
        if not found or len(instances) > 1:
            return None
        takes = found[0].takes
        total = found[0].total
        heaviest = sorted(takes, key=lambda owner: (-takes[owner], owner))[:_TAKERS]
        return Partial(
            share=round(sum(takes.values()) / total, 6),
            witness=found[0].witness,
            takers=tuple(self._taker(owner, self._effect(owner), takes[owner], total) for owner in heaviest),
            rules=len(takes),
            exceptions=found[0].inside >= set(heaviest),
            exact=found[0].exact,
        )

    def _redundant(
        self, owner: Owner, instances: Sequence[Instance], witness: Packet | None, ways_in: int | None
    ) -> Verdict:
        ordered = self._policies[owner[0]].ordered
        alive = [one for one in instances if one.standing.state is not State.DEAD and one.view is not None]
        try:
            evidence = [one.takeover_evidence(only=len(alive) == 1, ordered=ordered) for one in alive]
        except TooManyPiecesError as error:
            return Verdict(Kind.UNDECIDED, witness, reason=str(error), suspected=Kind.REDUNDANT, ways_in=ways_in)
        return Verdict(
            Kind.REDUNDANT,
            witness=witness,
            takers=self._takers(evidence),
            by_default=any(one.by_default for one in evidence),
            ways_in=ways_in,
        )
