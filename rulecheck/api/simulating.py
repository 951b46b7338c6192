"""What an edit changes for packets, before anyone makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rulecheck.api.comparing import compare_all
from rulecheck.api.editing import insertion, move, removal, target
from rulecheck.api.errors import QuestionError
from rulecheck.api.loading import Chosen, Config
from rulecheck.api.results import EquivalenceResult
from rulecheck.engine.questions import (
    DEFAULT_QUESTION_LIMITS,
    Edit,
    Insert,
    Move,
    QuestionLimits,
    affected_roots,
    by_outcome,
    edited,
)
from rulecheck.model.answer import EquivalenceAnswer
from rulecheck.model.rule import Rule, Verb


def simulate(
    config: Config,
    *,
    policy: str | None = None,
    device: str | None = None,
    remove: int | str | Sequence[int | str] = (),
    move_rules: str | Sequence[str] = (),
    insert: str | Sequence[str] = (),
    limits: QuestionLimits = DEFAULT_QUESTION_LIMITS,
) -> EquivalenceResult:
    """Say what edits of one policy change for packets. Nothing is written anywhere.

    ``remove`` are positions of rules (0-based, as reports show them), ``move_rules`` texts such as ``"17:3"`` (rule
    #17 goes before the rule that is #3 now), ``insert`` texts such as ``"3:permit src=10.0.0.0/8 dst=any proto=tcp
    dport=443"``, or with a line in the platform's own language behind the position. All positions are those before
    any edit. The result is equivalent where no packet changes, which is then proven, and lists the packets that
    change where some do. Where the policy is called from others, all ways into it are compared.

    >>> config = loads(EXAMPLE)
    >>> simulate(config, policy="OUTSIDE_IN", remove=[1]).verdict
    'equivalent'

    Raises:
        QuestionError: there is no such policy or position, or a rule is not understood.
    """
    chosen = target(config, policy, device)
    edits: list[Edit] = [removal(chosen, one) for one in _each(remove)]
    edits += [move(chosen, str(one)) for one in _each(move_rules)]
    edits += [insertion(chosen, str(one)) for one in _each(insert)]
    if not edits:
        raise QuestionError("edit", "say what to change: rules to remove, to move or to insert")
    try:
        after = edited(chosen.device.policies, edits)
    except ValueError as problem:
        raise QuestionError("edit", str(problem)) from None
    changed = replace(chosen.device, policies=after)
    pairs = [
        (Chosen(config, chosen.device, root), Chosen(config, changed, root))
        for root in affected_roots(chosen.device.policies, after, [chosen.number])
    ]
    answers = compare_all(pairs, by_outcome, limits, portable=False)
    return EquivalenceResult(
        EquivalenceAnswer(answers, edits=tuple(_words(chosen, edits)), notes=tuple(_caveats(chosen, edits)))
    )


def _each(value: int | str | Sequence[int | str]) -> Sequence[int | str]:
    if isinstance(value, int):
        return (value,)
    return ((value,) if value else ()) if isinstance(value, str) else value


def _words(chosen: Chosen, edits: Iterable[Edit]) -> Iterator[str]:
    policy = chosen.policy
    for edit in edits:
        if isinstance(edit, Insert):
            yield f"insert before {_place(chosen, edit.before)} of {policy.name}: {edit.rule.origin.text}"
        elif isinstance(edit, Move):
            rule = policy.rules[edit.index]
            yield f"move #{edit.index} of {policy.name} before {_place(chosen, edit.before)}: {rule.origin.text}"
        else:
            yield f"remove #{edit.index} of {policy.name}: {policy.rules[edit.index].origin.text}"


def _place(chosen: Chosen, before: int) -> str:
    return f"#{before}" if before < len(chosen.policy.rules) else "the end"


def _caveats(chosen: Chosen, edits: Iterable[Edit]) -> Iterator[str]:
    """Say what an edit changes besides the outcomes of packets."""
    for edit in edits:
        rule = edit.rule if isinstance(edit, Insert) else chosen.policy.rules[edit.index]
        yield from _caveat(rule, edit)


def _caveat(rule: Rule, edit: Edit) -> Iterator[str]:
    name = "the inserted rule" if isinstance(edit, Insert) else f"#{edit.index}"
    if not rule.enabled:
        yield f"{name} is disabled, so that it decides nothing wherever it stands"
    if rule.logging is not None:
        yield f"{name} logs; what is logged can change although packets do not"
    if rule.outcome.verb is Verb.CONTINUE:
        yield f"{name} has a side effect ({rule.outcome.label}), which is no outcome and was not compared"
