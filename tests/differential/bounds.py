"""Policies with unknown conditions: what must hold for every claim, and what may stay undecided.

A clause is judged with three values: true or false where the system without history answers it, unknown
otherwise. A rule *surely* matches a packet when that gives true, and *possibly* when it does not give false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rulecheck.engine import Packet
from rulecheck.model.fields import Field
from rulecheck.model.finding import Kind
from rulecheck.model.match import Addresses, Condition, Match
from rulecheck.model.rule import Outcome, Rule, Verb
from tests.differential.brute import Device, Owner
from tests.differential.claims import DEAD, Case
from tests.differential.universe import Mask, Universe, all_rules, conditions_of


@dataclass(frozen=True)
class Bounds:
    """The packets that something surely holds for, and those that it possibly holds for."""

    sure: Mask
    possible: Mask

    def __and__(self, other: Bounds) -> Bounds:
        return Bounds(self.sure & other.sure, self.possible & other.possible)

    def __or__(self, other: Bounds) -> Bounds:
        return Bounds(self.sure | other.sure, self.possible | other.possible)

    def __invert__(self) -> Bounds:
        return Bounds(~self.possible, ~self.sure)


class ThreeValued:
    """Three-valued matching over the packets of a universe; condition axes are irrelevant to it."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._true = np.ones(universe.shape, dtype=np.bool_)

    def _exactly(self, packets: Mask) -> Bounds:
        full = np.broadcast_to(packets, self._universe.shape)
        return Bounds(full, full)

    def _clause(self, condition: Condition | None) -> Bounds:
        if condition is None or condition.fresh is condition.holds:
            return Bounds(self._true, self._true)
        return Bounds(~self._true, ~self._true if condition.fresh is not None else self._true)

    def _any(self, alternatives: Iterable[Bounds]) -> Bounds:
        found = Bounds(~self._true, ~self._true)
        for one in alternatives:
            found = found | one
        return found

    def _addresses(self, name: Field, operand: Addresses) -> Bounds:
        inside = self._any(
            self._exactly(self._universe.within(name, element.values)) & self._clause(element.condition)
            for element in operand.elements
        )
        return ~inside if operand.negated else inside

    def of(self, match: Match) -> Bounds:
        found = self._addresses(Field.SOURCE, match.source) & self._addresses(Field.DESTINATION, match.destination)
        if match.services is not None:
            found = found & self._any(
                self._exactly(self._universe.served(service)) & self._clause(service.condition)
                for service in match.services.elements
            )
        for one in match.constraints:
            found = found & self._exactly(self._universe.within(one.field, one.values))
        for condition in match.conditions:
            found = found & self._clause(condition)
        for choice in match.choices:
            found = found & self._any(
                self.of(Match(constraints=w.constraints, conditions=w.conditions)) for w in choice
            )
        return found


@dataclass(frozen=True)
class Single:
    """A single list with conditions: which packets are surely decided by a rule, and surely needed."""

    case: Case

    @cached_property
    def rules(self) -> Sequence[Rule]:
        policy = self.case.policies[0]
        return [rule for rule in (*policy.rules, *policy.implicit) if rule.enabled]

    @cached_property
    def bounds(self) -> Mapping[int, Bounds]:
        judge = ThreeValued(self.case.device.universe)
        return {id(rule): judge.of(rule.match) for rule in self.rules}

    def effect(self, rule: Rule) -> Outcome:
        return self.case.policies[0].default if rule.outcome.verb is Verb.RETURN else rule.outcome

    def surely_decides(self, rule: Rule) -> Mask:
        """Return the packets that surely match the rule and that no earlier rule possibly takes."""
        packets = self.case.device.universe.packets_of(self.case.policies[0].families)
        mine = self.bounds[id(rule)].sure & packets
        for other in self.rules:
            if other is rule:
                break
            if other.outcome.verb is not Verb.CONTINUE:
                mine = mine & ~self.bounds[id(other)].possible
        return mine

    def surely_needed(self, rule: Rule) -> bool:
        """Return whether a packet that the rule surely decides surely meets another outcome without it."""
        pending = self.surely_decides(rule)
        behind = self.rules[next(i for i, one in enumerate(self.rules) if one is rule) + 1 :]
        for other in behind:
            if other.outcome.verb is Verb.CONTINUE:
                continue
            if self.effect(other) == self.effect(rule):
                pending = pending & ~self.bounds[id(other)].possible
            elif (pending & self.bounds[id(other)].sure).any():
                return True
        return bool(pending.any()) and self.case.policies[0].default != self.effect(rule)


