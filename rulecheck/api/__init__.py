"""rulecheck as a library: load configurations, analyse them, and ask questions about them.

>>> from rulecheck import api
>>> config = api.loads(api.EXAMPLE)
>>> answer = api.query(config, source="10.1.2.3", destination="APP", protocol="tcp", destination_port="8000-8200")
>>> print(answer.frame()[["service", "effect", "rule"]].to_string(index=False))
      service  effect  rule
tcp 8000-8100 allowed     2
tcp 8101-8200  denied     3

All answers are exact: the regions of an answer are disjoint and hold the packets in question, nothing missing and
nothing extra. Where the configuration leaves something open, the answer says on what it depends. Results have
``frame()`` (pandas), ``text()`` and ``json()``. Nothing is sent anywhere, and nothing is written.

docs/api.md is the guide.
"""

from parsers.reading import ReadError
from rulecheck.api.analyzing import analyze
from rulecheck.api.asking import OPERANDS, Operand, Operands
from rulecheck.api.comparing import equivalent
from rulecheck.api.errors import QuestionError
from rulecheck.api.example import EXAMPLE
from rulecheck.api.loading import Config, load, loads
from rulecheck.api.querying import query
from rulecheck.api.results import AnalysisResult, EquivalenceResult, QueryResult
from rulecheck.api.simulating import simulate
from rulecheck.engine.questions import DEFAULT_QUESTION_LIMITS, QuestionLimits

__all__ = [
    "DEFAULT_QUESTION_LIMITS",
    "EXAMPLE",
    "OPERANDS",
    "AnalysisResult",
    "Config",
    "EquivalenceResult",
    "Operand",
    "Operands",
    "QueryResult",
    "QuestionError",
    "QuestionLimits",
    "ReadError",
    "analyze",
    "equivalent",
    "load",
    "loads",
    "query",
    "simulate",
]
