"""Brute force: what every rule of a device does, found by deciding every representative packet.

The lists are evaluated exactly as :mod:`tests.reference` says, for all packets of a
:class:`~tests.differential.universe.Universe` at once instead of one by one; ``test_specification.py`` compares
the two. Nothing here knows how the engine works.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.rule import BLOCKING, RETURN, Outcome, Rule, Verb
from tests.differential.universe import Mask, Universe, all_rules

Owner: TypeAlias = tuple[int, int]
"""A rule: the number of its policy on the device, and its index."""
Numbers: TypeAlias = NDArray[np.int16]

UNDECIDED = -1
BY_DEFAULT = -2


@dataclass(frozen=True)
class Visit:
    """One rule on one way in: the packets that it matches, those that reach it, and what took the others.

    ``before`` holds the number of the outcome that took each packet of ``matched`` outside ``reached``.
    """

    owner: Owner | None
    rule: Rule
    matched: Mask
    reached: Mask
    before: Numbers
    outcome: int


class Run:
    """The evaluation of one device from one starting point."""

    def __init__(self, device: Device, root: int) -> None:
        self._device = device
        self._universe = device.universe
        policy = device.policies[root]
        self._default = device.number(policy.default if policy.entry else RETURN)
        self.visits: list[Visit] = []
        self.outcomes: Numbers = np.full(self._universe.shape, UNDECIDED, dtype=np.int16)
        self.deciders: Numbers = np.full(self._universe.shape, UNDECIDED, dtype=np.int16)
        self.packets = self._universe.packets_of(policy.families)
        self._decide(self._walk(root, self.packets, self.packets, base=True), self._default, BY_DEFAULT)

    def _decide(self, packets: Mask, outcome: int, decider: int) -> None:
        self.outcomes[packets] = outcome
        self.deciders[packets] = decider

    def _walk(self, number: int, path: Mask, active: Mask, *, base: bool) -> Mask:
        """Evaluate one list for the ``active`` packets of ``path``; return those that leave it undecided."""
        left = np.zeros(self._universe.shape, dtype=np.bool_)
        for owner, rule in self._device.listed(number):
            match = self._universe.matched(rule.match)
            taken, verb = active & match, rule.outcome.verb
            self._visit(owner, rule, path & match, taken, base=base)
            if verb is Verb.CONTINUE:
                continue
            active = active & ~taken
            if verb in (Verb.CALL, Verb.GOTO):
                back = self._walk(self._device.called(number, rule), path & match, taken, base=False)
                if verb is Verb.CALL:
                    active = active | back
                else:
                    left = left | back
            elif verb is Verb.RETURN:
                left = left | taken
            else:
                self._decide(taken, self._device.number(rule.outcome), self._device.decider(owner))
            if base:
                self._decide(left & (self.outcomes == UNDECIDED), self._default, self._device.decider(owner))
        return active | left if not base else active

    def _visit(self, owner: Owner | None, rule: Rule, matched: Mask, reached: Mask, *, base: bool) -> None:
        returning = base and rule.outcome.verb is Verb.RETURN
        outcome = self._default if returning else self._device.number(rule.outcome)
        gone = np.where(self.outcomes == UNDECIDED, np.int16(self._device.number(RETURN)), self.outcomes)
        self.visits.append(Visit(owner, rule, matched, reached, gone, outcome))


class Device:
    """The policies of one device, some of their rules left out, evaluated from every starting point."""

    def __init__(
        self, policies: Sequence[Policy], universe: Universe | None = None, without: Collection[Owner] = ()
    ) -> None:
        self.policies = tuple(policies)
        self.universe = universe or Universe(self.policies)
        self._without = frozenset(without)
        self._outcomes: dict[Outcome, int] = {}
        for outcome in (RETURN, *(p.default for p in policies), *(r.outcome for r in all_rules(policies))):
            self._outcomes.setdefault(outcome, len(self._outcomes))
        self._owners: dict[Owner | None, int] = {None: 0}
        for number, policy in enumerate(self.policies):
            for rule in policy.rules:
                self._owners[number, rule.index] = len(self._owners)
        self._numbers = {(policy.scope, policy.name): number for number, policy in enumerate(self.policies)}

    def number(self, outcome: Outcome) -> int:
        return self._outcomes[outcome]

    def decider(self, owner: Owner | None) -> int:
        return self._owners[owner]

    def called(self, caller: int, rule: Rule) -> int:
        assert rule.calls is not None
        return self._numbers[self.policies[caller].scope, rule.calls]

    def listed(self, number: int) -> Iterator[tuple[Owner | None, Rule]]:
        """Yield the rules of one list that take part."""
        for rule in self.policies[number].rules:
            if rule.enabled and (number, rule.index) not in self._without:
                yield (number, rule.index), rule
        yield from ((None, rule) for rule in self.policies[number].implicit if rule.enabled)

    def without(self, owners: Collection[Owner]) -> Device:
        """Return the device without some rules, in the same universe."""
        return Device(self.policies, self.universe, self._without | frozenset(owners))

    @cached_property
    def roots(self) -> tuple[int, ...]:
        """Where evaluation starts: entry lists, and lists that no enabled rule calls."""
        callers = [(p.scope, r.calls) for p in self.policies for r in p.rules if r.enabled and r.calls]
        return tuple(n for n, p in enumerate(self.policies) if p.entry or (p.scope, p.name) not in callers)

    @cached_property
    def runs(self) -> Mapping[int, Run]:
        return {root: Run(self, root) for root in self.roots}

    @cached_property
    def visits(self) -> Mapping[Owner, list[tuple[int, Visit]]]:
        """Every way in for every rule: the starting point, and what happens there."""
        found: dict[Owner, list[tuple[int, Visit]]] = {}
        for root, run in self.runs.items():
            for visit in run.visits:
                if visit.owner is not None:
                    found.setdefault(visit.owner, []).append((root, visit))
        return found

    def ways(self, owner: Owner) -> list[tuple[int, Visit]]:
        """Return the ways in that count: those from entry lists, without any those from lists that nothing calls."""
        every = self.visits.get(owner, [])
        return [way for way in every if self.policies[way[0]].entry] or every

    def is_used(self, owner: Owner) -> bool:
        """Return whether a packet's way from an entry list can lead to the rule at all."""
        return any(self.policies[root].entry for root, _ in self.visits.get(owner, []))

    def unchanged_without(self, owners: Collection[Owner]) -> bool:
        """Return whether every packet meets the same outcome without some rules.

        Packets start at entry lists. Rules that only lists without a caller use are judged there, by themselves.
        """
        unused = [owner for owner in owners if not self.is_used(owner)]
        entries = [root for root in self.roots if self.policies[root].entry]
        others = [root for root in self.roots if not self.policies[root].entry]
        return self._same(entries, self.without(owners)) and self._same(others, self.without(unused))

    def _same(self, roots: Collection[int], other: Device) -> bool:
        return all(np.array_equal(self.runs[root].outcomes, other.run(root).outcomes) for root in roots)

    def run(self, root: int) -> Run:
        """Return the evaluation from one list, also when this device would not start there by itself."""
        return self.runs[root] if root in self.runs else Run(self, root)

    # --- the kinds of design terms: empty, shadowed, covered, redundant ---

    def kind(self, owner: Owner) -> Kind | None:
        """Return what holds for an enabled rule, over all packets and all truths of conditions.

        Where the order of the rules means nothing, no rule is dead: one inside the union of the others is redundant.
        """
        visits = [visit for _, visit in self.ways(owner)]
        if not any(visit.matched.any() for visit in visits):
            return Kind.EMPTY
        if self.policies[owner[0]].ordered and not any(visit.reached.any() for visit in visits):
            differs = (visit.before[visit.matched] != visit.outcome for visit in visits)
            return Kind.SHADOWED if any(one.any() for one in differs) else Kind.COVERED
        return Kind.REDUNDANT if self.is_redundant(owner) else None

    def is_redundant(self, owner: Owner) -> bool:
        """Return whether a live rule changes nothing: without it every packet meets the same outcome."""
        if self.has_side_effects(owner) or self.is_final_catch_all(owner):
            return False
        return self.unchanged_without([owner])

    def rule(self, owner: Owner) -> Rule:
        number, index = owner
        return next(rule for rule in self.policies[number].rules if rule.index == index)

    def has_side_effects(self, owner: Owner) -> bool:
        """Return whether a rule logs, marks or counts, or calls a list that does, at any depth."""
        rule = self.rule(owner)
        if rule.outcome.verb is Verb.CONTINUE or rule.calls is None:
            return rule.outcome.verb is Verb.CONTINUE
        scope = self.policies[owner[0]].scope
        (number,) = (n for n, policy in enumerate(self.policies) if (policy.scope, policy.name) == (scope, rule.calls))
        return any(self.has_side_effects((number, one.index)) for one in self.policies[number].rules if one.enabled)

    def is_final_catch_all(self, owner: Owner) -> bool:
        """Return whether a rule and all enabled rules behind it block whole families as the default does."""
        policy = self.policies[owner[0]]
        behind = [rule for rule in policy.rules if rule.enabled and rule.index >= owner[1]]
        return all(self._blocks_a_family(rule, policy) for rule in behind)

    def _blocks_a_family(self, rule: Rule, policy: Policy) -> bool:
        effect = policy.default if rule.outcome.verb is Verb.RETURN and policy.entry else rule.outcome
        if effect != policy.default or effect.verb not in BLOCKING:
            return False
        families = (self.universe.packets_of([family]) for family in policy.families)
        return any(bool(self.universe.matched(rule.match)[packets].all()) for packets in families)


def shortened(policies: Sequence[Policy], owners: Collection[Owner]) -> tuple[Policy, ...]:
    """Return the policies as they are after the rules were deleted from the configuration."""
    return tuple(
        replace(policy, rules=tuple(rule for rule in policy.rules if (number, rule.index) not in owners))
        for number, policy in enumerate(policies)
    )
