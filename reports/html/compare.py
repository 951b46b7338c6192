"""A rule and the rules that take its packets, side by side, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.words import KINDS
from rulecheck.model.finding import Cover, Finding, RuleRef

SIDE_BY_SIDE = 3
"""Covers up to this number become columns; more of them become rows."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one rule. ``same``: written exactly as in the rule that the finding is about."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One rule of a comparison; ``share`` is None for the rule that the finding is about.

    ``role`` says what the rule has to do with the finding, ``differs`` that its outcome is another one.
    """

    rule: RuleRef
    role: str
    differs: bool
    share: float | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rules side by side: every column has one cell per label. ``transposed``: too many rules for columns."""

    labels: tuple[str, ...]
    columns: tuple[Column, ...]
    transposed: bool


def comparison(finding: Finding) -> Comparison | None:
    """Return the rule of ``finding`` beside its covers and its conflict; None when there are none."""
    covers = evidence_rules(finding)
    if not covers:
        return None
    labels = _labels((finding.rule, *(cover.rule for cover in covers)))
    mine = dict(finding.rule.fields)
    first = Column(
        finding.rule, "This rule", False, None, tuple(Cell(mine.get(label, ""), same=False) for label in labels)
    )
    others = tuple(_column(cover, finding, labels, mine) for cover in covers)
    return Comparison(labels, (first, *others), len(covers) > SIDE_BY_SIDE)


def evidence_rules(finding: Finding) -> tuple[Cover, ...]:
    """Return the covers of ``finding``, and its conflict where that is none of them."""
    conflict = finding.conflict
    if conflict is None or any(cover.rule == conflict.rule for cover in finding.by):
        return finding.by
    return (*finding.by, conflict)


def _labels(rules: Iterable[RuleRef]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for rule in rules for label, _ in rule.fields))


def _column(cover: Cover, finding: Finding, labels: tuple[str, ...], mine: dict[str, str]) -> Column:
    role = KINDS[finding.kind].takers if cover in finding.by else "Differently by"
    differs = cover.rule.outcome != finding.rule.outcome
    theirs = dict(cover.rule.fields)
    cells = (Cell(theirs.get(label, ""), same=theirs.get(label) == mine.get(label)) for label in labels)
    return Column(cover.rule, role, differs, cover.share, tuple(cells))
