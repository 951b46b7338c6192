"""Evidence for a verdict on one way in: who covers a dead entry, who takes over from a redundant one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.local import Local
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import subtract
from rulecheck.engine.unfold import Owner
from rulecheck.engine.volumes import BY_DEFAULT, first_takers, nothing
from rulecheck.model.rule import DECIDING, Outcome, Verb


@dataclass(slots=True)
class Evidence:
    """What supports a verdict, as packet counts that add up over the ways in.

    ``total`` are the packets in question; ``takes`` how many of them each rule takes, with the rules'
    ``outcomes``. ``singles`` are indexes of rules of the same policy that each hold everything alone.
    ``differs``: some packets are decided with another outcome first; ``conflict`` is the rule that decides most
    of them, with its packets. ``by_default``: packets are left to the default or to implicit rules.
    """

    total: int = 0
    takes: dict[Owner, int] = field(default_factory=dict)
    outcomes: dict[Owner, Outcome] = field(default_factory=dict)
    singles: frozenset[int] = frozenset()
    differs: bool = False
    conflict: tuple[Owner, Outcome, int] | None = None
    by_default: bool = False


def dead_evidence(decider: Decider, view: EntryView, cover: Sequence[int]) -> Evidence:
    """Return the evidence for a dead entry, given rows that together cover it.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    found = Evidence()
    _add_conflict(decider, view, found)
    singles = _single_covers(decider, view)
    found.singles = frozenset(owner[1] for owner in singles)
    members = _members(decider, view, cover, singles, found)
    _add_takes(decider, first_takers(decider, view, nothing, lambda box: np.intersect1d(box.earlier, members)), found)
    return found


def takeover_evidence(decider: Decider, view: EntryView, excluded: Bools) -> Evidence:
    """Return who takes the packets that a redundant entry decides today, without the rules ``excluded``.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    found = Evidence()
    later = {box.box: decider.without(box, excluded, excluded).later for box in view.boxes}
    _add_takes(decider, first_takers(decider, view, lambda box: box.earlier, lambda box: later[box.box]), found)
    return found


def _add_takes(decider: Decider, takes: Mapping[int, int], found: Evidence) -> None:
    owners = decider.owners
    for rule, packets in takes.items():
        found.total += packets
        if rule == BY_DEFAULT:
            found.by_default = packets > 0
        elif packets:
            found.takes[owners[rule]] = packets
            found.outcomes[owners[rule]] = decider.outcome_of(rule)


def _add_conflict(decider: Decider, view: EntryView, found: Evidence) -> None:
    """Find out whether another outcome comes first anywhere, and which rule decides most of that."""
    table = decider.table
    outcome = table.listing.entries[view.entry].outcome
    keeps = outcome.verb in DECIDING or outcome.verb is Verb.RETURN
    number = table.outcome_number(outcome) if keeps else -1
    if all((table.row_outcome[box.earlier] == number).all() for box in view.boxes):
        return
    takes = first_takers(decider, view, nothing, lambda box: box.earlier)
    others = {rule: packets for rule, packets in takes.items() if packets and decider.outcome_of(rule) != outcome}
    if not keeps:
        others = {rule: packets for rule, packets in takes.items() if packets}
    found.differs = bool(others)
    heaviest = max(others, key=lambda rule: (others[rule], -rule), default=BY_DEFAULT)
    if heaviest != BY_DEFAULT:
        found.conflict = (decider.owners[heaviest], decider.outcome_of(heaviest), others[heaviest])


def _members(
    decider: Decider, view: EntryView, cover: Sequence[int], singles: Sequence[Owner], found: Evidence
) -> Ints:
    """Return the rows of a minimal covering set: one rule where one suffices, a conflicting one if there is."""
    table = decider.table
    entries = table.listing.entries
    partial = {entries[at].owner for at in decider.partial if entries[at].outcome.verb in DECIDING}
    whole = [owner for owner in singles if owner not in partial]
    if whole:
        chosen = found.conflict[0] if found.conflict and found.conflict[0] in whole else whole[0]
        return np.flatnonzero((table.row_rule == table.rules[chosen]) & (table.row_entry < view.entry))
    kept = list(dict.fromkeys(table.row_rule[list(cover)].tolist()))
    rows = np.flatnonzero(np.isin(table.row_rule, kept) & (table.row_entry < view.entry))
    problems = [_problem(decider, box, rows) for box in view.boxes]
    weight = {rule: sum(_weight(local, rules, rule) for local, rules in problems) for rule in kept}
    for rule in sorted(kept, key=lambda one: (weight[one], -one)):
        rest = [other for other in kept if other != rule]
        if all(_replaceable(local, rules, rule, rest) for local, rules in problems):
            kept = rest
    return rows[np.isin(table.row_rule[rows], kept)]


def _problem(decider: Decider, box: BoxView, rows: Ints) -> tuple[Local, Ints]:
    """Return the local problem of a box and those of ``rows`` before it, with the rows' rule numbers."""
    mine = np.intersect1d(box.earlier, rows)
    return decider.local(box.box, mine), decider.table.row_rule[mine]


def _weight(local: Local, rules: Ints, rule: int) -> float:
    return float(local.weights(local.masks[np.flatnonzero(rules == rule)]).sum())


def _replaceable(local: Local, rules: Ints, rule: int, rest: Sequence[int]) -> bool:
    """Return whether the rules ``rest`` take everything that ``rule`` takes of the box."""
    others = local.all[np.isin(rules[local.all], rest)]
    own = local.all[rules[local.all] == rule]
    return all(local.first(others, local.whole & local.masks[row]) is None for row in own)


def _single_covers(decider: Decider, view: EntryView) -> list[Owner]:
    """Return all earlier rules of the same policy that hold every packet of the entry, in order."""
    table = decider.table
    entries = table.listing.entries
    me = entries[view.entry]
    found: dict[Owner, None] = {}
    sure, closer = _candidates(decider, view)
    for position in sorted(sure | closer):
        entry = entries[position]
        owner = entry.owner
        if owner is None or me.owner is None or owner[0] != me.owner[0] or owner[1] >= me.owner[1]:
            continue
        if position in sure or not subtract(me.terms, entry.terms, decider.limits.pieces):
            found[owner] = None
    return list(found)


def _candidates(decider: Decider, view: EntryView) -> tuple[set[int], set[int]]:
    """Return positions of earlier entries that surely hold the entry alone, and of those that may.

    An entry with one unconditional box holds the entry exactly when that box contains all of its boxes, which
    the survey has found out; only others need a closer look. An entry that takes less than it matches (packets
    have left its list) may hold more than its rows show.
    """
    table = decider.table
    entries = table.listing.entries
    sure = set.intersection(*(set(table.row_entry[box.containing].tolist()) for box in view.boxes))
    touching = set.intersection(*(set(table.row_entry[box.earlier].tolist()) for box in view.boxes))
    closer = {at for at in touching - sure if len(entries[at].terms) > 1 or entries[at].terms[0].conditions}
    return sure, closer | {at for at in decider.partial if at < view.entry}
