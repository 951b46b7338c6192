"""One finding as text: the claim, the rule, and the evidence for it."""

from __future__ import annotations

from collections.abc import Iterator

from reports.text.layout import Paper, hanging, shorten
from reports.visible import visible, visible_lines
from reports.words import (
    KINDS,
    part_words,
    percent,
    reason_words,
    removal_words,
    rule_number,
    rule_numbers,
    witness_pairs,
)
from rulecheck.model.device import Severity
from rulecheck.model.finding import Cover, Finding, RuleRef

SEVERITY_STYLES: dict[Severity, tuple[str, ...]] = {
    Severity.CRITICAL: ("bold", "red"),
    Severity.HIGH: ("red",),
    Severity.MEDIUM: ("yellow",),
    Severity.LOW: ("blue",),
    Severity.INFO: ("dim",),
}

_INDENT = "    "
_LABEL = 14
_NAME_WIDTH = 60


def finding_lines(finding: Finding, paper: Paper) -> list[str]:
    """Return the lines of one finding, without an empty line around them."""
    lines = _headline(finding, paper)
    lines += _source(finding.rule, _INDENT, paper)
    lines += hanging(_INDENT, visible(finding.message), paper.prose)
    for position, cover in enumerate(finding.by):
        lines += _cover("" if position else KINDS[finding.kind].takers, cover, finding, paper)
    lines += _conflict(finding, paper)
    for label, text in _evidence(finding):
        lines += _labelled(label, text, paper)
    return lines + _labelled("What to do", visible(finding.recommendation), paper, "green")


def note_lines(finding: Finding, paper: Paper) -> list[str]:
    """Return a finding for information only as one short paragraph."""
    lead = f"  {finding.code} "
    lines = hanging(lead, visible(finding.message), paper.prose)
    return [f"  {paper.paint(finding.code, 'bold')} {lines[0][len(lead) :]}", *lines[1:]]


def _headline(finding: Finding, paper: Paper) -> list[str]:
    rule = finding.rule
    claim = f"{finding.code} {finding.kind}"
    place = f"rule {rule_number(rule.index)}, line {rule.line}"
    plain = f"{claim}  {finding.severity}  {place}"
    if len(plain) + 2 > paper.width:
        return hanging("  ", plain, paper.width)
    severity = paper.paint(finding.severity, *SEVERITY_STYLES[finding.severity])
    return [f"  {paper.paint(claim, 'bold')}  {severity}  {place}"]


def _source(rule: RuleRef, indent: str, paper: Paper) -> list[str]:
    return [line for part in visible_lines(rule.text) for line in hanging(f"{indent}| ", part, paper.width)]


def _cover(label: str, cover: Cover, finding: Finding, paper: Paper) -> list[str]:
    head = f"{_place(cover.rule, finding)}: {visible(cover.rule.outcome)}, {percent(cover.share)} of the packets"
    return _labelled(label, head, paper) + _source(cover.rule, " " * (len(_INDENT) + _LABEL + 1), paper)


def _conflict(finding: Finding, paper: Paper) -> list[str]:
    """Return the rule with a different outcome; its text only where it is not among the covers."""
    conflict = finding.conflict
    if conflict is None:
        return []
    if all(cover.rule != conflict.rule for cover in finding.by):
        return _cover("Differently by", conflict, finding, paper)
    share = f"{visible(conflict.rule.outcome)} instead of {visible(finding.rule.outcome)}"
    return _labelled("Differently by", f"{_place(conflict.rule, finding)}: {share}", paper)


def _place(rule: RuleRef, finding: Finding) -> str:
    place = f"rule {rule_number(rule.index)}, line {rule.line}"
    return place if rule.policy == finding.policy else f"{place} of {shorten(visible(rule.policy), _NAME_WIDTH)}"


def _evidence(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield the remaining facts as label and text, only those that the finding has."""
    yield from _proof(finding)
    yield from _about_rule(finding)
    for caveat in finding.caveats:
        yield "Caveat", visible(caveat)
    if finding.cluster is not None:
        yield "Clean up with", f"the other findings of cluster {finding.cluster}"
    yield "Finding id", visible(finding.id)
    yield "Delete it?", removal_words(finding)


def _proof(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.duplicate_of is not None:
        yield "Duplicate of", f"rule {rule_number(finding.duplicate_of)}, which matches exactly the same packets"
    if len(finding.single_covers) > 1 or (finding.single_covers and len(finding.by) != 1):
        yield "Alone enough", f"each of {rule_numbers(finding.single_covers)} covers the rule by itself"
    for label, text in part_words(finding):
        yield label, visible(text)
    if reason := reason_words(finding):
        yield "Because", visible(reason)
    if pairs := witness_pairs(finding):
        yield "Example packet", ", ".join(f"{visible(label)} {visible(value)}" for label, value in pairs)
    if finding.ways_in is not None:
        yield "Ways in", f"{finding.ways_in} (this list is called from other lists)"


def _about_rule(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.rule.name:
        yield "Name", visible(finding.rule.name)
    if finding.rule.description:
        yield "Description", visible(finding.rule.description)
    if finding.rule.hits is not None:
        yield "Hits", f"{finding.rule.hits:,}"


def _labelled(label: str, text: str, paper: Paper, *styles: str) -> list[str]:
    """Return ``label: text`` with the text in a column of its own."""
    lead = f"{_INDENT}{label:<{_LABEL}} "
    lines = hanging(lead, text, paper.prose)
    return [paper.paint(lead, *(styles or ("dim",))) + lines[0][len(lead) :], *lines[1:]]
