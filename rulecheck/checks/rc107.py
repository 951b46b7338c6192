"""RC107: rules can become one.

What it does
    Reports rules with one outcome that differ in a single operand and can be written as one rule with the union of that
    operand, at the place of the first or of the last of them. It is proven that no packet's outcome changes and that no
    rule in between that logs, marks or calls a list sees other packets, also where the rules do not follow each other.
    Each rule is in one such group at most.

Why it matters
    One rule is read and reviewed more quickly than several, and a later change is made in one place.

Example
    access-list OUT extended permit tcp 192.0.2.0 255.255.255.0 host 198.51.100.7 eq 80
    access-list OUT extended permit tcp 192.0.2.0 255.255.255.0 host 198.51.100.7 eq 443

    One rule with both services permits the same.

What to do
    Write the rule that the report names with the union, with a group where the platform has no lists, and delete the
    others. Each merge is proven for the list as it is: after one, analyse again before the next. Rules that are kept
    apart on purpose, each for a request of its own, can stay as they are.

Source
    Rule merging as the inverse of the splitting in Liu & Gouda, "Complete Redundancy Detection in Firewalls"
    (DBSec 2005).
"""

from __future__ import annotations

from rulecheck.checks.rewrite import union_values
from rulecheck.checks.subject import Advice, Subject, done, listed
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC107"
KIND = Kind.MERGEABLE.value

_NAMED = 4
"""How many rules a sentence names before it counts the rest."""


def advise(subject: Subject) -> Advice:
    """Return what to say about rules that can become one."""
    merge = subject.merge
    assert merge is not None
    rules = [subject.policy.rules[index] for index in merge.rules]
    others = [rule for rule in rules if rule is not subject.rule]
    operand = merge.operand.replace("_", " ")
    union = union_values(rules, merge.operand, subject.platform)
    written = f"with {operand} {', '.join(union)}" if union else f"with one {operand} that holds those of all of them"
    return Advice(
        Severity.INFO,
        f"{_lines([rule.origin.line for rule in rules]).capitalize()} differ only in their {operand} and can be one "
        f"rule at {subject.place}: the same packets would be {done(subject.rule.outcome.verb)}.",
        f"Write {subject.place} {written}, and delete {_lines([rule.origin.line for rule in others])}: "
        "no packet changes. Analyse again before the next merge.",
    )


def _lines(lines: list[int]) -> str:
    """Return "line 3", "lines 3 and 5", or "lines 3, 5, 8, 9 and 3 more"."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    named = [str(line) for line in lines[:_NAMED]]
    if len(lines) > _NAMED:
        named.append(f"{len(lines) - _NAMED:,} more")
    return f"lines {listed(named)}"
