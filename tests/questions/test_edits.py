"""Edits: the list afterwards is the one that a person would have written, and what changes is exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rulecheck.engine.questions import (
    Edit,
    Equivalence,
    Insert,
    Move,
    Remove,
    Side,
    affected_roots,
    compare,
    edited,
)
from rulecheck.model.device import Policy
from rulecheck.model.rule import Outcome, Rule
from tests.differential.brute import Device
from tests.engine.notation import chain, policy, rule
from tests.questions.worlds import ANY_POLICIES, cases_of, inside, outcomes, universe_of
from tests.strategies import thorough

LINES = ["permit 0 > any", "permit 1 > any", "permit 2 > any", "permit 3 > any"]


def _texts(edits: Sequence[Edit]) -> list[str]:
    (after,) = edited((policy(LINES),), edits)
    assert [one.index for one in after.rules] == list(range(len(after.rules)))
    return [one.origin.text.split()[1] for one in after.rules]


def test_positions_are_those_before_any_edit() -> None:
    new = rule(0, "deny 9 > any")
    assert _texts([Remove(0, 1)]) == ["0", "2", "3"]
    assert _texts([Move(0, 3, 0)]) == ["3", "0", "1", "2"]
    assert _texts([Move(0, 0, 4)]) == ["1", "2", "3", "0"]
    assert _texts([Move(0, 1, 1)]) == ["0", "1", "2", "3"]
    assert _texts([Insert(0, 4, new)]) == ["0", "1", "2", "3", "9"]
    assert _texts([Remove(0, 0), Insert(0, 0, new), Move(0, 3, 1)]) == ["9", "3", "1", "2"]


@pytest.mark.parametrize(
    "edits",
    [[Remove(0, 4)], [Remove(0, -1)], [Move(0, 0, 5)], [Remove(0, 1), Remove(0, 1)], [Remove(0, 1), Move(0, 1, 0)]],
)
def test_an_edit_that_cannot_be_is_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"position|twice"):
        edited((policy(LINES),), edits)


def test_every_way_into_a_changed_list_is_looked_at() -> None:
    lists = (
        policy(["call A any > any"], name="ONE"),
        policy(["permit any > any"], name="TWO"),
        policy(["goto B any > any"], name="THREE"),
        chain("A", ["call B any > any"]),
        chain("B", ["permit 1 > any"]),
        chain("LONELY", ["permit 1 > any"]),
    )
    assert affected_roots(lists, lists, [4]) == (0, 2)
    assert affected_roots(lists, lists, [5]) == (5,)
    more = edited(lists, [Insert(1, 0, rule(0, "call LONELY any > any"))])
    assert affected_roots(lists, more, [5]) == (1,)


@st.composite
def random_edits(draw: st.DrawFn, policies: tuple[Policy, ...]) -> list[Edit]:
    number = draw(st.sampled_from([n for n, one in enumerate(policies) if one.rules]))
    count = len(policies[number].rules)
    rules: list[Rule] = [one for p in policies for one in p.rules if one.calls is None]
    edits: list[Edit] = []
    for index in draw(st.sets(st.integers(0, count - 1), max_size=2)):
        if draw(st.booleans()):
            edits.append(Remove(number, index))
        else:
            edits.append(Move(number, index, draw(st.integers(0, count))))
    with_rule: bool = draw(st.booleans())
    if rules and with_rule:
        edits.append(Insert(number, draw(st.integers(0, count)), draw(st.sampled_from(rules))))
    return edits


@given(policies=ANY_POLICIES, data=st.data())
@thorough(250)
def test_what_an_edit_changes_is_what_brute_force_finds(policies: tuple[Policy, ...], data: st.DataObject) -> None:
    edits = data.draw(random_edits(policies))
    assume(edits)
    after = edited(policies, edits)
    universe = universe_of((*policies, *after), None)
    devices = Device(policies, universe), Device(after, universe)
    for root in affected_roots(policies, after, [edits[0].policy]):
        numbers: dict[Outcome, int] = {}
        left, right = (outcomes(one, one.run(root), numbers) for one in devices)
        differing = (left != right) & devices[0].run(root).packets
        found = compare(Side(policies, root), Side(after, root))
        seen = np.zeros(universe.shape, dtype=bool)
        for one in found.differences:
            packets = inside(universe, one.term.sets)
            for case, here in zip(one.cases, cases_of(universe, packets, [c.needs for c in one.cases]), strict=True):
                seen |= here if case.differs else np.zeros_like(here)
        assert np.array_equal(seen, differing)
        assert (found.answer is Equivalence.EQUIVALENT) == (not differing.any())


@given(policies=ANY_POLICIES, data=st.data())
@thorough(100)
def test_lists_that_are_not_affected_do_not_change(policies: tuple[Policy, ...], data: st.DataObject) -> None:
    edits = data.draw(random_edits(policies))
    assume(edits)
    after = edited(policies, edits)
    universe = universe_of((*policies, *after), None)
    devices = Device(policies, universe), Device(after, universe)
    affected = affected_roots(policies, after, [edits[0].policy])
    entered = {root for root in devices[0].roots if policies[root].entry}
    for root in entered - set(affected):
        numbers: dict[Outcome, int] = {}
        left, right = (outcomes(one, one.run(root), numbers) for one in devices)
        assert np.array_equal(left, right)


def test_a_disabled_rule_can_be_moved_anywhere() -> None:
    lists = (policy(["permit 1 > any off", "deny 1 > any", "permit any > any"]),)
    after = edited(lists, [Move(0, 0, 3)])
    assert compare(Side(lists, 0), Side(after, 0)).answer is Equivalence.EQUIVALENT
    enabled = edited(lists, [Remove(0, 0), Insert(0, 0, replace(lists[0].rules[0], enabled=True))])
    assert compare(Side(lists, 0), Side(enabled, 0)).answer is Equivalence.DIFFERENT
