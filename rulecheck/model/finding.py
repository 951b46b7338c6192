"""Results: findings with their evidence, removal plans, and the report that carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from rulecheck.model.device import Diagnostic, Severity, SourceFile

if TYPE_CHECKING:
    from rulecheck.model.observation import Observation


class Kind(StrEnum):
    """What a finding claims about a rule."""

    SHADOWED = "shadowed"
    COVERED = "covered"
    REDUNDANT = "redundant"
    EMPTY = "empty"
    PARTIALLY_SHADOWED = "partially_shadowed"
    GENERALIZATION = "generalization"
    MERGEABLE = "mergeable"
    DEAD_PART = "dead_part"
    UNDECIDED = "undecided"


class Confidence(StrEnum):
    """``exact``: proven for every packet. ``undecided``: the bounds of the match give different answers."""

    EXACT = "exact"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A rule as reports cite it. ``fields`` are (label, text as written) pairs for side-by-side display."""

    policy: str
    index: int
    line: int
    text: str
    outcome: str
    name: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    description: str = ""
    hits: int | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """A rule that takes packets of another one.

    ``share`` is the part of the other rule's packets that it takes, 0 to 1, rounded to six digits.
    """

    rule: RuleRef
    share: float


@dataclass(frozen=True, slots=True)
class DeadMember:
    """A member of a rule's operand with which the rule never decides a packet.

    ``operand`` is ``source``, ``destination`` or ``service``; ``text`` is the member as written, in ``line`` (1-based).
    ``by`` are the earlier rules that take its packets; their shares are those of the member.
    """

    operand: str
    text: str
    line: int
    by: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What an operand of a rule can be instead without changing a packet: the values, in the platform's notation."""

    operand: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedRule:
    """Rules of one policy that can become one, in order. They differ in ``operand`` alone.

    ``values`` is the operand of the merged rule, empty where it is no short list. It stands at the place of rule
    ``at``, the first or the last of ``rules``.
    """

    rules: tuple[RuleRef, ...]
    operand: str
    values: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim about one rule, with the evidence for it.

    ``by``: a minimal set of rules that proves the claim (covers, or the later rules that take over).
    ``single_covers``: indexes of rules of the same policy each of which covers the rule alone.
    ``conflict``: the heaviest rule with a different outcome that decides packets of the rule first.
    ``witness``: a concrete packet as label → value; for a redundant rule one that it decides, for an
    undecided one a packet on which the bounds disagree. ``ways_in``: for a called list, how many calls lead
    to it. ``cluster``: findings with the same number are cleaned up together.

    For a rule of which others decide a part: ``share`` is that part of its packets, 0 to 1, ``by`` the heaviest of the
    rules that take it, ``dead_parts`` members that never matter, and ``rewrite`` operands with which it would decide
    exactly the same. For a generalization ``by`` is the later rule. ``merge`` is what a mergeable rule can become.
    """

    id: str
    code: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    device: str
    policy: str
    rule: RuleRef
    message: str
    recommendation: str
    by: tuple[Cover, ...] = ()
    single_covers: tuple[int, ...] = ()
    conflict: Cover | None = None
    duplicate_of: int | None = None
    reason: str | None = None
    witness: Mapping[str, str | int] | None = None
    caveats: tuple[str, ...] = ()
    removable: bool = False
    ways_in: int | None = None
    cluster: int | None = None
    share: float | None = None
    dead_parts: tuple[DeadMember, ...] = ()
    rewrite: tuple[Rewrite, ...] = ()
    merge: MergedRule | None = None


@dataclass(frozen=True, slots=True)
class RemovalPlan:
    """Rules of one policy that can be removed together. ``proven``: no packet's outcome changes.

    ``batches`` has the same rules in groups that findings connect, to be reviewed together.
    """

    device: str
    policy: str
    remove: tuple[int, ...]
    proven: bool
    batches: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """A policy as reports show it. ``ways_in`` is None for a list at which evaluation starts."""

    name: str
    kind: str
    applied_to: tuple[str, ...]
    rules: int
    default: str
    ways_in: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """Everything that was found out about one device.

    ``findings`` are proofs about rules, ``observations`` what was noticed besides about risk and hygiene.
    ``reference_date`` is the day at which schedules were judged; None where no rule depends on it.
    """

    name: str
    platform: str
    source: SourceFile
    policies: tuple[PolicySummary, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    findings: tuple[Finding, ...] = ()
    plans: tuple[RemovalPlan, ...] = ()
    observations: tuple[Observation, ...] = ()
    reference_date: date | None = None


@dataclass(frozen=True, slots=True)
class InputError:
    """An input that could not be analysed: path, line (0 for the whole file), what is wrong, what to do."""

    path: str
    line: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run, ready for any writer. ``version`` is rulecheck's."""

    version: str
    devices: tuple[DeviceReport, ...] = ()
    errors: tuple[InputError, ...] = ()
    created: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings in device order."""
        return tuple(one for device in self.devices for one in device.findings)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Return all observations in device order."""
        return tuple(one for device in self.devices for one in device.observations)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Return the severities of all findings and observations."""
        return (*(one.severity for one in self.findings), *(one.severity for one in self.observations))

    @property
    def plans(self) -> tuple[RemovalPlan, ...]:
        """Return all removal plans in device order."""
        return tuple(one for device in self.devices for one in device.plans)

    @property
    def rules(self) -> int:
        """Return how many rules were read."""
        return sum(policy.rules for device in self.devices for policy in device.policies)

    def count(self, kind: Kind) -> int:
        """Return how many findings are of ``kind``."""
        return sum(one.kind is kind for one in self.findings)
