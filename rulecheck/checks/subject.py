"""What a check looks at: one rule, its verdict, and words for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulecheck.model.device import Policy, Severity
from rulecheck.model.rule import BLOCKING, Rule, Verb

if TYPE_CHECKING:
    from rulecheck.engine.verdict import Merge, Taker, Verdict

_NAMED = 4
"""How many rules a sentence names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding's severity, its message in one sentence, and what to do about it.

    ``reason`` is the finding's short reason, None where there is none.
    """

    severity: Severity
    message: str
    recommendation: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """One rule with its policy and verdict. ``policies`` are all of the device, to cite rules of others.

    ``platform`` is the device's. ``merge`` is set where the subject is that the rule can become one with others.
    """

    policy: Policy
    rule: Rule
    verdict: Verdict
    policies: Mapping[str, Policy]
    platform: str = ""
    merge: Merge | None = None

    @property
    def place(self) -> str:
        """Return where the rule stands: "line 231"."""
        return f"line {self.rule.origin.line}"

    def rule_of(self, taker: Taker) -> Rule:
        """Return the rule that a taker names."""
        return self.policies[taker.policy].rules[taker.index]

    def places(self, takers: Sequence[Taker]) -> str:
        """Return where some rules stand: "line 3", "lines 3, 5 and 9 together"; no rule at all is an implicit one."""
        if not takers:
            return "the implicit rules at the end of a called list"
        elsewhere = [t for t in takers if t.policy != self.policy.name]
        lines = [str(self.rule_of(taker).origin.line) for taker in takers]
        if len(lines) == 1:
            return f"line {lines[0]}" + (f" ({elsewhere[0].policy})" if elsewhere else "")
        if len(lines) > _NAMED:
            shown = ", ".join(lines[:_NAMED])
            return f"lines {shown} and {len(lines) - _NAMED} more together"
        return f"lines {', '.join(lines[:-1])} and {lines[-1]} together"


_DOES = {
    Verb.PERMIT: ("permits", "permitted"),
    Verb.DENY: ("denies", "denied"),
    Verb.REJECT: ("rejects", "rejected"),
    Verb.RETURN: ("returns", "sent back to the calling list"),
    Verb.TRANSLATE: ("translates", "translated"),
    Verb.CALL: ("sends to another list", "sent to another list"),
    Verb.GOTO: ("sends to another list", "sent to another list"),
    Verb.CONTINUE: ("logs or marks", "logged or marked"),
    Verb.OTHER: ("handles", "handled"),
}


def does(verb: Verb) -> str:
    """Return what a rule does with packets: "permits"."""
    return _DOES[verb][0]


def done(verb: Verb) -> str:
    """Return what happens to packets: "permitted"."""
    return _DOES[verb][1]


def keeps_out(rule: Rule) -> bool:
    """Return whether a rule blocks its packets."""
    return rule.outcome.verb in BLOCKING


def ways(verdict: Verdict) -> str:
    """Return a clause about the ways into a called list, empty where evaluation starts there."""
    if verdict.ways_in is None or verdict.ways_in == 0:
        return ""
    if verdict.ways_in == 1:
        return " on the one way into its list"
    return f" on each of the {verdict.ways_in} ways into its list"


def percent(share: float) -> str:
    """Return a part of packets, which is neither none nor all of them: "34.2%", "fewer than 0.1%"."""
    if share < 0.001:
        return "fewer than 0.1%"
    if share > 0.999:
        return "more than 99.9%"
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
