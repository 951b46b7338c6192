"""One listing as arrays: boxes (products of field sets) and the rows that take packets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rulecheck.engine.ranks import Bools, Ints, Space
from rulecheck.engine.unfold import Listing, Owner
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import Outcome

NEVER = np.iinfo(np.int64).max
"""The end of validity of a row that blocks everything behind it."""

NO_CONDITIONS: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """A listing in array form.

    Boxes: ``needs[b]`` are the conditions of box b, ``conditional[b]`` whether there are any, and ``fresh[b]``
    whether it surely matches in a system without history. Entries: ``targets[e]`` are the boxes of what entry e
    matches. Rows, in evaluation order: ``row_box`` is the box of the packets taken, ``row_entry`` the entry that
    takes them, ``row_until`` the first entry out of reach of an exit (:data:`NEVER` for deciding rows),
    ``row_outcome`` the number of the outcome in ``outcomes``, ``row_rule`` the number of the rule in ``rules``, -1
    for implicit ones. ``obstacle``: the row can hold in a system without history; ``certain``: it surely does.
    """

    listing: Listing
    space: Space
    needs: tuple[Mapping[str, bool], ...]
    targets: tuple[tuple[int, ...], ...]
    row_box: Ints
    row_entry: Ints
    row_until: Ints
    row_outcome: Ints
    row_rule: Ints
    outcomes: tuple[Outcome, ...]
    obstacle: Bools
    certain: Bools
    rules: Mapping[Owner, int]
    fresh: Bools
    conditional: Bools
    conditions: Mapping[str, Condition]

    def owner(self, row: int) -> Owner | None:
        """Return the rule to which a row belongs."""
        return self.listing.entries[int(self.row_entry[row])].owner

    def answer(self, key: str) -> bool | None:
        """Return what a condition's test answers in a system without history."""
        return self.conditions[key].fresh

    def outcome_number(self, outcome: Outcome) -> int:
        """Return the number of an outcome, -1 for one that no row has."""
        return self.outcomes.index(outcome) if outcome in self.outcomes else -1


def build_table(listing: Listing, conditions: Mapping[str, Condition]) -> Table:
    """Bring a listing into array form. ``conditions`` has one Condition for each key in use."""
    numbers: dict[int, int] = {}
    boxes: list[Term] = []

    def number(term: Term) -> int:
        found = numbers.setdefault(id(term), len(boxes))
        if found == len(boxes):
            boxes.append(term)
        return found

    targets: list[tuple[int, ...]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    outcomes: dict[Outcome, int] = {}
    rules: dict[Owner, int] = {}
    for position, entry in enumerate(listing.entries):
        targets.append(tuple(number(term) for term in entry.terms))
        until = entry.exits_until or NEVER
        rule = -1 if entry.owner is None else rules.setdefault(entry.owner, len(rules))
        for term in entry.terms if entry.exits_until else entry.takes:
            outcome = outcomes.setdefault(entry.outcome, len(outcomes))
            rows.append((number(term), position, until, outcome, rule))
    flat = np.array(rows, dtype=np.int64).reshape(-1, 5)
    needs = tuple(term.conditions for term in boxes)
    answers = [fresh_answer(need, conditions) for need in needs]
    row_answers = [answers[box] for box in flat[:, 0]]
    return Table(
        listing=listing,
        space=Space(boxes),
        needs=needs,
        targets=tuple(targets),
        row_box=flat[:, 0].copy(),
        row_entry=flat[:, 1].copy(),
        row_until=flat[:, 2].copy(),
        row_outcome=flat[:, 3].copy(),
        row_rule=flat[:, 4].copy(),
        outcomes=tuple(outcomes),
        obstacle=_flags(answer is not False for answer in row_answers),
        certain=_flags(answer is True for answer in row_answers),
        rules=rules,
        fresh=_flags(answer is True for answer in answers),
        conditional=_flags(bool(need) for need in needs),
        conditions=conditions,
    )


def _flags(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)


def fresh_answer(needs: Mapping[str, bool], conditions: Mapping[str, Condition]) -> bool | None:
    """Return whether all conditions hold in a system without history: True, False, or None if unknown."""
    answer: bool | None = True
    for key, holds in needs.items():
        fresh = conditions[key].fresh
        if fresh is None:
            answer = None if answer is not False else False
        elif fresh is not holds:
            return False
    return answer


def collect_conditions(listings: Sequence[Listing]) -> dict[str, Condition]:
    """Return one Condition for each key; a key whose uses disagree about ``fresh`` has it unknown."""
    found: dict[str, Condition] = {}
    seen: set[int] = set()
    for listing in listings:
        for entry in listing.entries:
            if entry.rule is None or id(entry.rule) in seen:
                continue
            seen.add(id(entry.rule))
            for condition in entry.rule.match.all_conditions():
                known = found.setdefault(condition.key, condition)
                if known.fresh is not condition.fresh:
                    found[condition.key] = _unknown(known)
    return found


def _unknown(condition: Condition) -> Condition:
    return Condition(condition.key, condition.reason, condition.origin, condition.holds, None)
