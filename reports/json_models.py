"""The JSON report ``rulecheck.report/1`` as pydantic models: the source of the published JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence, Kind
from rulecheck.model.observation import Topic

SCHEMA_NAME = "rulecheck.report/1"

Count = Annotated[int, Field(ge=0)]
Line = Annotated[int, Field(ge=0, description="1-based line in the source file; 0 where no single line applies")]
Index = Annotated[int, Field(ge=0, description="0-based position in the policy; disabled rules count, remarks not")]
Code = Annotated[str, Field(pattern=r"^RC[0-9]{3}$", description="Code, as `rulecheck explain` takes it")]
Share = Annotated[
    float,
    Field(ge=0, allow_inf_nan=False, description="Part of the finding's packets that this rule takes, 0 to 1"),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class ToolModel(_Model):
    """The program that wrote the report."""

    name: Literal["rulecheck"]
    version: str


class SourceModel(_Model):
    """The file that a device was read from, and how its lines were accounted for."""

    path: str = Field(description="As given on the command line")
    sha256: str = Field(description="SHA-256 of the file's bytes, hexadecimal")
    lines: Count = Field(description="All lines of the file")
    understood_lines: Count = Field(description="Lines that are accounted for: all but the unknown ones")
    ignored_lines: Count = Field(description="Lines known not to matter for filtering")
    blank_lines: Count = Field(description="Empty lines, separators and comments")
    unknown_lines: Count = Field(description="Lines that were not understood; each has a diagnostic")


class PolicyModel(_Model):
    """One list of rules that is evaluated together, first match wins."""

    name: str
    kind: str = Field(description="The platform's word: acl, chain, zone-pair")
    applied_to: list[str] = Field(description="Where the policy is used; empty when nowhere")
    rules: Count
    default: str = Field(description="Outcome of packets that no rule decides")
    ways_in: Count | None = Field(description="How many calls lead to the list; null where evaluation starts at it")


class DiagnosticModel(_Model):
    """Something in the input that was not fully understood."""

    code: Code
    severity: Severity
    line: Line
    message: str
    text: str = Field(description="The source as written, secrets removed; may be empty")
    affects_verdicts: bool = Field(description="True when a rule may mean something else than was assumed")


class DeviceModel(_Model):
    """One firewall, router or context."""

    name: str
    platform: str
    source: SourceModel
    policies: list[PolicyModel]
    diagnostics: list[DiagnosticModel]
    reference_date: date | SkipJsonSchema[None] = Field(
        default=None, json_schema_extra=_without_default, description="Day at which schedules were judged, if any ends"
    )


class RuleModel(_Model):
    """The rule that a finding is about."""

    index: Index
    name: str | None
    line: Line
    text: str = Field(description="The source as written, secrets removed")
    hits: Count | None = Field(description="Packets or connections counted by the device; null when unknown")


class CoverModel(_Model):
    """A rule that takes packets of the rule that a finding is about."""

    index: Index
    line: Line
    text: str = Field(description="The source as written, secrets removed")
    share: Share
    outcome: str
    policy: str = Field(description="The policy of this rule, which can be another than the finding's")


class DeadPartModel(_Model):
    """A member of the rule's source, destination or service with which it never decides a packet."""

    operand: str = Field(description="source, destination or service")
    text: str = Field(description="The member as written")
    line: Line
    by: list[CoverModel] = Field(description="Earlier rules that take its packets; shares are those of the member")


class RewriteModel(_Model):
    """A smaller operand with which the rule would decide exactly the same packets."""

    operand: str = Field(description="source, destination, or the name of another field")
    values: list[str] = Field(description="In the notation of the platform")


class MergeModel(_Model):
    """Rules of one policy that can become one rule without changing any packet's outcome."""

    rules: list[Index] = Field(description="All of them, rising")
    lines: list[Line] = Field(description="Their lines, in the same order")
    operand: str = Field(description="What they differ in: source, destination, service, or the name of a field")
    values: list[str] = Field(description="The merged operand in the notation of the platform; empty when not short")
    at: Index = Field(description="The rule whose place the merged rule takes, the first or the last of them")


