"""Conditions that mean the same in two inputs get the same key, and those that do not get different ones.

Within one device a test that may differ between two rules written alike has its line in its key. In another version
of the file the same rule has another line, so the line is replaced by what the rule says and how often it was said
before. A schedule means the same only where its definition is the same, so that becomes a part of its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from rulecheck.model.device import Policy
from rulecheck.model.match import Condition
from rulecheck.model.rule import Rule


def portable_keys(policies: Sequence[Policy]) -> dict[str, str]:
    """Return new keys for the conditions of a device whose keys are bound to this input."""
    renamed: dict[str, str] = {}
    seen: dict[str, int] = {}
    for rule in _rules(policies):
        for condition in rule.match.all_conditions():
            if condition.key not in renamed:
                new = _portable(condition, rule, seen)
                if new is not None:
                    renamed[condition.key] = new
    return renamed


def _rules(policies: Iterable[Policy]) -> Iterator[Rule]:
    for policy in policies:
        yield from policy.rules
        yield from policy.implicit


def _portable(condition: Condition, rule: Rule, seen: dict[str, int]) -> str | None:
    key = condition.key
    lines = {str(line) for line in (condition.origin.line, rule.origin.line) if line}
    bound = {found for found in _NUMBER.findall(key) if found in lines} | set(_LINE.findall(key))
    if bound:
        said = _digest(" ".join(condition.origin.text.split()))
        stem = _NUMBER.sub(lambda found: said if found[0] in bound else found[0], key)
        seen[stem] = seen.get(stem, 0) + 1
        return f"{stem}#{seen[stem]}"
    schedule = rule.schedule
    if schedule is not None and schedule.text and schedule.name in key:
        return f"{key}:{_digest(schedule.text)}"
    return None


_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_LINE = re.compile(r"(?:\bline |\b(?:unclear|unparsed|limit):)(\d+)\b")
"""How keys name lines. Any other number in a key that is the line of the condition or its rule is taken for one."""


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
