"""Which rule decides which packets of one list."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from rulecheck.engine.questions.cases import Leaf, truths
from rulecheck.engine.questions.diagram import Product, volume
from rulecheck.engine.questions.limits import DEFAULT_QUESTION_LIMITS, QuestionLimits
from rulecheck.engine.questions.problem import Column
from rulecheck.engine.questions.solving import Solution, region_of, solve
from rulecheck.engine.table import collect_conditions
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Listing, Owner, Unfolder
from rulecheck.model.device import Policy
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import BLOCKING, Outcome, Rule, Verb

_ALLOWING = frozenset({Verb.PERMIT, Verb.TRANSLATE})


@dataclass(frozen=True, slots=True)
class Side:
    """One list to ask about: the policies of its device, and which of them packets enter.

    ``keys`` renames conditions, for comparing devices that were read from different inputs.
    """

    policies: Sequence[Policy]
    root: int
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """Return the list that packets enter."""
        return self.policies[self.root]

    def listing(self, region: tuple[Term, ...] | None, limits: QuestionLimits) -> Listing:
        """Unfold the list, restricted to the packets that are asked about.

        Raises:
            TooManyPiecesError: it passes the limits, or the lists call each other in a cycle.
        """
        unfolder = Unfolder(self.policies, limits.unfolding, region=region)
        return unfolder.listing(self.root, real=self.policy.entry)

    def conditions(self, listing: Listing) -> dict[str, Condition]:
        """Return the conditions in use, by their keys after renaming."""
        return {self.keys.get(key, key): one for key, one in collect_conditions([listing]).items()}

    def term(self, term: Term) -> Term:
        """Return a term with its conditions renamed."""
        if not self.keys or not term.conditions:
            return term
        return Term(term.sets, {self.keys.get(key, key): holds for key, holds in term.conditions.items()})


@dataclass(frozen=True, slots=True)
class Decision:
    """What decides a packet: a rule, an implicit rule (no ``owner``), or the default (no ``rule``).

    A RETURN in the list that packets enter decides with the default's outcome.
    """

    owner: Owner | None
    outcome: Outcome
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """Under ``needs``, where no earlier case holds, ``decision`` decides.

    ``truths`` are answers of the unknown tests under which this is so.
    """

    needs: Mapping[str, bool]
    decision: Decision
    truths: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Region:
    """Packets that are decided alike: a product of field sets, under the conditions of the question.

    ``share`` is the part of all packets asked about. One case means that the decision depends on nothing.
    """

    term: Term
    cases: tuple[DecidedCase, ...]
    share: float


@dataclass(frozen=True, slots=True)
class DecisionMap:
    """The answer for one list. The regions are disjoint and together exactly the packets asked about.

    ``limit`` says why they are not, "" if they are; each region is then an example of what was found.
    """

    side: Side
    regions: tuple[Region, ...]
    conditions: Mapping[str, Condition]
    limit: str = ""


def allows(outcome: Outcome) -> bool:
    """Return whether a packet with this outcome goes on."""
    return outcome.verb in _ALLOWING


def effect(outcome: Outcome) -> str:
    """Return what an outcome means whatever the platform: ``allowed``, ``denied``, or the outcome in words."""
    if allows(outcome):
        return "allowed"
    return "denied" if outcome.verb in BLOCKING else outcome.label


class Labels:
    """Numbers for what rows say, equal numbers for what is told apart by nothing."""

    def __init__(self, view: Callable[[Decision], Hashable]) -> None:
        self._view = view
        self._numbers: dict[Hashable, int] = {}
        self.first: list[Decision] = []
        """The first decision of each number."""

    def number(self, decision: Decision) -> int:
        """Return the number of a decision."""
        found = self._numbers.setdefault(self._view(decision), len(self.first))
        if found == len(self.first):
            self.first.append(decision)
        return found


def by_rule(decision: Decision) -> Hashable:
    """Tell decisions apart by the rule that makes them."""
    return decision.owner, id(decision.rule), decision.outcome


def by_outcome(decision: Decision) -> Hashable:
    """Tell decisions apart by their outcome only."""
    return decision.outcome


def by_effect(decision: Decision) -> Hashable:
    """Tell apart whether packets go on, nothing more."""
    return effect(decision.outcome)


def column_of(side: Side, listing: Listing, labels: Labels) -> Column:
    """Return a listing as a column of labelled rows."""
    rows = [
        (side.term(term), number)
        for entry in listing.entries
        if entry.takes
        for number in (labels.number(Decision(entry.owner, entry.outcome, entry.rule)),)
        for term in entry.takes
    ]
    return Column(rows, labels.number(Decision(None, listing.default, None)))


def decision_map(
    side: Side,
    asked: Sequence[Term] | None = None,
    limits: QuestionLimits = DEFAULT_QUESTION_LIMITS,
    view: Callable[[Decision], Hashable] = by_rule,
) -> DecisionMap:
    """Say what decides the packets asked about (None: all that the list sees).

    ``view`` says which decisions are told apart. Never raises for large or cyclic input: ``limit`` says why the
    answer is not complete.
    """
    try:
        region = region_of(asked, side.policy.families)
        listing = side.listing(None if asked is None else region, limits)
    except TooManyPiecesError as error:
        return DecisionMap(side, (), {}, str(error))
    labels = Labels(view)
    found = solve(region, [column_of(side, listing, labels)], limits)
    regions = tuple(_region(one, labels, found.total) for one in found.products)
    return DecisionMap(side, regions, side.conditions(listing), found.limit)


def _region(product: Product, labels: Labels, total: int) -> Region:
    given = dict(product.given)
    cases = decided_cases(product.leaf, labels, given)
    return Region(Term(product.sets, given), cases, share(volume(product.sets), total))


def decided_cases(leaf: Leaf, labels: Labels, given: Mapping[str, bool]) -> tuple[DecidedCase, ...]:
    """Return the cases of a leaf of one column in words of rules."""
    found = []
    for place, case in enumerate(leaf):
        answers = truths(case.needs, (one.needs for one in leaf[:place]), given)
        found.append(DecidedCase(dict(case.needs), labels.first[case.labels[0]], answers or {}))
    return tuple(found)


def responsible(side: Side, listing: Listing, term: Term, limits: QuestionLimits) -> tuple[Decision, ...]:
    """Return what decides packets of a product, the decision with the most packets first.

    Raises:
        TooManyPiecesError: the work passed the limits.
    """
    labels = Labels(by_rule)
    found = solve([term], [column_of(side, listing, labels)], limits)
    if not found.counted:
        raise TooManyPiecesError(found.limit)
    return _heaviest(found, labels)


def _heaviest(found: Solution, labels: Labels) -> tuple[Decision, ...]:
    weights: dict[int, int] = {}
    for leaf, packets in found.packets.items():
        for case in leaf:
            weights[case.labels[0]] = weights.get(case.labels[0], 0) + packets
    return tuple(labels.first[number] for number in sorted(weights, key=lambda one: (-weights[one], one)))


def share(part: int, total: int) -> float:
    """Return a part of all packets, 0 to 1, rounded to six digits."""
    return round(part * 1_000_000 / total) / 1_000_000 if total else 0.0
