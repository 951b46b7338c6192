"""Answers in JSON, ``rulecheck.answer/1``, as pydantic models: the source of the published JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from rulecheck.model.answer import Certainty

SCHEMA_NAME = "rulecheck.answer/1"

Share = Annotated[float, Field(ge=0, le=1, description="Part of all packets asked about, 0 to 1, six digits")]
Index = Annotated[int, Field(ge=0, description="0-based position in the policy; disabled rules count, remarks not")]
Line = Annotated[int, Field(ge=0, description="1-based line in the source file; 0 where there is none")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolModel(_Model):
    """The program that answered."""

    name: Literal["rulecheck"]
    version: str


class PacketsModel(_Model):
    """A region of packets: a product of field sets. A field that is absent is unrestricted."""

    summary: str = Field(description="The region in one line, for people")
    fields: dict[str, list[str]] = Field(description="Field → exact members: values, networks, ranges")
    only_if: list[str] = Field(description="Conditions of the question itself")


class RuleModel(_Model):
    """A rule of a policy."""

    policy: str
    index: Index
    line: Line
    text: str = Field(description="The source as written, secrets removed")
    name: str | None


class DeciderModel(_Model):
    """What decides: a rule, or (rule null) the policy's default or a rule that the device implies."""

    policy: str = Field(description="Empty where only the effect was asked for")
    outcome: str
    effect: str = Field(description="allowed, denied, or the outcome in words where it is neither")
    rule: RuleModel | None
    implicit: str | None = Field(
        description="The rule that the device implies; null where a rule or the default decides"
    )


class CaseModel(_Model):
    """What decides under conditions. Cases count in order; the last has no conditions of its own."""

    only_if: list[str]
    decider: DeciderModel


class MissModel(_Model):
    """A rule that the example nearly matched."""

    rule: RuleModel
    fails: list[str]


class RegionModel(_Model):
    """Packets that are decided alike, with an example packet and its way through the rules."""

    packets: PacketsModel
    sure: bool = Field(description="Nothing that the configuration leaves open matters")
    cases: list[CaseModel]
    share: Share
    example: dict[str, str | int]
    called_by: list[RuleModel]
    passed: list[RuleModel]
    near: list[MissModel]
    rules: list[DeciderModel] = Field(description="All that allow packets of the region, for a list of what is allowed")


class PolicyModel(_Model):
    """The answer of one policy. Regions are disjoint and exactly the packets asked about."""

    device: str
    policy: str
    kind: str
    applied_to: list[str]
    families: list[Literal[4, 6]]
    regions: list[RegionModel]
    limit: str | None = Field(description="Why the regions are examples only; null where they are complete")


class QueryModel(_Model):
    """The answer to a query."""

    schema_: Literal["rulecheck.answer/1"] = Field(alias="schema")
    kind: Literal["query"]
    tool: ToolModel
    path: str
    question: dict[str, str]
    allowed: bool = Field(description="Only what is allowed was asked for")
    policies: list[PolicyModel]
    notes: list[str]


class ListModel(_Model):
    """One side of a comparison."""

    path: str
    device: str
    platform: str
    policy: str


class ChangeModel(_Model):
    """Outcomes on both sides under conditions; null where the sides agree. Cases count in order."""

    only_if: list[str]
    before: str | None
    after: str | None


class DifferenceModel(_Model):
    """Packets on which the sides disagree."""

    packets: PacketsModel
    certain: bool = Field(description="A packet surely gets different outcomes, in a system without history")
    cases: list[ChangeModel]
    share: Share
    example: dict[str, str | int]
    before: list[DeciderModel]
    after: list[DeciderModel]


class ComparisonModel(_Model):
    """Two lists compared. Differences are disjoint and exactly the packets that can differ."""

    before: ListModel
    after: ListModel
    answer: Certainty
    differences: list[DifferenceModel]
    reason: str | None
    limit: str | None = Field(description="Why the differences are examples only; null where they are complete")
    notes: list[str]


class EquivalenceModel(_Model):
    """The result of comparing configurations, or of simulating edits."""

    schema_: Literal["rulecheck.answer/1"] = Field(alias="schema")
    kind: Literal["equivalence", "simulation"]
    tool: ToolModel
    answer: Certainty
    edits: list[str]
    comparisons: list[ComparisonModel]
    unmatched: list[ListModel]
    notes: list[str]


class AnswerModel(RootModel[Annotated[QueryModel | EquivalenceModel, Field(discriminator="kind")]]):
    """An answer of rulecheck. Deterministic: the same input, question and version give the same bytes."""
