"""The order in which rules decide: the first quick rule that matches, else the last of the others.

So all quick rules in the order of the text, and behind them the others from the last to the first, decide by first
match what pf decides (pf.conf(5), "quick"). Rules of an anchor stand where the anchor stands; a quick anchor ends the
evaluation for what any of its rules matches. A match rule decides nothing and acts unless a quick rule before it ends
the evaluation, so it keeps its place among the quick rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.bsd.pf.tokens import Statement
from rulecheck.model.match import Alternative

Around = tuple[tuple[Alternative, ...], ...]
"""What the anchors around a rule restrict it to."""


@dataclass(slots=True)
class Entry:
    """A rule, or an anchor with the rules in it."""

    statement: Statement
    quick: bool
    around: Around = ()
    inner: list[Entry] = field(default_factory=list)
    is_anchor: bool = False


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return rules in the order in which the first that matches decides."""
    quick, others = _split(entries)
    return [*quick, *reversed(others)]


def _split(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return quick rules and other rules, both in the order of the text, anchors opened without recursion."""
    done: dict[int, tuple[list[Entry], list[Entry]]] = {}
    waiting: list[tuple[Sequence[Entry], Entry | None, bool]] = [(entries, None, False)]
    while waiting:
        here, owner, ready = waiting.pop()
        if not ready:
            waiting.append((here, owner, True))
            waiting.extend((one.inner, one, False) for one in here if one.is_anchor)
            continue
        quick: list[Entry] = []
        others: list[Entry] = []
        for one in here:
            if not one.is_anchor:
                (quick if one.quick else others).append(one)
                continue
            inner_quick, inner_others = done.pop(id(one))
            quick += inner_quick
            if one.quick:
                quick += reversed(inner_others)
            else:
                others += inner_others
        done[id(owner)] = (quick, others)
    return done[id(None)]
