"""What the checks RC2xx to RC4xx look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rulecheck.checks.settings import Settings
from rulecheck.model.device import Device, Diagnostic, Policy, Severity
from rulecheck.model.finding import Kind
from rulecheck.model.observation import ObjectRef, Place
from rulecheck.model.rule import BLOCKING, Rule, Verb

if TYPE_CHECKING:
    from rulecheck.engine.verdict import PolicyVerdicts, Verdict

_Result = TypeVar("_Result")

DEAD = frozenset({Kind.SHADOWED, Kind.COVERED, Kind.EMPTY})
"""Rules with such a verdict decide no packet: they put nothing at risk."""

_LEAVES_OPEN = frozenset({"RC601", "RC602", "RC605", "RC606", "RC607"})
"""Diagnostics after which the input may hold more uses than were seen."""

NAMED = 4
"""How many names or lines a sentence lists before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a check has to say, before it gets an id.

    ``severity`` None: the usual one of the check. ``key`` tells apart what the same check says about the same policy
    or device, by content. ``doubtful``: a part of the input that was not understood could speak against it.
    """

    message: str
    recommendation: str
    severity: Severity | None = None
    policy: Policy | None = None
    rule: Rule | None = None
    object: ObjectRef | None = None
    line: int = 0
    rules: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    reason: str | None = None
    doubtful: bool = False
    key: tuple[str, ...] = ()


class Site:
    """One device with its verdicts and the settings: what every check is given."""

    def __init__(self, device: Device, results: Sequence[PolicyVerdicts], settings: Settings) -> None:
        self.device = device
        self.settings = settings
        self._verdicts: Mapping[str, Mapping[int, Verdict]] = {one.policy: one.verdicts for one in results}
        self._kept: dict[object, object] = {}

    def verdict(self, policy: Policy, rule: Rule) -> Verdict | None:
        """Return the verdict on a rule; None for a disabled one."""
        return self._verdicts.get(policy.name, {}).get(rule.index)

    def is_dead(self, policy: Policy, rule: Rule) -> bool:
        """Return whether the rule decides no packet."""
        verdict = self.verdict(policy, rule)
        return verdict is not None and verdict.kind in DEAD

    def once(self, compute: Callable[[Site], _Result]) -> _Result:
        """Return ``compute(self)``, computed for the first check that asks."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        found: _Result = self._kept[compute]  # type: ignore[assignment]
        return found

    @property
    def open_because(self) -> str:
        """Return why something that was not seen may exist all the same; empty where the whole input was understood."""
        if not any(policy.rules for policy in self.device.policies):
            return "the input holds no rules"
        if self.device.source.lines.unknown or any(_leaves_open(one) for one in self.device.diagnostics):
            return "a part of the input was not understood"
        return ""


def _leaves_open(one: Diagnostic) -> bool:
    return one.code in _LEAVES_OPEN and one.severity is not Severity.INFO


def deciding(policy: Policy) -> Iterator[Rule]:
    """Yield the rules in force that permit or keep out."""
    for rule in policy.rules:
        if rule.enabled and (rule.outcome.verb is Verb.PERMIT or rule.outcome.verb in BLOCKING):
            yield rule


def line_of(rule: Rule) -> str:
    """Return where a rule stands, at the beginning of a sentence: "Line 12"."""
    return f"Line {rule.origin.line}"


def listed(names: Sequence[str]) -> str:
    """Return names in a sentence: "a, b and c", or "a, b, c, d and 7 more"."""
    if len(names) > NAMED + 1:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def counted(count: int, noun: str) -> str:
    """Return "1 rule" or "2 rules"."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def about_rules(site: Site, policy: Policy, rules: Sequence[Rule], message: str, recommendation: str) -> Draft:
    """Return one draft for many rules of a policy: all indexes, and the first rules as examples."""
    shown = rules[: site.settings.thresholds.examples]
    return Draft(
        message,
        recommendation,
        policy=policy,
        line=rules[0].origin.line,
        rules=tuple(rule.index for rule in rules),
        places=tuple(place(rule) for rule in shown),
    )


def place(rule: Rule) -> Place:
    """Return a rule as a place."""
    return Place(rule.origin.line, rule.origin.text, rule.index)


def lines_phrase(rules: Iterable[Rule]) -> str:
    """Return "line 3", or "lines 3, 5 and 9": where rules stand."""
    lines = [str(rule.origin.line) for rule in rules]
    return f"{'line' if len(lines) == 1 else 'lines'} {listed(lines)}"
