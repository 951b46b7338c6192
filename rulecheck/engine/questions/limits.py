"""How much work one question may cost before its answer is "undecided"."""

from __future__ import annotations

from dataclasses import dataclass, field

from rulecheck.engine.verdict import Limits


@dataclass(frozen=True, slots=True)
class QuestionLimits:
    """Bounds on one question. Past them the answer says so; it is never wrong and never a hang.

    ``nodes``: sets of active rows that the recursion may meet. ``steps``: rows looked at on the way, a few million
    in a second. ``regions``: products that an answer may consist of. ``cases``: combinations of unknown conditions
    to tell apart for the same packets. ``unfolding``: the engine's bounds on called lists.
    """

    nodes: int = 150_000
    steps: int = 30_000_000
    regions: int = 20_000
    cases: int = 400
    unfolding: Limits = field(default_factory=Limits)


DEFAULT_QUESTION_LIMITS = QuestionLimits()
