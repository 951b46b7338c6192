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

    Boxes: ``needs[b]`` are the conditions of box b, ``conditional[b]`` whether there are any. ``can_hold[b]``: they
    hold in a system without history, or can be assumed to, because they are independent of the packet;
    ``history[b]``: assuming them contradicts a system without history. Entries: ``targets[e]`` are the boxes of
    what entry e matches. Rows, in evaluation order: ``row_box`` is the box of the packets taken, ``row_entry`` the
    entry that takes them, ``row_until`` the first entry out of reach of an exit (:data:`NEVER` for deciding rows),
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
    numbers: Mapping[Outcome, int]
    obstacle: Bools
    certain: Bools
    rules: Mapping[Owner, int]
    can_hold: Bools
    history: Bools
    conditional: Bools
    conditions: Mapping[str, Condition]

    def in_play(self, box: int, rows: Ints) -> tuple[Bools, Bools]:
        """Return which rows may stand in the way of a box in the world where it matches, and which surely do.

        That is a system without history; where the box's own conditions contradict it, nothing is known.
        """
        given = self.needs[box]
        if not given:
            return self.obstacle[rows], self.certain[rows]
        may, must = np.ones(len(rows), dtype=np.bool_), np.ones(len(rows), dtype=np.bool_)
        for at in np.flatnonzero(self.conditional[self.row_box[rows]]):
            needs = self.needs[int(self.row_box[rows[at]])]
            may[at], must[at] = stance(needs, given, self.conditions, history=bool(self.history[box]))
        return may, must

    def owner(self, row: int) -> Owner | None:
        """Return the rule to which a row belongs."""
        return self.listing.entries[int(self.row_entry[row])].owner

    def answer(self, key: str) -> bool | None:
        """Return what a condition's test answers in a system without history."""
        return self.conditions[key].fresh

    def outcome_number(self, outcome: Outcome) -> int:
        """Return the number of an outcome, -1 for one that no row has."""
        return self.numbers.get(outcome, -1)


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
    answers = [fresh_answer(need, conditions) if need else True for need in needs]
    fresh = np.array([-1 if answer is None else int(answer) for answer in answers], dtype=np.int64)
    row_fresh = fresh[flat[:, 0]]
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
        numbers=outcomes,
        obstacle=row_fresh != 0,
        certain=row_fresh == 1,
        rules=rules,
        can_hold=_flags(not need or can_hold(need, conditions) for need in needs),
        history=fresh == 0,
        conditional=_flags(bool(need) for need in needs),
        conditions=conditions,
    )


def _flags(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)


def can_hold(needs: Mapping[str, bool], conditions: Mapping[str, Condition]) -> bool:
    """Return whether all conditions hold without history or can be assumed to, whatever the packet is."""
    return all(conditions[key].fresh is holds or conditions[key].independent for key, holds in needs.items())


def stance(
    needs: Mapping[str, bool], given: Mapping[str, bool], conditions: Mapping[str, Condition], *, history: bool
) -> tuple[bool, bool]:
    """Return whether conditions may hold, and whether they surely do, where ``given`` conditions hold.

    Otherwise the system is one without history, unless ``history`` says that nothing is known of it.
    """
    rest = {key: holds for key, holds in needs.items() if key not in given}
    if any(given.get(key, holds) != holds for key, holds in needs.items()):
        return False, False
    if history:
        return True, not rest
    answer = fresh_answer(rest, conditions)
    return answer is not False, answer is True


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