def fresh_place(universe: Universe, policies: Iterable[Rule]) -> tuple[int | slice, ...]:
    """Return the part of the universe in which every test answers as it does without history, if known.

    Nothing is fixed for tests that are independent of the packet.
    """
    answers: dict[str, bool | None] = {}
    assumable: set[str] = set()
    for rule in policies:
        for condition in conditions_of(rule.match):
            assumable |= {condition.key} if condition.independent else set()
            known = answers.setdefault(condition.key, condition.fresh)
            answers[condition.key] = known if known is condition.fresh else None
    free: list[int | slice] = [slice(None)] * len(universe.pieces)
    for key in universe.keys:
        answer = None if key in assumable else answers[key]
        free.append(slice(None) if answer is None else slice(int(answer), int(answer) + 1))
    return tuple(free)


def check_conditional_kinds(case: Case) -> None:
    """Dead is dead for every truth of the conditions, and the other way round; the rest is sound."""
    place = fresh_place(case.device.universe, all_rules(case.policies))
    for owner, _, verdict in case.verdicts():
        truth = case.device.kind(owner)
        if truth is Kind.EMPTY or truth in DEAD or verdict.kind is Kind.EMPTY or verdict.kind in DEAD:
            assert (owner, verdict.kind) == (owner, truth)
        elif verdict.kind is Kind.REDUNDANT:
            assert truth is Kind.REDUNDANT, owner
        elif verdict.kind is Kind.UNDECIDED:
            assert verdict.reason
            assert verdict.because
        elif not case.device.has_side_effects(owner) and not case.device.is_final_catch_all(owner):
            assert _needed(case.device, owner, place), owner


def _needed(device: Device, owner: Owner, place: tuple[int | slice, ...]) -> bool:
    """Return whether a packet meets another outcome without the rule, whatever the unknown tests answer.

    Tests that are independent of the packet may be assumed to answer one way.
    """
    others = device.without([owner])
    free = independent_keys(device)
    first = len(device.universe.pieces)
    keys = tuple(first + number for number, key in enumerate(device.universe.keys) if key not in free)
    return any(
        bool(((run.outcomes != others.run(root).outcomes) & run.packets)[place].all(axis=keys).any())
        for root, run in device.runs.items()
        if device.policies[root].entry or not device.is_used(owner)
    )


def independent_keys(device: Device) -> frozenset[str]:
    """Return the keys of the tests that are about something else than the packet's fields."""
    found = (c for rule in all_rules(device.policies) for c in conditions_of(rule.match))
    return frozenset(condition.key for condition in found if condition.independent)


def check_undecided_only_where_needed(case: Case) -> None:
    """A single list: whatever is certain without looking at conditions is not left undecided."""
    single = Single(case)
    for owner, rule, verdict in case.verdicts():
        if verdict.kind is not Kind.UNDECIDED:
            continue
        assert case.device.universe.keys
        kept = case.device.has_side_effects(owner) or case.device.is_final_catch_all(owner)
        live = bool(single.surely_decides(rule).any())
        assert not (live and (kept or single.surely_needed(rule))), (owner, verdict)
        assert not (live and case.device.kind(owner) is Kind.REDUNDANT), (owner, verdict)


def check_conditional_witnesses(case: Case) -> None:
    """A live rule decides its witness whatever the unknown tests answer, in a system without history."""
    for owner, _, verdict in case.verdicts():
        if verdict.kind not in (None, Kind.REDUNDANT):
            continue
        assert verdict.witness is not None
        at = witness_place(case, verdict.witness)
        assert any(bool(np.all(visit.reached[at])) for _, visit in case.device.ways(owner)), (owner, verdict)


def witness_place(case: Case, witness: Packet) -> tuple[int | slice, ...]:
    """Return the representatives of a witness: those truths of unknown tests for which something is claimed of it."""
    place = fresh_place(case.device.universe, all_rules(case.policies))
    fields, keys = len(case.device.universe.pieces), case.device.universe.keys
    at = case.device.universe.locate(dict(witness.values), {})[:fields]
    return at + tuple(_assumed(case, witness, key, answer) for key, answer in zip(keys, place[fields:], strict=True))


def _assumed(case: Case, witness: Packet, key: str, answer: int | slice) -> int | slice:
    """Return the answers of a test under which a witness must be decided by its rule.

    What a witness assumes of independent tests is given. If that contradicts a system without history, nothing is
    known of the other tests.
    """
    free = independent_keys(case.device)
    if key in free and key in witness.conditions:
        return int(witness.conditions[key])
    found = {c.key: c for rule in all_rules(case.policies) for c in conditions_of(rule.match)}
    history = any(found[one].fresh is (not holds) for one, holds in witness.conditions.items() if one in free)
    if key in free:
        fresh = found[key].fresh
        return slice(None) if history or fresh is None else int(fresh)
    return slice(None) if history and key not in witness.conditions else answer
