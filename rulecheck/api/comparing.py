"""Whether two policies, or all policies of two configurations, treat every packet alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from rulecheck.api.describing import Speaker
from rulecheck.api.errors import QuestionError, listed
from rulecheck.api.loading import Chosen, Config, choose
from rulecheck.api.objects import Objects
from rulecheck.api.results import EquivalenceResult
from rulecheck.engine.questions import (
    DEFAULT_QUESTION_LIMITS,
    Comparison,
    Decision,
    Difference,
    QuestionLimits,
    blamed,
    by_effect,
    by_outcome,
    compare,
)
from rulecheck.engine.questions.decisions import effect
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.model.answer import (
    Certainty,
    ChangeCase,
    ComparisonAnswer,
    Decider,
    DifferenceAnswer,
    EquivalenceAnswer,
    ListRef,
)
from rulecheck.model.rule import Outcome

BLAMED = 50
"""Differences of one comparison for which the responsible rules are looked for."""

View = Callable[[Decision], Hashable]
Pairs = Sequence[tuple[Chosen, Chosen]]


def equivalent(
    before: Config,
    after: Config,
    *,
    policy: str | Sequence[str] = (),
    effect_only: bool = False,
    limits: QuestionLimits = DEFAULT_QUESTION_LIMITS,
) -> EquivalenceResult:
    """Say whether two configurations treat every packet alike, and on which packets they do not.

    Policies are compared by name; ``policy`` names one policy of both, or one of each: ``("OLD_IN", "NEW_IN")``.
    Where each side has one policy only, names do not matter. The sides may be of different platforms; ``effect_only``
    then counts as the same whatever lets a packet through, and whatever does not.

    >>> old, new = loads(EXAMPLE), loads(EXAMPLE.replace("eq 443", "eq 8443"))
    >>> result = equivalent(old, new)
    >>> result.verdict, len(result.differences)
    ('different', 2)

    Raises:
        QuestionError: a policy does not exist, or the sides have none in common.
    """
    names = (policy,) if isinstance(policy, str) and policy else tuple(policy)
    pairs, unmatched = _pairs(before, after, names)
    view = by_effect if effect_only else by_outcome
    portable = before.text.sha256 != after.text.sha256
    answers = compare_all(pairs, view, limits, portable=portable)
    notes = ("only whether packets pass was compared, not how they are refused or translated",) if effect_only else ()
    return EquivalenceResult(EquivalenceAnswer(answers, tuple(map(list_ref, unmatched)), notes=notes))


def _pairs(before: Config, after: Config, names: tuple[str, ...]) -> tuple[Pairs, list[Chosen]]:
    if len(names) > 2:
        raise QuestionError("policy", "name one policy of both sides, or one of each")
    if names:
        left, right = choose(before, names[:1]), choose(after, names[-1:])
        if len(left) == len(right) == 1:
            return [(left[0], right[0])], []
        return _by_name(left, right)
    left, right = choose(before), choose(after)
    if len(left) == len(right) == 1:
        return [(left[0], right[0])], []
    return _by_name(left, right)


def _by_name(left: Sequence[Chosen], right: Sequence[Chosen]) -> tuple[Pairs, list[Chosen]]:
    """Pair policies of the same name, of the same device where there are several."""
    several = max(len({one.device.name for one in side}) for side in (left, right)) > 1

    def key(one: Chosen) -> tuple[str, str, str]:
        return one.device.name if several else "", one.policy.scope, one.policy.name

    theirs = {key(one): one for one in right}
    pairs = [(one, theirs[key(one)]) for one in left if key(one) in theirs]
    matched = {key(one) for one, _ in pairs}
    if not pairs:
        names = listed(sorted({one.policy.name for one in left})), listed(sorted({one.policy.name for one in right}))
        message = f"the sides have no policy in common ({names[0]}; {names[1]}); name one of each with --policy"
        raise QuestionError("policy", message)
    return pairs, [one for one in (*left, *right) if key(one) not in matched]


def list_ref(chosen: Chosen) -> ListRef:
    """Return a policy as answers cite it."""
    return ListRef(chosen.config.path, chosen.device.name, chosen.device.platform, chosen.policy.name)


def compare_all(
    pairs: Iterable[tuple[Chosen, Chosen]], view: View, limits: QuestionLimits, *, portable: bool
) -> tuple[ComparisonAnswer, ...]:
    """Compare policies pair by pair. ``portable``: the sides were read from different inputs."""
    objects: dict[int, Objects] = {}
    answers = []
    for before, after in pairs:
        sides = before.side(portable=portable), after.side(portable=portable)
        found = compare(*sides, None, limits, view)
        for one in (before, after):
            objects.setdefault(id(one.device), Objects(one.device))
        speakers = (
            Speaker.of(sides[0], found.conditions, objects[id(before.device)]),
            Speaker.of(sides[1], found.conditions, objects[id(after.device)]),
        )
        answers.append(_answer(list_ref(before), list_ref(after), found, speakers, limits, by_words=view is by_effect))
    return tuple(answers)


def _answer(
    before: ListRef,
    after: ListRef,
    found: Comparison,
    speakers: tuple[Speaker, Speaker],
    limits: QuestionLimits,
    *,
    by_words: bool,
) -> ComparisonAnswer:
    differences = tuple(
        _difference(found, one, speakers, limits if place < BLAMED else None, by_words=by_words)
        for place, one in enumerate(found.differences)
    )
    return ComparisonAnswer(
        before,
        after,
        Certainty(found.answer.value),
        differences,
        found.reason,
        found.limit,
        tuple(f"IPv{family} was not compared: only one of the lists sees it" for family in found.unseen),
    )


def _difference(
    found: Comparison,
    one: Difference,
    speakers: tuple[Speaker, Speaker],
    limits: QuestionLimits | None,
    *,
    by_words: bool,
) -> DifferenceAnswer:
    rules = _blamed(found, one, speakers, limits) if limits is not None else ((), ())
    before, after = speakers
    shown = Speaker(after.side, found.conditions, after.objects, before.shown | after.shown)
    return DifferenceAnswer(
        packets=shown.packets(one.term),
        cases=tuple(
            ChangeCase(
                _outcome(case.before, by_words=by_words),
                _outcome(case.after, by_words=by_words),
                shown.needs(case.needs),
            )
            for case in one.cases
        ),
        certain=one.certain,
        example=shown.example(one.witness),
        share=one.share,
        before=rules[0],
        after=rules[1],
    )


def _outcome(outcome: Outcome | None, *, by_words: bool) -> str | None:
    if outcome is None:
        return None
    return effect(outcome) if by_words else outcome.label


def _blamed(
    found: Comparison, one: Difference, speakers: tuple[Speaker, Speaker], limits: QuestionLimits
) -> tuple[tuple[Decider, ...], tuple[Decider, ...]]:
    """Return the responsible rules of both sides, nothing where finding them is too much work."""
    try:
        before, after = blamed(found, one, limits)
    except TooManyPiecesError:
        return (), ()
    return tuple(map(speakers[0].decider, before)), tuple(map(speakers[1].decider, after))
