"""The answer to a query as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.answers.common import (
    EFFECT_STYLES,
    NARROWEST,
    decider_text,
    example_text,
    labelled,
    notes,
    packets_text,
    rule_place,
    source_lines,
    title,
)
from reports.text.layout import Paper, hanging
from reports.visible import encodable, visible
from reports.words import counted
from rulecheck.model.answer import Case, Decider, PolicyAnswer, QueryAnswer, RegionAnswer

_SHOWN = 40
"""Regions of one policy that are listed; JSON and frames have all of them."""


def render(answer: QueryAnswer, *, width: int, colour: bool) -> str:
    """Return the answer as text, with a final newline. Nothing in it can move the cursor."""
    paper = Paper(max(width, NARROWEST), colour)
    lines = [title(f"{'What is allowed in' if answer.allowed else 'Query of'} {answer.path}", paper)]
    for name, text in answer.question or (("packets", "any"),):
        lines += hanging(f"  {visible(name):<17} ", visible(text), paper.width)
    for policy in answer.policies:
        lines += ["", *_policy(policy, answer, paper)]
    if answer.notes:
        lines += ["", *notes(answer.notes, paper)]
    return encodable("\n".join(lines)) + "\n"


def _policy(policy: PolicyAnswer, answer: QueryAnswer, paper: Paper) -> list[str]:
    places = f" ({', '.join(policy.applied_to)})" if policy.applied_to else ""
    lines = [title(f"{policy.device}: {policy.policy}{places}", paper)]
    if policy.limit:
        lines += hanging("  ", f"Not complete: {visible(policy.limit)}. What follows are examples.", paper.prose)
    if not policy.regions:
        lines += hanging("  ", _nothing(policy, answer), paper.prose)
    for group in _groups(policy.regions[:_SHOWN]):
        lines += _group(group, policy.policy, paper)
    if len(policy.regions) > _SHOWN:
        rest = counted(len(policy.regions) - _SHOWN, "region")
        lines += hanging("  ", f"… and {rest} more (--format json has all of them)", paper.prose)
    return lines


def _groups(regions: Iterable[RegionAnswer]) -> list[list[RegionAnswer]]:
    """Put regions together that the same rules decide on the same way."""
    found: dict[object, list[RegionAnswer]] = {}
    for region in regions:
        key = (region.cases, region.path, region.passed, region.rules)
        found.setdefault(key, []).append(region)
    return list(found.values())


def _nothing(policy: PolicyAnswer, answer: QueryAnswer) -> str:
    if policy.limit:
        return "No example was found within the limit."
    if not policy.families:
        return "No packet of the question reaches this list: it sees another address family, or an operand is empty."
    return "Nothing of this is allowed." if answer.allowed else "No packet of the question reaches this list."


def _group(group: Sequence[RegionAnswer], policy: str, paper: Paper) -> list[str]:
    first = group[0]
    lines = _head(first, paper)
    for region in group:
        lines += hanging("    • ", packets_text(region.packets), paper.width)
    if not first.sure:
        lines += [line for place, case in enumerate(first.cases) for line in _case(case, place, policy, paper)]
    deciders = first.rules or tuple(case.decider for case in first.cases if first.sure and case.decider.policy)
    lines += [line for one in deciders for line in _by(one, policy, paper)]
    for rule in first.path:
        lines += labelled("called by", rule_place(rule, policy), paper) + source_lines(rule, " " * 15, paper)
    for rule in first.passed:
        lines += labelled("passes", f"{rule_place(rule, policy)}: {visible(rule.outcome)}", paper)
    lines += labelled("example", example_text(first.example), paper)
    for miss in first.near:
        words = f"{rule_place(miss.rule, policy)}, {visible(miss.rule.outcome)}: {visible('; '.join(miss.fails))}"
        lines += labelled("near miss", words, paper)
    return lines


def _head(region: RegionAnswer, paper: Paper) -> list[str]:
    effects = list(dict.fromkeys(case.decider.effect for case in region.cases))
    effect = visible(" or ".join(effects))
    style = EFFECT_STYLES.get(effect, ("bold", "yellow"))
    return [paper.paint(line, *style) for line in hanging("  ", effect, paper.width)]


def _by(decider: Decider, policy: str, paper: Paper) -> list[str]:
    lines = labelled("by", f"{decider_text(decider, policy)}: {visible(decider.outcome)}", paper)
    return lines + (source_lines(decider.rule, " " * 15, paper) if decider.rule is not None else [])


def _case(case: Case, place: int, policy: str, paper: Paper) -> list[str]:
    if case.only_if:
        lead, text = "if" if place == 0 else "else if", visible(" and ".join(case.only_if))
    else:
        lead, text = "otherwise", ""
    said = visible(case.decider.outcome)
    said += f" by {decider_text(case.decider, policy)}" if case.decider.policy else ""
    lines = labelled(lead, f"{text}: {said}" if text else said, paper)
    return lines + (source_lines(case.decider.rule, " " * 15, paper) if case.decider.rule is not None else [])
