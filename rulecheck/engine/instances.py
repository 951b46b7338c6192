"""What the analysis found out about one rule on each way in, gathered for the verdict on the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rulecheck.engine.decide import Answer, Decider, Redundancy, Standing, State
from rulecheck.engine.evidence import Evidence, dead_evidence, takeover_evidence
from rulecheck.engine.partial import Overlap, overlap
from rulecheck.engine.parts import Parts, parts
from rulecheck.engine.removal import alone
from rulecheck.engine.survey import EntryView, Survey
from rulecheck.engine.table import build_table
from rulecheck.engine.terms import TooManyPiecesError, subtract
from rulecheck.engine.unfold import Entry, Listing, Owner
from rulecheck.engine.verdict import Limits
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import BLOCKING, DECIDING, Verb

_CATCH_ALL_PIECES = 10_000
_GENERAL = 16
"""Later rules that are compared with an entry, to find one that holds it."""
_EVERY_ADDRESS = {
    family: Term({Field.SOURCE: everything, Field.DESTINATION: everything})
    for family, everything in ((4, IPV4_ALL), (6, IPV6_ALL))
}
_SAFE = Redundancy(Answer.YES)
_NEEDED = Redundancy(Answer.NO)
_EMPTY = Standing(State.EMPTY)


@dataclass(frozen=True, slots=True)
class Instance:
    """One rule on one way in.

    ``redundancy`` is None for rules that call or leave a list: removing one rewires the listing, which is
    decided elsewhere. ``view`` is kept where evidence may be asked for: for dead and for redundant entries.
    ``overlap`` and ``parts`` are what earlier rules take of a live entry, ``generalized_by`` is a later rule that
    holds it.
    """

    decider: Decider
    entry: Entry
    standing: Standing
    redundancy: Redundancy | None
    view: EntryView | None = None
    overlap: Overlap | None = None
    parts: Parts | None = None
    generalized_by: Owner | None = None

    def dead_evidence(self, *, only: bool) -> Evidence:
        """Return what covers a dead entry; ``only``: it is the rule's only way in.

        Raises:
            TooManyPiecesError: the work passed the limits.
        """
        assert self.view is not None
        return dead_evidence(self.decider, self.view, self.standing.cover, only=only)

    def takeover_evidence(self, *, only: bool, ordered: bool) -> Evidence:
        """Return who takes over from a redundant entry; ``only``: it is the rule's only way in.

        ``ordered``: the order of its list means something.

        Raises:
            TooManyPiecesError: the work passed the limits.
        """
        assert self.view is not None
        assert self.entry.owner is not None
        gone = alone(self.decider.table, self.entry.owner)
        return takeover_evidence(self.decider, self.view, gone, only=only, ordered=ordered)


def examine(
    listings: Sequence[Listing], conditions: Mapping[str, Condition], limits: Limits
) -> dict[Owner, list[Instance]]:
    """Examine every entry of every listing and return the instances of each rule."""
    found: dict[Owner, list[Instance]] = {}
    for listing in listings:
        table = build_table(listing, conditions)
        decider = Decider(table, Survey(table), limits)
        for owner, instance in _examine_listing(decider):
            found.setdefault(owner, []).append(instance)
    return found


def _examine_listing(decider: Decider) -> Iterator[tuple[Owner, Instance]]:
    listing, survey = decider.table.listing, decider.survey
    spared = _final_catch_alls(listing)
    asked = [at for at, entry in enumerate(listing.entries) if entry.owner is not None and entry.target]
    slot, needed = survey.shown()
    quick = {at: _quick(decider, at, int(slot[at]), shown=bool(needed[at]) or at in spared) for at in asked}
    crowded = {at for at in asked if at not in spared and listing.entries[at].takes and survey.crowded(at)}
    generalized = _generalizations(decider, spared)
    views = survey.views([at for at in asked if quick[at] is None or at in crowded])
    for at in asked:
        entry, found = listing.entries[at], quick[at]
        assert entry.owner is not None
        view = next(views) if found is None or at in crowded else None
        if found is None:
            assert view is not None
            found = _examine(decider, view, entry, int(slot[at]), spare=at in spared)
        if at in crowded and found.standing.state is State.LIVE and view is not None:
            found = _with_losses(decider, found, view)
        general = generalized.get(at)
        yield entry.owner, replace(found, generalized_by=general) if general is not None else found


def _generalizations(decider: Decider, spared: frozenset[int]) -> dict[int, Owner]:
    """Return for entries the first later rule with another outcome that holds all of their packets."""
    table, survey = decider.table, decider.survey
    rows = survey.generalizations(spared)
    found: dict[int, Owner] = {}
    for at, boxes in enumerate(table.targets):
        begin = int(survey.slots.begin[at])
        candidates = [rows[slot] for slot in range(begin, begin + len(boxes))]
        if not candidates or not all(len(one) for one in candidates):
            continue
        rules = set.intersection(*(set(table.row_rule[one].tolist()) for one in candidates))
        general = _first_holding(decider, at, sorted(rules))
        if general is not None:
            found[at] = general
    return found


def _first_holding(decider: Decider, at: int, rules: Sequence[int]) -> Owner | None:
    """Return the first of some rules (by number, in evaluation order) that holds all packets of an entry."""
    entries = decider.table.listing.entries
    for rule in rules[:_GENERAL]:
        for other in decider.entries_of[rule]:
            if other > at and entries[other].takes and _holds_entry(entries[other], entries[at]):
                return decider.owners[rule]
    return None


def _holds_entry(general: Entry, special: Entry) -> bool:
    try:
        return not subtract(special.terms, general.takes, _CATCH_ALL_PIECES)
    except TooManyPiecesError:
        return False


def _with_losses(decider: Decider, found: Instance, view: EntryView) -> Instance:
    """Add what earlier rules take of a live entry."""
    contested, flags = decider.survey.crowd(view.entry)
    assert found.entry.rule is not None
    return replace(
        found,
        overlap=overlap(decider, view) if contested else None,
        parts=parts(decider, view, found.entry.rule, flags) if any(flags) else None,
    )


def _quick(decider: Decider, at: int, slot: int, *, shown: bool) -> Instance | None:
    """Return what the survey has settled about an entry, None where its rows have to be looked at."""
    entry = decider.table.listing.entries[at]
    if not decider.table.targets[at]:
        return Instance(decider, entry, _EMPTY, _SAFE)
    known, redundancy = _known_redundancy(decider, entry, needed=shown)
    if slot < 0 or not known:
        return None
    return Instance(decider, entry, Standing(State.LIVE, decider.at_point(slot)), redundancy)


def _examine(decider: Decider, view: EntryView, entry: Entry, slot: int, *, spare: bool) -> Instance:
    standing = decider.standing(view) if slot < 0 else Standing(State.LIVE, decider.at_point(slot))
    if standing.state is State.DEAD:
        return Instance(decider, entry, standing, _SAFE, view)
    known, redundancy = _known_redundancy(decider, entry, needed=spare)
    if known:
        return Instance(decider, entry, standing, redundancy)
    assert entry.owner is not None
    own = alone(decider.table, entry.owner)
    answer = decider.redundancy(view, decider.table.outcome_number(entry.outcome), own)
    return Instance(decider, entry, standing, answer, view if answer.answer is Answer.YES else None)


def _known_redundancy(decider: Decider, entry: Entry, *, needed: bool) -> tuple[bool, Redundancy | None]:
    """Return whether the redundancy of a live entry is known without looking at its rows, and what it then is.

    ``needed``: something shows already that it is needed. Rules that call or leave a list have None.
    """
    verb = entry.rule.outcome.verb if entry.rule else entry.outcome.verb
    if verb is Verb.CONTINUE:
        return True, _NEEDED
    if not entry.takes and verb not in DECIDING:
        return True, None
    return (True, _NEEDED) if needed or entry.owner not in decider.table.rules else (False, None)


def _final_catch_alls(listing: Listing) -> frozenset[int]:
    """Return the entries that are final explicit catch-all denies: they say what the default does anyway.

    Such an entry holds all packets of a family, and behind it are only further ones.
    """
    if listing.default.verb not in BLOCKING:
        return frozenset()
    spared: set[int] = set()
    for position in range(len(listing.entries) - 1, -1, -1):
        entry = listing.entries[position]
        if entry.owner is None:
            continue
        if not _says_the_default(entry, listing):
            break
        spared.add(position)
    return frozenset(spared)


def _says_the_default(entry: Entry, listing: Listing) -> bool:
    """Return whether an entry of the starting list gives all packets of a family the default outcome."""
    mine = entry.owner is not None and entry.owner[0] == listing.root
    if not mine or entry.outcome != listing.default:
        return False
    return any(_holds_all(entry, _EVERY_ADDRESS[family]) for family in listing.families)


def _holds_all(entry: Entry, everything: Term) -> bool:
    """Return whether an entry matches every packet of a term. A narrow term shows soon that it does not."""
    if all(len(term.sets) > len(everything.sets) for term in entry.terms) and len(entry.terms) == 1:
        return False
    return not subtract((everything,), entry.terms, _CATCH_ALL_PIECES)
