"""Evidence for a verdict on one way in: who covers a dead entry, who takes over from a redundant one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rulecheck.engine.decide import Decider
from rulecheck.engine.local import Local
from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.removal import nobody
from rulecheck.engine.survey import BoxView, EntryView
from rulecheck.engine.terms import subtract
from rulecheck.engine.unfold import Owner
from rulecheck.engine.volumes import BY_DEFAULT, IMPLIED, first_takers, nothing
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


def dead_evidence(decider: Decider, view: EntryView, cover: Sequence[int], *, only: bool) -> Evidence:
    """Return the evidence for a dead entry, given rows that together cover it.

    ``only``: it is the rule's only way in, so that counts are compared with nothing and may be in any unit.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    found = Evidence()
    singles = _single_covers(decider, view)
    _add_conflict(decider, _trimmed(decider, view, nobody(decider.table)), found)
    found.singles = frozenset(owner[1] for owner in singles)
    entries = decider.table.listing.entries
    partial = {entries[at].owner for at in decider.partial if entries[at].outcome.verb in DECIDING}
    whole = [owner for owner in singles if owner not in partial]
    if whole and (only or found.total):
        chosen = found.conflict[0] if found.conflict and found.conflict[0] in whole else whole[0]
        found.total = found.total or 1
        _add_take(decider, decider.table.rules[chosen], found.total, found)
        return found
    members = _members(decider, view, cover, whole, found)
    found.total = 0
    takes = first_takers(decider, view, nothing, lambda box: np.intersect1d(box.earlier, members))
    _add_takes(decider, takes, found)
    return found


def takeover_evidence(
    decider: Decider, view: EntryView, excluded: Bools, *, only: bool, ordered: bool = True
) -> Evidence:
    """Return who takes the packets that a redundant entry decides today, without the rules ``excluded``.

    ``only`` as in :func:`dead_evidence`. Where the list is not ``ordered``, the entry decides all that it matches, and
    rules before it take over as well.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    found = Evidence()
    view = _trimmed(decider, view, excluded)
    if not ordered:
        around = first_takers(decider, view, nothing, lambda box: np.concatenate((box.earlier, box.later)))
        _add_takes(decider, around, found)
        return found
    rows = np.concatenate([box.later for box in view.boxes])
    rules = set(decider.table.row_rule[rows].tolist())
    if only and len(rules) <= 1 and all(len(box.closing) or not len(rows) for box in view.boxes):
        found.total = 1
        found.by_default = not rules or rules == {BY_DEFAULT}
        if not found.by_default:
            _add_take(decider, rules.pop(), 1, found)
        return found
    _add_takes(decider, first_takers(decider, view, lambda box: box.earlier, lambda box: box.later), found)
    return found


def _trimmed(decider: Decider, view: EntryView, excluded: Bools) -> EntryView:
    """Return a view with the rows that can be the first ones of a packet; the rules ``excluded`` are missing behind."""
    none = nobody(decider.table)
    return EntryView(view.entry, tuple(decider.without(box, none, excluded) for box in view.boxes))


def _add_takes(decider: Decider, takes: Mapping[int, int], found: Evidence) -> None:
    for rule, packets in takes.items():
        found.total += packets
        if rule == BY_DEFAULT:
            found.by_default = packets > 0
        elif packets:
            _add_take(decider, rule, packets, found)


def _add_take(decider: Decider, rule: int, packets: int, found: Evidence) -> None:
    owner = decider.owners[rule]
    found.takes[owner] = packets
    found.outcomes[owner] = decider.outcome_of(rule)


def _add_conflict(decider: Decider, view: EntryView, found: Evidence) -> None:
    """Find out whether another outcome comes first anywhere, and which rule decides most of that.

    Where that takes counting, the total is the number of the entry's packets.
    """
    table = decider.table
    outcome = table.listing.entries[view.entry].outcome
    keeps = outcome.verb in DECIDING or outcome.verb is Verb.RETURN
    number = table.outcome_number(outcome) if keeps else -1
    if all((table.row_outcome[box.earlier] == number).all() for box in view.boxes):
        return
    takes = first_takers(decider, view, nothing, lambda box: box.earlier, apart=number)
    found.total = sum(takes.values())
    implied = takes.pop(IMPLIED, 0)
    takes.pop(BY_DEFAULT, None)
    others = {rule: packets for rule, packets in takes.items() if packets and decider.outcome_of(rule) != outcome}
    if not keeps:
        others = {rule: packets for rule, packets in takes.items() if packets}
    found.differs = bool(others) or implied > 0
    heaviest = max(others, key=lambda rule: (others[rule], -rule), default=BY_DEFAULT)
    if heaviest != BY_DEFAULT:
        found.conflict = (decider.owners[heaviest], decider.outcome_of(heaviest), others[heaviest])


def _members(decider: Decider, view: EntryView, cover: Sequence[int], whole: Sequence[Owner], found: Evidence) -> Ints:
    """Return the rows of a minimal covering set: one rule where one suffices, a conflicting one if there is."""
    table = decider.table
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
