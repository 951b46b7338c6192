"""Questions about policies: who decides these packets, what differs between two lists, what an edit changes.

One decision procedure (:mod:`rulecheck.engine.questions.diagram`) answers all of them, exactly: regions of an answer
are disjoint and hold the packets in question, nothing missing, nothing extra. docs/questions.md explains it.
"""

from rulecheck.engine.questions.comparing import Change, Comparison, Difference, Equivalence, blamed, compare
from rulecheck.engine.questions.decisions import (
    DecidedCase,
    Decision,
    DecisionMap,
    Region,
    Side,
    allows,
    by_effect,
    by_outcome,
    by_rule,
    decision_map,
    effect,
    responsible,
)
from rulecheck.engine.questions.edits import Edit, Insert, Move, Remove, affected_roots, edited
from rulecheck.engine.questions.keys import portable_keys
from rulecheck.engine.questions.limits import DEFAULT_QUESTION_LIMITS, QuestionLimits

__all__ = [
    "DEFAULT_QUESTION_LIMITS",
    "Change",
    "Comparison",
    "DecidedCase",
    "Decision",
    "DecisionMap",
    "Difference",
    "Edit",
    "Equivalence",
    "Insert",
    "Move",
    "QuestionLimits",
    "Region",
    "Remove",
    "Side",
    "affected_roots",
    "allows",
    "blamed",
    "by_effect",
    "by_outcome",
    "by_rule",
    "compare",
    "decision_map",
    "edited",
    "effect",
    "portable_keys",
    "responsible",
]
