"""Observations on risk and hygiene as reports show them: grouped by code, the most severe group first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.words import number, rule_numbers
from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence
from rulecheck.model.observation import Observation, Topic

TOPICS: dict[Topic, str] = {
    Topic.ANY_TO_ANY: "Permits of any service from anywhere to anywhere",
    Topic.ANY_SOURCE: "Permits from any source",
    Topic.ANY_DESTINATION: "Permits to any destination",
    Topic.ANY_SERVICE: "Permits of any service",
    Topic.EXPOSED_SERVICE: "Administration and clear text open to the outside",
    Topic.WIDE_RANGE: "Permits of wide ranges",
    Topic.BYPASSED_DENY: "Denies that an earlier permit bypasses",
    Topic.NO_DEFAULT_DENY: "Policies without a default deny",
    Topic.UNDEFINED_REFERENCE: "Names that are not defined",
    Topic.REFERENCE_CYCLE: "References in a cycle",
    Topic.EMPTY_OBJECT: "Empty objects",
    Topic.DUPLICATE_OBJECT: "Objects with the same content",
    Topic.UNUSED_OBJECT: "Objects without use",
    Topic.UNAPPLIED_POLICY: "Policies that are not applied",
    Topic.UNCALLED_LIST: "Lists that nothing calls",
    Topic.DISABLED_RULE: "Disabled rules",
    Topic.EXPIRED_RULE: "Rules whose schedule is over",
    Topic.NOT_LOGGED: "Rules that do not log",
    Topic.NOT_DESCRIBED: "Rules without a description",
    Topic.NEVER_HIT: "Rules that were never hit",
}
"""What observations of each kind are about, as headings."""


@dataclass(frozen=True, slots=True)
class ObservationGroup:
    """Observations of one code on one device, most severe first; ``severity`` is the worst of them."""

    code: str
    kind: Topic
    severity: Severity
    items: tuple[Observation, ...]

    @property
    def title(self) -> str:
        """Return the heading of the group."""
        return TOPICS[self.kind]


def observation_groups(observations: Iterable[Observation]) -> tuple[ObservationGroup, ...]:
    """Return observations by code, the worst groups first, each sorted by severity and else as found."""
    grouped: dict[str, list[Observation]] = {}
    for one in observations:
        grouped.setdefault(one.code, []).append(one)
    groups = [
        ObservationGroup(code, items[0].kind, min((one.severity for one in items), key=_rank), tuple(_sorted(items)))
        for code, items in grouped.items()
    ]
    return tuple(sorted(groups, key=lambda group: (group.severity.rank, group.code)))


def _rank(severity: Severity) -> int:
    return severity.rank


def _sorted(items: Iterable[Observation]) -> list[Observation]:
    return sorted(items, key=lambda one: one.severity.rank)


def observation_counts(observations: Iterable[Observation]) -> dict[Severity, int]:
    """Return how many observations there are of each severity that occurs, most severe first."""
    found = [one.severity for one in observations]
    return {severity: found.count(severity) for severity in Severity if severity in found}


def subject_words(one: Observation) -> str:
    """Return what an observation is about besides its message: the policy, and the rules if they are many."""
    parts = [one.policy] if one.policy is not None else []
    if one.rule is not None:
        parts.append(f"rule #{one.rule.index}")
    if one.rules:
        parts.append(f"rules {_few(one.rules)}")
    if one.confidence is Confidence.UNDECIDED:
        parts.append("not certain")
    return ", ".join(parts)


_MOST_RULES = 40


def _few(rules: tuple[int, ...]) -> str:
    more = f" and {number(len(rules) - _MOST_RULES)} more" if len(rules) > _MOST_RULES else ""
    return rule_numbers(rules[:_MOST_RULES]) + more


def sources(one: Observation) -> tuple[tuple[int, str], ...]:
    """Return line and text of the places that belong to an observation, its own rule first."""
    own = [(one.rule.line, one.rule.text)] if one.rule is not None else []
    return tuple(dict.fromkeys([*own, *((place.line, place.text) for place in one.places if place.text)]))
