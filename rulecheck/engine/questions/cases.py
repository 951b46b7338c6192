"""What happens to packets whose fields are settled: it can still depend on conditions.

Each column is then a list of rows that differ in their conditions only. Side by side they become one list of cases:
the first case whose conditions hold says which row of each column takes the packet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rulecheck.engine.questions.problem import Needs, Row
from rulecheck.engine.terms import TooManyPiecesError, subtract
from rulecheck.model.match import Term

Labels = tuple[int, ...]
"""The label that takes a packet in each column."""

_PIECES = 2_000
_COMBINATIONS = 20
"""Combinations of rows that are tried for each case allowed."""

_ENTANGLED = "what happens depends on too many combinations of unknown conditions"


@dataclass(frozen=True, slots=True)
class Case:
    """Under ``needs``, and where no earlier case of the leaf holds, the columns' packets go to ``labels``."""

    needs: Needs
    labels: Labels


Leaf = tuple[Case, ...]
"""Cases in order; the last one takes all that is left. A leaf with one case depends on nothing."""


def leaf_of(columns: Sequence[Sequence[Row]], limit: int) -> Leaf:
    """Return the cases of columns of rows of which each ends with one without conditions.

    Raises:
        TooManyPiecesError: there are more than ``limit``, or their conditions are too entangled.
    """
    found: list[Case] = []
    for tried, (needs, labels) in enumerate(_combine(columns)):
        if tried > _COMBINATIONS * limit:
            raise TooManyPiecesError(_ENTANGLED)
        if possible(needs, [case.needs for case in found]):
            found.append(Case(needs, labels))
        if len(found) > limit:
            raise TooManyPiecesError(_ENTANGLED)
        if not needs:
            break
    found[-1] = Case((), found[-1].labels)
    return simplified(found)


def simplified(cases: Iterable[Case]) -> Leaf:
    """Return the cases without those before the last one that say the same as it."""
    found = list(cases)
    while len(found) > 1 and found[-2].labels == found[-1].labels:
        del found[-2]
    return tuple(found)


def _combine(columns: Sequence[Sequence[Row]]) -> Iterator[tuple[Needs, Labels]]:
    """Yield all combinations of rows, one of each column, in the order in which the first that holds counts."""
    if not columns:
        yield (), ()
        return
    for row in columns[0]:
        given = dict(row.needs)
        rest = [_under(column, given) for column in columns[1:]]
        for needs, labels in _combine(rest):
            yield tuple(sorted({**given, **dict(needs)}.items())), (row.label, *labels)


def _under(column: Sequence[Row], given: Mapping[str, bool]) -> list[Row]:
    """Return what is left of a column where some conditions are known."""
    left: list[Row] = []
    for row in column:
        if any(given.get(key, holds) != holds for key, holds in row.needs):
            continue
        needs = tuple((key, holds) for key, holds in row.needs if key not in given)
        left.append(Row(row.cells, needs, row.label, row.takes_all_from))
        if not needs:
            break
    return left


def possible(needs: Needs, earlier: Iterable[Needs], given: Mapping[str, bool] | None = None) -> bool:
    """Return whether conditions can hold while none of the ``earlier`` does.

    Raises:
        TooManyPiecesError: the conditions are too entangled.
    """
    return truths(needs, earlier, given) is not None


def truths(needs: Needs, earlier: Iterable[Needs], given: Mapping[str, bool] | None = None) -> dict[str, bool] | None:
    """Return answers of tests under which ``needs`` hold and none of ``earlier`` does; None if there are none.

    Tests that are not mentioned may answer as they like. ``given`` are answers that are fixed.

    Raises:
        TooManyPiecesError: the conditions are too entangled.
    """
    fixed = dict(given or {})
    if any(fixed.setdefault(key, holds) != holds for key, holds in needs):
        return None
    left = subtract((Term({}, fixed),), [Term({}, dict(one)) for one in earlier], _PIECES)
    return dict(left[0].conditions) if left else None


def keys_of(leaf: Leaf) -> frozenset[str]:
    """Return the conditions on which a leaf depends."""
    return frozenset(key for case in leaf for key, _ in case.needs)
