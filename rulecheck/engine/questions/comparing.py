"""Two lists side by side: the packets on which they disagree, and the proof that there are none.

The lists may belong to different devices, of different platforms. They are compared on the packets that both see:
those of the address families that they have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rulecheck.engine.packets import packet_of
from rulecheck.engine.questions.cases import Leaf, truths
from rulecheck.engine.questions.certainty import certainly_differs
from rulecheck.engine.questions.decisions import (
    Decision,
    Labels,
    Side,
    by_outcome,
    column_of,
    responsible,
    share,
)
from rulecheck.engine.questions.diagram import SAME, Product, volume
from rulecheck.engine.questions.limits import DEFAULT_QUESTION_LIMITS, QuestionLimits
from rulecheck.engine.questions.solving import Solution, region_of, solve
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Listing
from rulecheck.engine.verdict import Packet
from rulecheck.engine.why import why_open
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import Outcome


class Equivalence(Enum):
    """Whether two lists treat every packet alike."""

    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Change:
    """Under ``needs``, where no earlier case holds, packets get ``before`` on one side and ``after`` on the other.

    Both are None where the sides agree.
    """

    needs: Mapping[str, bool]
    before: Outcome | None
    after: Outcome | None

    @property
    def differs(self) -> bool:
        """Return whether the sides disagree in this case."""
        return self.before is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """Packets on which the sides disagree: a product of field sets, under the conditions of the question.

    ``cases``: one that differs, where nothing depends on unknown conditions; else several, some of which agree.
    ``certain``: a packet surely gets different outcomes, whatever the unknown tests answer, in a system without
    history. ``witness`` is such a packet, or one that differs under the answers that it names. ``share`` is the part
    of all packets compared.
    """

    term: Term
    cases: tuple[Change, ...]
    certain: bool
    witness: Packet
    share: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing two lists.

    ``differences`` are disjoint, and together exactly the packets that can differ, unless ``limit`` says why they
    are not; then they are examples. ``reason`` says why the answer is undecided, ``because`` the conditions.
    ``unseen`` are address families that only one of the lists sees.
    """

    before: Side
    after: Side
    answer: Equivalence
    differences: tuple[Difference, ...]
    conditions: Mapping[str, Condition]
    reason: str = ""
    because: tuple[Condition, ...] = ()
    limit: str = ""
    unseen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listings:
    left: Listing
    right: Listing
    conditions: Mapping[str, Condition]
    own: tuple[frozenset[str], frozenset[str]]


def compare(
    before: Side,
    after: Side,
    asked: Sequence[Term] | None = None,
    limits: QuestionLimits = DEFAULT_QUESTION_LIMITS,
    view: Callable[[Decision], Hashable] = by_outcome,
) -> Comparison:
    """Compare two lists on the packets asked about (None: all that both see).

    ``view`` says what counts as the same outcome. Never raises for large or cyclic input: the answer is undecided.
    """
    families = sorted(set(before.policy.families) & set(after.policy.families))
    unseen = tuple(sorted(set(before.policy.families) ^ set(after.policy.families)))
    try:
        region = region_of(asked, families)
        listings = _listings(before, after, None if asked is None else region, limits)
    except TooManyPiecesError as error:
        return Comparison(before, after, Equivalence.UNDECIDED, (), {}, str(error), limit=str(error), unseen=unseen)
    labels = Labels(view)
    columns = [column_of(before, listings.left, labels), column_of(after, listings.right, labels)]
    found = solve(region, columns, limits, differences=True)
    differences = tuple(_difference(one, labels, listings, found.total) for one in found.products)
    answer, reason, because = _answer(found, differences, listings.conditions)
    return Comparison(
        before, after, answer, differences, listings.conditions, reason, because, limit=found.limit, unseen=unseen
    )


def _listings(before: Side, after: Side, region: tuple[Term, ...] | None, limits: QuestionLimits) -> _Listings:
    left, right = before.listing(region, limits), after.listing(region, limits)
    conditions, others = before.conditions(left), after.conditions(right)
    own = frozenset(conditions) - set(others), frozenset(others) - set(conditions)
    for key, condition in others.items():
        known = conditions.setdefault(key, condition)
        if (known.fresh, known.independent) != (condition.fresh, condition.independent):
            conditions[key] = Condition(key, known.reason, known.origin)
    return _Listings(left, right, conditions, own)


def _difference(product: Product, labels: Labels, listings: _Listings, total: int) -> Difference:
    given = dict(product.given)
    cases = tuple(_change(one.needs, one.labels, labels) for one in product.leaf)
    assumed = certainly_differs(product.leaf, given, listings.conditions, listings.own)
    answers = assumed if assumed is not None else _example(product.leaf, given)
    term = Term(product.sets, given)
    witness = packet_of(Term(product.sets, answers))
    return Difference(term, cases, assumed is not None, witness, share(volume(product.sets), total))


def _change(needs: Sequence[tuple[str, bool]], numbers: Sequence[int], labels: Labels) -> Change:
    if numbers[0] == SAME:
        return Change(dict(needs), None, None)
    before, after = (labels.first[number].outcome for number in numbers)
    return Change(dict(needs), before, after)


def _example(leaf: Leaf, given: Mapping[str, bool]) -> Mapping[str, bool]:
    """Return answers of tests under which the sides disagree."""
    for place, case in enumerate(leaf):
        if case.labels[0] != SAME:
            answers = truths(case.needs, (one.needs for one in leaf[:place]), given)
            if answers is not None:
                return answers
    return given


def _answer(
    found: Solution, differences: Sequence[Difference], conditions: Mapping[str, Condition]
) -> tuple[Equivalence, str, tuple[Condition, ...]]:
    if any(one.certain for one in differences):
        return Equivalence.DIFFERENT, "", ()
    if not found.counted:
        return Equivalence.UNDECIDED, found.limit, ()
    if not differences:
        return Equivalence.EQUIVALENT, "", ()
    keys = {key for one in differences for case in one.cases for key in case.needs}
    keys |= {key for one in differences for key in one.term.conditions}
    reason, because = why_open(keys & set(conditions), conditions)
    return Equivalence.UNDECIDED, reason, because


def blamed(
    comparison: Comparison, difference: Difference, limits: QuestionLimits = DEFAULT_QUESTION_LIMITS
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Return what decides the packets of a difference on each side, the decision with the most packets first.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    region = (difference.term,)
    sides = (comparison.before, comparison.after)
    before, after = (responsible(side, side.listing(region, limits), difference.term, limits) for side in sides)
    return before, after
