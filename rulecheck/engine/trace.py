"""One packet through a listing, with and without a rule: the cheap look before the exact comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

import numpy as np

from rulecheck.engine.packets import packet_of
from rulecheck.engine.ranks import Ints
from rulecheck.engine.survey import hold
from rulecheck.engine.table import Table, can_hold, fresh_answer, stance
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Packet
from rulecheck.model.match import Term
from rulecheck.model.rule import DECIDING, Outcome, Verb

_DECIDES = DECIDING | {Verb.RETURN}
"""What ends a packet's way where it is no exit; RETURN does so in a list that nothing calls."""

_TRIES = 16
"""Packets that are traced before the exact comparison."""


class Tracer:
    """Follows packets through one listing, in a system without history."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def _boxes(self) -> tuple[Ints, Ints]:
        """Return all boxes that entries match, and their entries."""
        targets = self._table.targets
        boxes = np.array([box for own in targets for box in own], dtype=np.int64)
        return boxes, np.repeat(np.arange(len(targets)), [len(own) for own in targets])

    def differs(self, packet: Packet, owner: Owner) -> bool:
        """Return whether a packet surely gets another outcome when a rule is missing from the listing."""
        hits = list(self._hits(packet))
        with_rule, without = self._outcome(hits, None), self._outcome(hits, owner)
        return None not in (with_rule, without) and with_rule != without

    def differs_somewhere(self, region: Sequence[Term], owner: Owner) -> bool:
        """Return whether one of some packets of a region surely gets another outcome without a rule.

        The packets tried are such that some entry behind treats them in its own way.
        """
        conditions = self._table.conditions
        region = [
            term
            for term in region
            if can_hold(term.conditions, conditions) and fresh_answer(term.conditions, conditions) is not False
        ]
        given = [Term(term.sets) for term in region]
        behind = [e for e in self._table.listing.entries if e.takes and e.owner != owner]
        common = (
            (one, both)
            for entry in behind
            for one, bare in zip(region, given, strict=True)
            for taken in entry.takes
            if bare.meets(taken) and (both := bare & Term(taken.sets)) is not None
        )
        packets = (packet_of(Term(both.sets, one.conditions)) for one, both in islice(common, _TRIES))
        return any(self.differs(packet, owner) for packet in packets)

    def _hits(self, packet: Packet) -> Iterator[tuple[int, bool]]:
        """Yield the entries that match the packet, in order, and whether they surely do."""
        table = self._table
        boxes, entries = self._boxes
        ranks = np.array([axis.rank(packet.values[axis.field]) for axis in table.space.axes], dtype=np.int64)
        inside = hold(table.space, boxes, np.broadcast_to(ranks, (len(boxes), len(ranks))))
        sure: dict[int, bool] = {}
        for at in np.flatnonzero(inside):
            entry = int(entries[at])
            needs = table.needs[int(boxes[at])]
            may, must = stance(needs, packet.conditions, table.conditions, history=False)
            if may:
                sure[entry] = sure.get(entry, False) or must
        yield from sorted(sure.items())

    def _outcome(self, hits: list[tuple[int, bool]], missing: Owner | None) -> Outcome | None:
        """Return the packet's outcome in the listing without a rule, None where it is not certain."""
        listing = self._table.listing
        position = 0
        for at, sure in hits:
            entry = listing.entries[at]
            if at < position:
                continue
            if missing is not None and entry.owner == missing:
                position = max(position, entry.calls_until)
                continue
            if not entry.exits_until and entry.outcome.verb not in _DECIDES:
                continue
            if not sure:
                return None
            if not entry.exits_until:
                return entry.outcome
            position = entry.exits_until
        return listing.default
