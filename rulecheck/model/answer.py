"""Answers to questions, ready for any writer: what :mod:`rulecheck.api` returns and ``reports`` write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rulecheck.model.finding import RuleRef


class Certainty(StrEnum):
    """The answer to "do these treat every packet alike?"."""

    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One restricted field of a region: a short phrase, and all members exactly.

    ``name`` is the field's name in JSON (``destination_port``).
    """

    name: str
    phrase: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packets:
    """A region of packets in words. ``fields`` are all restricted fields; the others are a summary for people.

    ``more`` are the fields that are no part of source, destination and service: interfaces, states … ``only_if`` are
    conditions of the question itself (an object with names that are not resolved).
    """

    source: str
    destination: str
    service: str
    more: tuple[tuple[str, str], ...] = ()
    fields: tuple[FieldWords, ...] = ()
    only_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decider:
    """What decides packets: a rule, or (``rule`` None) the default of ``policy`` or a rule that the device implies.

    ``policy`` is empty where only the effect was asked for, and the region may be decided by several rules.
    ``effect`` is ``allowed``, ``denied``, or the outcome in words where it is neither.
    """

    policy: str
    outcome: str
    effect: str
    rule: RuleRef | None = None
    implicit: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What decides a region, under conditions. Cases count in order; the last has no conditions of its own."""

    decider: Decider
    only_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that the example packet met and did not match: in words, what would have to be otherwise."""

    rule: RuleRef
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionAnswer:
    """Packets that are decided alike, with an example and the example's way.

    ``path``: rules that call the list of the deciding rule, outermost first; ``passed``: rules with side effects that
    the example matches on its way. ``share``: part of all packets asked about, 0 to 1. ``rules``: all that decide
    some of the packets, where the region is not told apart by rule.
    """

    packets: Packets
    cases: tuple[Case, ...]
    share: float
    example: Mapping[str, str | int]
    path: tuple[RuleRef, ...] = ()
    passed: tuple[RuleRef, ...] = ()
    near: tuple[NearMiss, ...] = ()
    rules: tuple[Decider, ...] = ()

    @property
    def sure(self) -> bool:
        """Return whether the decision depends on nothing that the configuration leaves open."""
        return len(self.cases) == 1


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """The answer of one policy. ``regions`` are disjoint and together exactly the packets asked about.

    ``limit`` says why they are not, "" if they are; they are then examples. ``families`` are the address families of
    the question that the policy sees.
    """

    device: str
    policy: str
    kind: str
    applied_to: tuple[str, ...]
    families: tuple[int, ...]
    regions: tuple[RegionAnswer, ...]
    limit: str = ""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer to a query. ``question`` are (label, text) pairs. ``allowed``: only what is allowed was asked for."""

    path: str
    question: tuple[tuple[str, str], ...]
    policies: tuple[PolicyAnswer, ...]
    allowed: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRef:
    """One side of a comparison."""

    path: str
    device: str
    platform: str
    policy: str


@dataclass(frozen=True, slots=True)
class ChangeCase:
    """Outcomes before and after, under conditions; both None where the sides agree. Cases count in order."""

    before: str | None
    after: str | None
    only_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferenceAnswer:
    """Packets on which two lists disagree.

    ``certain``: a packet surely gets different outcomes, in a system without history. ``before`` and ``after`` are
    what decides the packets on each side, the decision with the most packets first.
    """

    packets: Packets
    cases: tuple[ChangeCase, ...]
    certain: bool
    example: Mapping[str, str | int]
    share: float
    before: tuple[Decider, ...] = ()
    after: tuple[Decider, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """Two lists compared. ``differences`` are disjoint and exactly the packets that can differ.

    ``limit`` says why they are not, "" if they are; they are then examples. ``reason``: why it is undecided.
    """

    before: ListRef
    after: ListRef
    answer: Certainty
    differences: tuple[DifferenceAnswer, ...] = ()
    reason: str = ""
    limit: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquivalenceAnswer:
    """Whether two configurations, or two policies, treat every packet alike.

    ``unmatched`` are policies that only one side has. ``edits`` says what was changed, for a simulation.
    """

    comparisons: tuple[ComparisonAnswer, ...]
    unmatched: tuple[ListRef, ...] = ()
    edits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def answer(self) -> Certainty:
        """Return the answer for all comparisons together."""
        found = {one.answer for one in self.comparisons}
        if Certainty.DIFFERENT in found or self.unmatched:
            return Certainty.DIFFERENT
        return Certainty.UNDECIDED if Certainty.UNDECIDED in found else Certainty.EQUIVALENT
