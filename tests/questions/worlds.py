"""Random devices to ask about, and brute force over them: every representative packet, every truth of conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match, Term
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule
from tests.differential.brute import Device, Run
from tests.differential.universe import Mask, Universe
from tests.strategies import DECISIONS, addresses, chained_policies, origin, service_groups, single_policies

LARGEST = 60_000

ANY_POLICIES = st.one_of(
    single_policies(),
    single_policies(most=14),
    single_policies(conditional=True),
    chained_policies(),
    chained_policies(conditional=True),
)


@st.composite
def questions(draw: st.DrawFn) -> Match | None:
    """Return packets to ask about, None for all."""
    if draw(st.integers(0, 2)) == 0:
        return None
    services = draw(st.none() | service_groups(rich=draw(st.booleans())))
    return Match(draw(addresses()), draw(addresses()), services)


def universe_of(policies: Iterable[Policy], asked: Match | None) -> Universe:
    """Return a universe whose pieces neither the policies nor the question separate."""
    question = () if asked is None else (Rule(0, origin(0), asked, PERMIT),)
    universe = Universe((*policies, Policy("QUESTION", "acl", question, DENY)))
    assume(universe.size <= LARGEST)
    return universe


def asked_mask(universe: Universe, asked: Match | None) -> Mask:
    return np.ones(universe.shape, dtype=bool) if asked is None else universe.matched(asked)


def terms_of(asked: Match | None) -> tuple[Term, ...] | None:
    return None if asked is None else asked.terms()


def inside(universe: Universe, sets: Mapping[Field, IntervalSet]) -> Mask:
    """Return the packets of a product; it must consist of whole pieces of the universe."""
    found = np.ones((1,) * len(universe.shape), dtype=bool)
    for name, values in sets.items():
        sizes = sum(size for low, size in universe.pieces[name] if low in values)
        assert sizes == values.size, f"the {name} of a region cuts through packets that no rule separates"
        found = found & universe.within(name, values)
    return np.broadcast_to(found, universe.shape)


def holding(universe: Universe, needs: Mapping[str, bool]) -> Mask:
    """Return where conditions have given truths."""
    found = np.ones(universe.shape, dtype=bool)
    for key, holds in needs.items():
        axis = len(universe.pieces) + universe.keys.index(key)
        shape = [1] * len(universe.shape)
        shape[axis] = 2
        found = found & (np.array([False, True]) == holds).reshape(shape)
    return found


def cases_of(universe: Universe, region: Mask, needs: Sequence[Mapping[str, bool]]) -> list[Mask]:
    """Return the packets of each case: those for which it is the first that holds."""
    left, found = region, []
    for one in needs:
        here = left & holding(universe, one)
        found.append(here)
        left = left & ~here
    assert not left.any(), "the cases leave something out"
    return found


def outcomes(device: Device, run: Run, numbers: dict[Outcome, int]) -> NDArray[np.int64]:
    """Return the outcome of every packet in a numbering that several devices share."""
    table = np.zeros(len(device._outcomes), dtype=np.int64)
    for outcome, number in device._outcomes.items():
        table[number] = numbers.setdefault(outcome, len(numbers))
    return table[np.maximum(run.outcomes, 0)]


@st.composite
def edited_pairs(draw: st.DrawFn) -> tuple[tuple[Policy, ...], tuple[Policy, ...]]:
    """Return a device before and after a few random changes to its lists."""
    before = draw(ANY_POLICIES)
    after = []
    for policy in before:
        rules = list(policy.rules)
        for _ in range(draw(st.integers(0, 2))):
            _change(draw, rules)
        rules = [replace(rule, index=index) for index, rule in enumerate(rules)]
        default = draw(st.sampled_from([PERMIT, DENY])) if policy.entry and draw(st.integers(0, 7)) == 0 else None
        after.append(replace(policy, rules=tuple(rules), default=default or policy.default))
    return before, tuple(after)


def _change(draw: st.DrawFn, rules: list[Rule]) -> None:
    if not rules:
        return
    place = draw(st.integers(0, len(rules) - 1))
    kind = draw(st.sampled_from(["remove", "move", "copy", "outcome"]))
    if kind == "remove":
        del rules[place]
    elif kind == "move":
        rules.insert(draw(st.integers(0, len(rules) - 1)), rules.pop(place))
    elif kind == "copy":
        rules.insert(draw(st.integers(0, len(rules))), rules[place])
    elif rules[place].calls is None:
        rules[place] = replace(rules[place], outcome=draw(st.sampled_from(DECISIONS)))