class ObjectModel(_Model):
    """A named object that a finding is about."""

    kind: str = Field(description="The platform's word: address, service group")
    name: str


class PlaceModel(_Model):
    """A further place that belongs to a finding."""

    line: Line
    text: str = Field(description="The source as written, secrets removed")
    index: Index | None = Field(description="Position in the finding's policy; null where it is no rule of it")


class FindingModel(_Model):
    """A claim about one rule with the evidence for it (RC1xx), or something noticed about risk or hygiene."""

    id: str = Field(description="Stable hash of platform-neutral content, not of position")
    code: Code
    kind: Kind | Topic
    severity: Severity
    confidence: Confidence
    device: str
    policy: str | None = Field(description="Null where the finding is about an object or the whole input")
    rule: RuleModel | None = Field(description="Null where the finding is not about one rule")
    by: list[CoverModel] = Field(
        description="A minimal set of rules that proves the claim; for partially_shadowed the heaviest takers"
    )
    single_covers: list[Index] = Field(description="Rules of the same policy each of which covers the rule alone")
    reason: str | None
    witness: dict[str, str | int] | None = Field(description="A concrete packet, field by field")
    caveats: list[str]
    removable: bool = Field(description="Deleting this rule alone changes no packet")
    message: str = Field(description="One sentence a person can act on")
    recommendation: str = Field(description="What to do, written from the facts of this finding")
    conflict: CoverModel | None = Field(description="The heaviest earlier rule with a different outcome")
    duplicate_of: Index | None = Field(description="Earlier rule that matches exactly the same packets")
    ways_in: Count | None = Field(description="How many calls lead to the rule's list; null where evaluation starts")
    cluster: int | None = Field(description="Findings with the same number are cleaned up together")
    share: Share | None = Field(description="Part of the rule's packets that others decide differently, else null")
    dead_parts: list[DeadPartModel] = Field(description="Members of the rule's operands that never matter")
    rewrite: list[RewriteModel] = Field(description="Operands without the dead part; empty when there is no short one")
    merge: MergeModel | None = Field(description="What a mergeable rule can become, else null")
    line: Line
    object: ObjectModel | None = Field(description="The object that the finding is about, if it is about one")
    rules: list[Index] = Field(description="All rules of the policy that a finding about many rules means")
    places: list[PlaceModel] = Field(description="Lines to look at: examples, definitions, or the rule that conflicts")


class RemovalPlanModel(_Model):
    """Rules of one policy that can be removed together."""

    device: str
    policy: str
    remove: list[Index] = Field(description="Positions before any removal")
    batches: list[list[Index]] = Field(
        description="The same rules in groups that findings connect, to be reviewed together"
    )
    proven: bool = Field(description="No packet's outcome changes when all of them are removed")


class SummaryModel(_Model):
    """Counts over the whole report."""

    rules: Count
    findings: dict[str, Count] = Field(description="Findings by kind, without the undecided; only kinds that occur")
    undecided: Count


class ErrorModel(_Model):
    """An input that could not be analysed."""

    path: str
    line: Line
    message: str
    remedy: str


class ReportModel(_Model):
    """The result of one run of rulecheck. Deterministic: the same input and version give the same bytes."""

    schema_: Literal["rulecheck.report/1"] = Field(alias="schema")
    tool: ToolModel
    created: str | SkipJsonSchema[None] = Field(
        default=None, json_schema_extra=_without_default, description="Time of the run (ISO 8601), only where asked for"
    )
    devices: list[DeviceModel]
    findings: list[FindingModel]
    removal_plan: list[RemovalPlanModel]
    summary: SummaryModel
    errors: list[ErrorModel]
