"""From a region of packets and columns of rows to an answer in few products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rulecheck.engine.questions.cases import Leaf
from rulecheck.engine.questions.diagram import Diagram, Product, is_same, volume
from rulecheck.engine.questions.limits import QuestionLimits
from rulecheck.engine.questions.merging import merged
from rulecheck.engine.questions.problem import Column, Order, Problem
from rulecheck.engine.terms import TooManyPiecesError, intersect, subtract
from rulecheck.model.match import Match, Term

_PARTS = 500
"""Products that a question may consist of."""

_WORTH_ANOTHER_TRY = 400
"""Up to this many products other orders of the axes are tried, and the shortest answer kept."""

_STEPS, _NODES = 1_000_000, 10_000
"""What each may cost at most."""


@dataclass(slots=True)
class Solution:
    """Disjoint products that together are exactly the packets in question, the largest first.

    ``limit`` says why the answer is not complete, "" if it is; the products are then examples, one for each leaf that
    was found, and a leaf that was not found may exist. ``packets`` counts the packets of each leaf, where known.
    ``counted``: the diagram was complete, so every leaf is known even if there are too many products to list.
    """

    products: list[Product] = field(default_factory=list)
    packets: dict[Leaf, int] = field(default_factory=dict)
    total: int = 0
    limit: str = ""
    counted: bool = True


def everything(families: Iterable[int]) -> tuple[Term, ...]:
    """Return all packets of some address families."""
    return Match().terms(tuple(families))


def disjoint(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the same packets as products that do not overlap.

    Raises:
        TooManyPiecesError: there are more than :data:`_PARTS`.
    """
    found: list[Term] = []
    for term in terms:
        found.extend(subtract((term,), found, _PARTS))
        if len(found) > _PARTS:
            raise TooManyPiecesError(f"the question itself has more than {_PARTS} parts")
    return tuple(found)


def region_of(asked: Sequence[Term] | None, families: Iterable[int]) -> tuple[Term, ...]:
    """Return the packets that are asked about as disjoint products of these families; None asks about all.

    Raises:
        TooManyPiecesError: there are more products than the limits allow.
    """
    whole = everything(families)
    return whole if asked is None else disjoint(intersect(asked, whole))


def solve(
    region: Sequence[Term], columns: Sequence[Column], limits: QuestionLimits, *, differences: bool = False
) -> Solution:
    """Say which labels take which packets of ``region`` (disjoint products), in every column.

    With ``differences`` only packets on which the columns disagree are products of the answer. Never raises for
    large input: see :class:`Solution`.
    """
    answer = Solution()
    for term in region:
        answer.total += volume(term.sets)
        _solve_term(term, columns, limits, answer, differences=differences)
    if not answer.limit:
        answer.products = merged(answer.products)
    answer.products.sort(key=lambda one: -volume(one.sets))
    return answer


def _solve_term(
    term: Term, columns: Sequence[Column], limits: QuestionLimits, answer: Solution, *, differences: bool
) -> None:
    diagram = Diagram(Problem(term, columns), limits, differences=differences)
    try:
        diagram.build()
    except TooManyPiecesError as error:
        answer.limit, answer.counted = str(error), False
        answer.products.extend(one for leaf, one in diagram.partial.items() if not is_same(leaf))
        return
    for leaf, packets in diagram.packets().items():
        if not is_same(leaf):
            answer.packets[leaf] = answer.packets.get(leaf, 0) + packets
    try:
        products = merged(diagram.products())
    except TooManyPiecesError as error:
        answer.limit = str(error)
        products = [one for leaf, one in diagram.partial.items() if not is_same(leaf)]
    if 1 < len(products) <= _WORTH_ANOTHER_TRY and not answer.limit:
        products = _shorter(products, term, columns, limits, differences=differences)
    answer.products.extend(products)


def _shorter(
    products: list[Product],
    term: Term,
    columns: Sequence[Column],
    limits: QuestionLimits,
    *,
    differences: bool,
) -> list[Product]:
    """Return the answer with the axes in another order where that is shorter."""
    bounded = replace(limits, steps=min(limits.steps, _STEPS), nodes=min(limits.nodes, _NODES))
    for order in (Order.NARROW, Order.USUAL):
        try:
            other = merged(Diagram(Problem(term, columns, order), bounded, differences=differences).products())
        except TooManyPiecesError:
            continue
        products = min(products, other, key=len)
    return products
