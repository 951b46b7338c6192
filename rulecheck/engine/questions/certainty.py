"""Whether a difference is certain in spite of unknown conditions.

It is when some packet gets different outcomes in a system without history, whatever the tests with unknown answers
say. Tests that are independent of the packet's fields (a schedule, a packet mark) may be assumed to answer either
way; where that contradicts a system without history, nothing is known of the other tests. But where each side has
tests of its own, such as two schedules or two rate limits, they may be two ways to write the same: of those nothing
is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rulecheck.engine.questions.cases import Leaf, keys_of, possible
from rulecheck.engine.questions.diagram import SAME
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.model.match import Condition

_TRIED = 6
"""So many independent tests are assumed either way; with more, only their answers without history are tried."""


def certainly_differs(
    leaf: Leaf,
    given: Mapping[str, bool],
    conditions: Mapping[str, Condition],
    own: tuple[frozenset[str], frozenset[str]],
) -> dict[str, bool] | None:
    """Return answers of independent tests with which a difference is certain, None where it is not.

    ``given`` are the conditions of the question. The answers include them. ``own`` are the conditions that only one
    side has, for each side. Where the conditions are too entangled
    to tell, the difference is not certain.
    """
    keys = keys_of(leaf)
    if not keys:
        return dict(given)
    rivals = keys & (own[0] | own[1]) if keys & own[0] and keys & own[1] else frozenset()
    free = sorted(key for key in keys - rivals if conditions[key].independent)
    for assumed in _assumptions(free, given):
        history = any(conditions[key].fresh is (not holds) for key, holds in assumed.items() if key in conditions)
        fixed = dict(assumed) if history else {**_fresh(keys, conditions), **assumed}
        if not _can_agree(leaf, fixed):
            return assumed
    return None


def _assumptions(free: Sequence[str], given: Mapping[str, bool]) -> Iterator[dict[str, bool]]:
    yield dict(given)
    if len(free) <= _TRIED:
        for answers in product((True, False), repeat=len(free)):
            yield {**dict(zip(free, answers, strict=True)), **given}


def _fresh(keys: frozenset[str], conditions: Mapping[str, Condition]) -> dict[str, bool]:
    known = ((key, conditions[key].fresh) for key in keys)
    return {key: fresh for key, fresh in known if fresh is not None}


def _can_agree(leaf: Leaf, fixed: Mapping[str, bool]) -> bool:
    """Return whether a case in which the columns agree can be the first that holds."""
    try:
        return any(
            possible(case.needs, [one.needs for one in leaf[:place]], fixed)
            for place, case in enumerate(leaf)
            if case.labels[0] == SAME
        )
    except TooManyPiecesError:
        return True
