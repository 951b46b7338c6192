"""The rules of one list as arrays, whatever leads to the list: its boxes in order, as the rules are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.instances import Instance
from rulecheck.engine.ranks import Bools, Ints, Space
from rulecheck.engine.unfold import Owner
from rulecheck.model.device import Policy
from rulecheck.model.rule import DECIDING, Outcome, Rule, Verb

_TAKERS = DECIDING | {Verb.RETURN}
"""What a rule does behind which a packet does not go on in its list."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The boxes of a list's enabled rules, in order: ``begin[i]`` to ``begin[i + 1]`` are those of rule i.

    ``low`` and ``high`` are the outermost ranks on each axis. ``takes``: nothing in the box goes on behind it.
    ``calm``: no rule before rule i with another outcome has a packet of it.
    """

    space: Space
    boxes: Ints
    low: Ints
    high: Ints
    begin: Ints
    outcome: Ints
    takes: Bools
    calm: Bools


def rows_of(number: int, policy: Policy, instances: Mapping[Owner, Sequence[Instance]]) -> Rows:
    """Return the rules of a policy, by number, as arrays; ``instances`` are those of all rules."""
    enabled = [rule for rule in policy.rules if rule.enabled]
    decider = _starting(number, enabled, instances)
    space, boxes, conditional = _written(policy, enabled) if decider is None else _listed(number, enabled, decider)
    calm = np.zeros(len(policy.rules), dtype=np.bool_)
    if decider is not None and all(rule.outcome.verb in DECIDING for rule in enabled):
        calm[[rule.index for rule in enabled]] = _calm(number, enabled, decider)
    outcomes: dict[Outcome, int] = {}
    counts = np.zeros(len(policy.rules), dtype=np.int64)
    counts[[rule.index for rule in enabled]] = [len(one) for one in boxes]
    flat = np.array([box for one in boxes for box in one], dtype=np.int64)
    times = [len(one) for one in boxes]
    numbers = [outcomes.setdefault(rule.outcome, len(outcomes)) for rule in enabled]
    takers = np.array([rule.outcome.verb in _TAKERS for rule in enabled], dtype=np.bool_)
    values = space.boxes[flat]
    columns = list(enumerate(space.axes))
    return Rows(
        space,
        values,
        np.stack([axis.first[values[:, column]] for column, axis in columns], axis=1),
        np.stack([axis.last[values[:, column]] for column, axis in columns], axis=1),
        np.concatenate(([0], np.cumsum(counts))),
        np.repeat(np.array(numbers, dtype=np.int64), times),
        np.repeat(takers, times) & ~conditional[flat],
        calm,
    )


_Boxes = tuple[Space, list[tuple[int, ...]], Bools]
"""The boxes of each rule, in a space, and which boxes are under conditions."""


def _starting(number: int, rules: Sequence[Rule], instances: Mapping[Owner, Sequence[Instance]]) -> Decider | None:
    """Return what is known of the listing that starts with a list, None where none does."""
    for rule in rules:
        for one in instances.get((number, rule.index), ()):
            if one.decider.table.listing.root == number:
                return one.decider
    return None


def _places(number: int, rules: Sequence[Rule], decider: Decider) -> list[int]:
    """Return where the rules of a list stand in the listing that starts with it."""
    first: dict[int, int] = {}
    for position, entry in enumerate(decider.table.listing.entries):
        if entry.owner is not None and entry.owner[0] == number:
            first.setdefault(entry.owner[1], position)
    return [first[rule.index] for rule in rules]


def _listed(number: int, rules: Sequence[Rule], decider: Decider) -> _Boxes:
    table = decider.table
    return table.space, [table.targets[place] for place in _places(number, rules, decider)], table.conditional


def _calm(number: int, rules: Sequence[Rule], decider: Decider) -> Bools:
    """Return which rules of a list of deciding rules only no earlier rule with another outcome overlaps."""
    survey = decider.survey
    if decider.table.conditional.any():
        return np.zeros(len(rules), dtype=np.bool_)
    contested = np.concatenate(([0], np.cumsum(survey.contested)))
    begin = survey.slots.begin
    places = np.array(_places(number, rules, decider), dtype=np.int64)
    calm: Bools = contested[begin[places]] == contested[begin[places + 1]]
    return calm


def _written(policy: Policy, rules: Sequence[Rule]) -> _Boxes:
    terms = [rule.match.terms(policy.families) for rule in rules]
    flat = [term for one in terms for term in one]
    ends = np.cumsum([len(one) for one in terms]).tolist()
    boxes = [tuple(range(end - len(one), end)) for one, end in zip(terms, ends, strict=True)]
    return Space(flat), boxes, np.array([bool(term.conditions) for term in flat], dtype=np.bool_)
