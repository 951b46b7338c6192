"""Observations: what was noticed about the risk and the hygiene of a configuration, apart from proofs about rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence, RuleRef


class Topic(StrEnum):
    """What an observation is about; in reports the ``kind`` of its finding."""

    ANY_TO_ANY = "any_to_any"
    ANY_SOURCE = "any_source"
    ANY_DESTINATION = "any_destination"
    ANY_SERVICE = "any_service"
    EXPOSED_SERVICE = "exposed_service"
    WIDE_RANGE = "wide_range"
    BYPASSED_DENY = "bypassed_deny"
    NO_DEFAULT_DENY = "no_default_deny"
    UNDEFINED_REFERENCE = "undefined_reference"
    REFERENCE_CYCLE = "reference_cycle"
    EMPTY_OBJECT = "empty_object"
    DUPLICATE_OBJECT = "duplicate_object"
    UNUSED_OBJECT = "unused_object"
    UNAPPLIED_POLICY = "unapplied_policy"
    UNCALLED_LIST = "uncalled_list"
    DISABLED_RULE = "disabled_rule"
    EXPIRED_RULE = "expired_rule"
    NOT_LOGGED = "not_logged"
    NOT_DESCRIBED = "not_described"
    NEVER_HIT = "never_hit"


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object that an observation is about: the platform's word for what it is, and its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A further place that belongs to an observation: a line of the input, its text, and the rule's index if any."""

    line: int
    text: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """Something about a rule, an object, a policy or a reference that a person should look at.

    Unlike a :class:`~rulecheck.model.finding.Finding` it proves nothing about packets, and removes nothing. ``policy``
    is None where it is about an object, ``rule`` where it is not about one rule; ``line`` is where to look. An
    observation about many rules of a policy lists all of them in ``rules`` (indexes) and the first in ``places``.
    ``confidence`` is ``undecided`` where a part of the input that was not understood could speak against it.
    """

    id: str
    code: str
    kind: Topic
    severity: Severity
    confidence: Confidence
    device: str
    message: str
    recommendation: str
    policy: str | None = None
    rule: RuleRef | None = None
    object: ObjectRef | None = None
    line: int = 0
    rules: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    reason: str | None = None
