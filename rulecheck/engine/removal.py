"""Which rules are missing from a listing, as flags by rule number."""

from __future__ import annotations

import numpy as np

from rulecheck.engine.ranks import Bools, Ints
from rulecheck.engine.table import Table
from rulecheck.engine.unfold import Owner
from rulecheck.model.rule import Outcome

IMPLICIT = 1
"""Flags have one more place than there are rules: the last one, where -1 leads, is for implicit rules."""


def nobody(table: Table) -> Bools:
    """Return the flags of no rule."""
    return np.zeros(len(table.rules) + IMPLICIT, dtype=np.bool_)


def alone(table: Table, owner: Owner) -> Bools:
    """Return the flags of one rule that takes packets in this listing."""
    found = nobody(table)
    found[table.rules[owner]] = True
    return found


class Removed:
    """The rules that a plan removes from one listing; it grows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._gone = nobody(table)
        outcomes: dict[Outcome, int] = {}
        self._policy: Ints = np.full(len(self._gone), -1, dtype=np.int64)
        self._outcome: Ints = np.full(len(self._gone), -1, dtype=np.int64)
        for entry in table.listing.entries:
            number = None if entry.owner is None else table.rules.get(entry.owner)
            if number is not None and entry.owner is not None and entry.rule is not None:
                self._policy[number] = entry.owner[0]
                self._outcome[number] = outcomes.setdefault(entry.rule.outcome, len(outcomes))

    def add(self, owner: Owner) -> None:
        """Remove one more rule."""
        number = self._table.rules.get(owner)
        if number is not None:
            self._gone[number] = True

    def drop(self, owner: Owner) -> None:
        """Put a rule back."""
        number = self._table.rules.get(owner)
        if number is not None:
            self._gone[number] = False

    def all_with(self, owner: Owner | None = None) -> Bools:
        """Return the flags of all removed rules, and of one more."""
        return self._with(self._gone.copy(), owner)

    def own_with(self, owner: Owner) -> Bools:
        """Return the flags of the removed rules of a rule's own list, and of the rule."""
        return self._with(self._gone & (self._policy == owner[0]), owner)

    def reliable_with(self, owner: Owner) -> Bools:
        """Return the flags of removed rules of the same list or with the same outcome, and of the rule."""
        number = self._table.rules.get(owner)
        same = self._policy == owner[0]
        if number is not None:
            same |= self._outcome == self._outcome[number]
        return self._with(self._gone & same, owner)

    def _with(self, found: Bools, owner: Owner | None) -> Bools:
        number = None if owner is None else self._table.rules.get(owner)
        if number is not None:
            found[number] = True
        return found
