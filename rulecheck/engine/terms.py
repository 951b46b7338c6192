"""Set algebra on unions of products of field sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term


class TooManyPiecesError(Exception):
    """A question would need more pieces than its limit allows; the answer becomes "undecided"."""


def intersect(left: Iterable[Term], right: Sequence[Term]) -> tuple[Term, ...]:
    """Return the packets in both unions, as a union of the non-empty pairwise products."""
    return tuple(common for one in left for two in right if one.meets(two) and (common := one & two) is not None)


def subtract(minuend: Iterable[Term], subtrahends: Iterable[Term], limit: int) -> tuple[Term, ...]:
    """Return the packets of ``minuend`` outside all ``subtrahends`` as a union of products.

    Raises:
        TooManyPiecesError: the result passed ``limit`` products on the way.
    """
    pieces = tuple(minuend)
    for taken in subtrahends:
        if not any(piece.meets(taken) for piece in pieces):
            continue
        pieces = tuple(rest for piece in pieces for rest in _without(piece, taken))
        if len(pieces) > limit:
            raise TooManyPiecesError(f"a difference of more than {limit} pieces")
    return pieces


def _without(piece: Term, taken: Term) -> Iterable[Term]:
    """Yield disjoint products that together are ``piece`` outside ``taken``."""
    if not piece.meets(taken):
        yield piece
        return
    sets, conditions = dict(piece.sets), dict(piece.conditions)
    for field, values in taken.sets.items():
        here = sets.get(field, DOMAIN[field])
        outside = here - values
        if outside:
            yield Term({**sets, field: outside}, dict(conditions))
            sets[field] = here & values
    for key, holds in taken.conditions.items():
        if key not in conditions:
            yield Term(dict(sets), {**conditions, key: not holds})
            conditions[key] = holds


def value_of(sets: Mapping[Field, IntervalSet], field: Field) -> IntervalSet:
    """Return a term's set for a field, the whole domain where it is unrestricted."""
    return sets.get(field, DOMAIN[field])
