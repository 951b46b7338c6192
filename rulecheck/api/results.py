"""Answers with their ways out: as data, as a pandas frame, as text, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rulecheck.model.answer import (
    Certainty,
    Decider,
    DifferenceAnswer,
    EquivalenceAnswer,
    Packets,
    QueryAnswer,
    RegionAnswer,
)
from rulecheck.model.finding import Finding, Report
from rulecheck.model.observation import Observation

if TYPE_CHECKING:
    from pandas import DataFrame

_WIDTH = 100

QUERY_COLUMNS = (
    "device", "policy", "source", "destination", "service", "more", "outcome", "effect", "sure", "only_if",
    "rule", "line", "text", "example",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "before", "after", "source", "destination", "service", "more", "outcome_before", "outcome_after", "certain",
    "only_if", "rules_before", "rules_after", "example",
)  # fmt: skip
FINDING_COLUMNS = (
    "device", "policy", "code", "kind", "severity", "confidence", "index", "line", "text", "removable", "message",
    "recommendation", "by", "id",
)  # fmt: skip


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> DataFrame:
    """Return rows as a frame. pandas is imported here and nowhere before."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _example(example: object) -> str:
    assert isinstance(example, dict)
    return ", ".join(f"{name} {value}" for name, value in example.items())


def _where(packets: Packets) -> dict[str, str]:
    more = "; ".join([*(f"{name} {text}" for name, text in packets.more), *packets.only_if])
    return {"source": packets.source, "destination": packets.destination, "service": packets.service, "more": more}


@dataclass(frozen=True, slots=True, repr=False)
class QueryResult:
    """The answer to :func:`rulecheck.api.query`; ``answer`` has everything, see :mod:`rulecheck.model.answer`."""

    answer: QueryAnswer

    @property
    def regions(self) -> tuple[RegionAnswer, ...]:
        """Return the regions of all policies."""
        return tuple(region for policy in self.answer.policies for region in policy.regions)

    def frame(self) -> DataFrame:
        """Return one row for each region and case: which packets, what happens, which rule says so."""
        return _frame(list(self._rows()), QUERY_COLUMNS).astype({"rule": "Int64", "line": "Int64"})

    def _rows(self) -> Iterator[dict[str, Any]]:
        for policy in self.answer.policies:
            for region in policy.regions:
                for case in region.cases:
                    deciders = region.rules or (case.decider,)
                    rules = [one.rule for one in deciders if one.rule is not None]
                    yield {
                        "device": policy.device,
                        "policy": policy.policy,
                        **_where(region.packets),
                        "outcome": case.decider.outcome,
                        "effect": case.decider.effect,
                        "sure": region.sure,
                        "only_if": "; ".join(case.only_if),
                        "rule": rules[0].index if len(deciders) == len(rules) == 1 else None,
                        "line": rules[0].line if len(deciders) == len(rules) == 1 else None,
                        "text": _deciders(deciders),
                        "example": _example(region.example),
                    }

    def __repr__(self) -> str:
        return self.text()

    def text(self, width: int = _WIDTH, *, colour: bool = False) -> str:
        """Return the answer as ``rulecheck query`` prints it."""
        from reports import answers

        return answers.query_text(self.answer, width=width, colour=colour)

    def json(self) -> str:
        """Return the answer as JSON (``rulecheck.answer/1``)."""
        from reports import answers
        from rulecheck import __version__

        return answers.query_json(self.answer, __version__)


@dataclass(frozen=True, slots=True, repr=False)
class EquivalenceResult:
    """The answer to :func:`rulecheck.api.equivalent` and :func:`rulecheck.api.simulate`.

    True as a condition exactly when equivalence is proven: ``if api.equivalent(old, new): …``.
    """

    answer: EquivalenceAnswer

    def __bool__(self) -> bool:
        return self.answer.answer is Certainty.EQUIVALENT

    @property
    def verdict(self) -> str:
        """Return ``equivalent``, ``different`` or ``undecided``."""
        return self.answer.answer.value

    @property
    def differences(self) -> tuple[DifferenceAnswer, ...]:
        """Return the differences of all comparisons."""
        return tuple(one for comparison in self.answer.comparisons for one in comparison.differences)

    def frame(self) -> DataFrame:
        """Return one row for each region and case in which the sides differ."""
        return _frame(list(self._rows()), DIFFERENCE_COLUMNS)

    def _rows(self) -> Iterator[dict[str, Any]]:
        for comparison in self.answer.comparisons:
            for one in comparison.differences:
                for case in one.cases:
                    if case.before is None:
                        continue
                    yield {
                        "before": comparison.before.policy,
                        "after": comparison.after.policy,
                        **_where(one.packets),
                        "outcome_before": case.before,
                        "outcome_after": case.after,
                        "certain": one.certain,
                        "only_if": "; ".join(case.only_if),
                        "rules_before": _deciders(one.before),
                        "rules_after": _deciders(one.after),
                        "example": _example(one.example),
                    }

    def __repr__(self) -> str:
        return self.text()

    def text(self, width: int = _WIDTH, *, colour: bool = False) -> str:
        """Return the answer as ``rulecheck equivalent`` prints it."""
        from reports import answers

        return answers.equivalence_text(self.answer, width=width, colour=colour)

    def json(self) -> str:
        """Return the answer as JSON (``rulecheck.answer/1``)."""
        from reports import answers
        from rulecheck import __version__

        return answers.equivalence_json(self.answer, __version__)


def _deciders(deciders: tuple[Decider, ...]) -> str:
    return "; ".join(one.rule.text if one.rule else one.implicit or f"default of {one.policy}" for one in deciders)


@dataclass(frozen=True, slots=True, repr=False)
class AnalysisResult:
    """The answer to :func:`rulecheck.api.analyze`; ``report`` has everything, see :mod:`rulecheck.model.finding`."""

    report: Report

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings."""
        return self.report.findings

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Return what was noticed about risk and hygiene; it proves nothing about packets."""
        return self.report.observations

    def frame(self) -> DataFrame:
        """Return one row for each finding."""
        rows = [
            {
                "device": one.device,
                "policy": one.policy,
                "code": one.code,
                "kind": one.kind.value,
                "severity": one.severity.value,
                "confidence": one.confidence.value,
                "index": one.rule.index,
                "line": one.rule.line,
                "text": one.rule.text,
                "removable": one.removable,
                "message": one.message,
                "recommendation": one.recommendation,
                "by": [cover.rule.index for cover in one.by],
                "id": one.id,
            }
            for one in self.report.findings
        ]
        return _frame(rows, FINDING_COLUMNS)

    def __repr__(self) -> str:
        return self.text()

    def text(self, width: int = _WIDTH, *, colour: bool = False) -> str:
        """Return the report as ``rulecheck analyze`` prints it."""
        from reports import text

        return text.render(self.report, colour=colour, width=width)

    def json(self) -> str:
        """Return the report as JSON (``rulecheck.report/1``)."""
        from reports import json_report

        return json_report.render(self.report)

    def html(self) -> str:
        """Return the report as one HTML page."""
        from reports import html

        return html.render(self.report)
