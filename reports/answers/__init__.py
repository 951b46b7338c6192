"""Answers to questions, written as text for people and as JSON (``rulecheck.answer/1``) for machines."""

from __future__ import annotations

from rulecheck.model.answer import EquivalenceAnswer, QueryAnswer


def query_text(answer: QueryAnswer, *, width: int, colour: bool = False) -> str:
    """Return the answer to a query as text for ``width`` columns, with a final newline."""
    from reports.answers import query

    return query.render(answer, width=width, colour=colour)


def query_json(answer: QueryAnswer, version: str) -> str:
    """Return the answer to a query as JSON; ``version`` is rulecheck's."""
    from reports.answers import data

    return data.query(answer, version)


def equivalence_text(answer: EquivalenceAnswer, *, width: int, colour: bool = False) -> str:
    """Return the result of a comparison or simulation as text for ``width`` columns, with a final newline."""
    from reports.answers import equivalence

    return equivalence.render(answer, width=width, colour=colour)


def equivalence_json(answer: EquivalenceAnswer, version: str) -> str:
    """Return the result of a comparison or simulation as JSON; ``version`` is rulecheck's."""
    from reports.answers import data

    return data.equivalence(answer, version)
