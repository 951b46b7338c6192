"""The result of a comparison or a simulation as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.answers.common import (
    NARROWEST,
    decider_text,
    example_text,
    labelled,
    notes,
    packets_text,
    source_lines,
    title,
)
from reports.text.layout import Paper, hanging
from reports.visible import encodable, visible
from reports.words import counted
from rulecheck.model.answer import (
    Certainty,
    ComparisonAnswer,
    Decider,
    DifferenceAnswer,
    EquivalenceAnswer,
    ListRef,
)

_SHOWN = 40
_RULES = 3
"""Responsible rules that are shown for one difference and side."""

_STYLES = {
    Certainty.EQUIVALENT: ("bold", "green"),
    Certainty.DIFFERENT: ("bold", "red"),
    Certainty.UNDECIDED: ("bold", "yellow"),
}


def render(answer: EquivalenceAnswer, *, width: int, colour: bool) -> str:
    """Return the result as text, with a final newline. Nothing in it can move the cursor."""
    paper = Paper(max(width, NARROWEST), colour)
    lines: list[str] = []
    for edit in answer.edits:
        lines += hanging("Edit: ", visible(edit), paper.width)
    lines += [""] if lines else []
    for one in answer.comparisons:
        lines += [*_comparison(one, paper, edited=bool(answer.edits)), ""]
    for ref in answer.unmatched:
        lines += hanging("", f"{_name(ref)} has no counterpart on the other side.", paper.prose)
    if len(answer.comparisons) + len(answer.unmatched) > 1:
        lines += [*_summary(answer, paper)]
    lines += notes(answer.notes, paper)
    return encodable("\n".join(lines).rstrip("\n")) + "\n"


def _name(ref: ListRef) -> str:
    return visible(f"{ref.policy} of {ref.device} ({ref.path})")


def _comparison(one: ComparisonAnswer, paper: Paper, *, edited: bool) -> list[str]:
    heads = [f"{one.before.device}: {one.before.policy}"] if edited else [_name(one.before), _name(one.after)]
    lines = [title(" and ".join(heads), paper)]
    verdict = hanging("  ", _sentence(one, edited=edited), paper.prose)
    lines += [paper.paint(line, *_STYLES[one.answer]) for line in verdict]
    if one.limit and one.differences:
        lines += hanging("  ", f"Not complete: {visible(one.limit)}. What follows are examples.", paper.prose)
    for group in _groups(one.differences[:_SHOWN]):
        lines += _group(group, one, paper)
    if len(one.differences) > _SHOWN:
        rest = counted(len(one.differences) - _SHOWN, "region")
        lines += hanging("  ", f"… and {rest} more (--format json has all of them)", paper.prose)
    return [*lines, *notes(one.notes, paper)]


def _sentence(one: ComparisonAnswer, *, edited: bool) -> str:
    count = counted(len(one.differences), "region")
    if one.answer is Certainty.EQUIVALENT:
        return "No packet changes. This is proven." if edited else "Equivalent: every packet gets the same outcome."
    if one.answer is Certainty.DIFFERENT:
        return f"{'Packets change' if edited else 'Different'}: {count} of packets."
    because = visible(one.reason)
    if one.differences:
        return f"Undecided: {count} of packets can differ, depending on what is not known ({because})."
    return f"Undecided: {because}."


def _groups(differences: Iterable[DifferenceAnswer]) -> list[list[DifferenceAnswer]]:
    """Put differences together that are the same change, by the same rules."""
    found: dict[object, list[DifferenceAnswer]] = {}
    for one in differences:
        found.setdefault((one.cases, one.before, one.after), []).append(one)
    return list(found.values())


def _group(group: Sequence[DifferenceAnswer], comparison: ComparisonAnswer, paper: Paper) -> list[str]:
    one = group[0]
    lines = [line for each in group for line in hanging("  • ", packets_text(each.packets), paper.width)]
    for place, case in enumerate(one.cases):
        lead = "" if len(one.cases) == 1 else "otherwise" if not case.only_if else "else if" if place else "if"
        condition = visible(" and ".join(case.only_if))
        change = f"{visible(case.before)} → {visible(case.after or '')}" if case.before is not None else "no change"
        lines += labelled(lead or "change", f"{condition}: {change}" if condition else change, paper)
    lines += _rules("before", one.before, comparison.before.policy, paper)
    lines += _rules("after", one.after, comparison.after.policy, paper)
    return lines + labelled("example", example_text(one.example), paper)


def _rules(label: str, deciders: tuple[Decider, ...], policy: str, paper: Paper) -> list[str]:
    lines: list[str] = []
    for one in deciders[:_RULES]:
        lines += labelled(label, f"{visible(one.outcome)} by {decider_text(one, policy)}", paper)
        lines += source_lines(one.rule, " " * 15, paper) if one.rule is not None else []
    if len(deciders) > _RULES:
        lines += labelled("", f"and {len(deciders) - _RULES} more rules", paper)
    return lines


def _summary(answer: EquivalenceAnswer, paper: Paper) -> list[str]:
    counts = [(kind, sum(one.answer is kind for one in answer.comparisons)) for kind in Certainty]
    said = ", ".join(f"{count} {kind.value}" for kind, count in counts if count)
    unmatched = f", {len(answer.unmatched)} without counterpart" if answer.unmatched else ""
    return hanging(
        "", f"{counted(len(answer.comparisons), 'list')} compared: {said or 'none'}{unmatched}.", paper.prose
    )
