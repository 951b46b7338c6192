"""A failing device as a test to paste: the Python source that builds its policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum

from rulecheck.model.device import Policy

_HEAD = '''"""{why}"""

from __future__ import annotations

from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Outcome, Rule, Schedule, Verb
from tests.fuzz.check import check

POLICIES = (
{policies}
)


def test_found_by_fuzzing() -> None:
    check(POLICIES, second=True)
'''


def reproducer(policies: Sequence[Policy], why: str) -> str:
    """Return a test module that checks a device; ``why`` says how it was found and what failed."""
    plain = why.replace("\\", "\\\\").replace('"', "'")
    return _HEAD.format(why=plain, policies="\n".join(f"{_policy(one)}," for one in policies))


def _policy(policy: Policy) -> str:
    words = [f"{name}={source(value)}" for name, value in _given(policy) if name not in ("rules", "implicit")]
    for name in ("rules", "implicit"):
        listed = "".join(f"\n            {source(rule)}," for rule in getattr(policy, name))
        words.append(f"{name}=({listed}\n        )")
    return "    Policy(\n" + "".join(f"        {word},\n" for word in words) + "    )"


def source(value: object) -> str:
    """Return a Python expression for a value of the model; what equals its default is left out."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({', '.join(f'{name}={source(one)}' for name, one in _given(value))})"
    if isinstance(value, tuple):
        return f"({''.join(f'{source(one)}, ' for one in value).rstrip()})"
    return repr(value)


def _given(value: object) -> list[tuple[str, object]]:
    """Return the fields of a dataclass that differ from their defaults."""
    assert is_dataclass(value)
    found = [(one, getattr(value, one.name)) for one in fields(value) if one.init]
    return [(one.name, here) for one, here in found if one.default is MISSING or here != one.default]
