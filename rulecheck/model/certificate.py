"""Certificates: what makes a verdict checkable without trusting the engine that gave it.

docs/certificates.md says what each kind of certificate has to show.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulecheck.model.match import Term

LIVE = "live"
"""The kind of a certificate for a rule that is in force; the other kinds are those of findings."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rule: its policy's name in the report, and its index."""

    policy: str
    index: int


DEFAULT = Place("", -1)
"""Stands for the default of a list, and for its implicit rules."""


@dataclass(frozen=True, slots=True)
class Region:
    """A product of field sets under conditions, and the rules that take its packets instead of the certified one."""

    packets: Term
    by: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof of one verdict.

    ``kind`` is that of the finding, or :data:`LIVE`; ``finding`` is its id, "" for a live rule. ``regions``
    together hold all that the rule matches. ``witness`` is one packet, and the truth of the conditions that it is
    looked at under; fields that no rule of the device constrains are left out.
    """

    place: Place
    line: int
    kind: str
    finding: str = ""
    regions: tuple[Region, ...] = ()
    witness: Term | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of a removal plan, removed after those before it. ``regions`` None: those of its finding prove it."""

    place: Place
    regions: tuple[Region, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlanCertificate:
    """The proof that the plans of some policies can be carried out together: rule by rule, in this order."""

    policies: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Uncertified:
    """A claim of the report without a certificate, and why. ``index`` -1: the removal plan of the policy."""

    policy: str
    index: int
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class DeviceCertificates:
    """All certificates of one device. ``sha256`` is the digest of the configuration that they are about."""

    name: str
    platform: str
    sha256: str
    certificates: tuple[Certificate, ...] = ()
    plans: tuple[PlanCertificate, ...] = ()
    uncertified: tuple[Uncertified, ...] = ()
