"""The certificates ``rulecheck.certificates/1`` as pydantic models: the source of the published JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rulecheck.model import fields

SCHEMA_NAME = "rulecheck.certificates/1"
BY_DEFAULT: Literal["default"] = "default"

Index = Annotated[int, Field(ge=0, description="0-based position in the policy; disabled rules count, remarks not")]
Line = Annotated[int, Field(ge=0, description="1-based line in the source file")]
Items = Annotated[list[str], Field(min_length=1)]
Packets = Annotated[
    dict[fields.Field, Items],
    Field(
        description="Per field a set of values: 10.0.0.0/8, 192.0.2.1-192.0.2.9, tcp, 8000-8080, 'eth0', 'eth'*; "
        "a field that is absent may have any value"
    ),
]
When = Annotated[dict[str, bool], Field(description="The answers of tests that the configuration leaves open")]
Taker = Literal["default"] | tuple[str, Index]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RegionModel(_Model):
    """A product of field sets, and who takes its packets: a rule as [policy, rule], or the default of a list."""

    packets: Packets
    when: When = {}
    by: list[Taker] = Field(description="Empty in a redundant rule's regions where the rule decides nothing anyway")


class WitnessModel(_Model):
    """One packet, on the fields that any rule of the device constrains."""

    packets: Packets
    when: When = {}


class CertificateModel(_Model):
    """The proof of one verdict: ``kind`` is that of the finding, or ``live`` for a rule without one."""

    policy: str
    rule: Index
    line: Line
    kind: str
    finding: str | None = Field(description="The finding's id; null for a live rule")
    regions: list[RegionModel] = Field(
        description="Together all that the rule matches; empty where the kind needs none"
    )
    witness: WitnessModel | None


class StepModel(_Model):
    """One rule of a removal plan. ``regions`` null: those of its finding (of an empty rule: all) prove the step."""

    policy: str
    rule: Index
    regions: list[RegionModel] | None


class PlanModel(_Model):
    """The proof of one removal plan, or of several that can be carried out together: a safe order."""

    policies: list[str]
    steps: list[StepModel]


class UncertifiedModel(_Model):
    """A claim of the report that has no certificate. ``rule`` null: the removal plan of the policy."""

    policy: str
    rule: Index | None
    kind: str
    why: str


class DeviceModel(_Model):
    """The certificates of one device of the report."""

    name: str
    platform: str
    sha256: str = Field(description="SHA-256 of the configuration that the certificates are about")
    certificates: list[CertificateModel]
    plans: list[PlanModel]
    uncertified: list[UncertifiedModel]


class ToolModel(_Model):
    """The program that wrote the certificates."""

    name: Literal["rulecheck"]
    version: str


class CertificatesModel(_Model):
    """The certificates of one report, in the order of its devices."""

    schema_: Literal["rulecheck.certificates/1"] = Field(alias="schema")
    tool: ToolModel
    devices: list[DeviceModel]
