"""A device: its policies, its objects, and what its parser could not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rulecheck.model.match import Addresses, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, Outcome, Rule


class Severity(StrEnum):
    """How much a finding or diagnostic matters; ``info`` never fails a gate."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the most severe, rising."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something in the input that was not fully understood, or could not be read.

    ``affects_verdicts`` is True when a rule may mean something else than the analysis assumed
    (``--strict`` turns such a diagnostic into exit code 3). ``line`` is 1-based, 0 for the whole file.
    """

    code: str
    severity: Severity
    line: int
    message: str
    text: str = ""
    affects_verdicts: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """One list of rules that is evaluated together, first match wins. ``rules`` are in evaluation order.

    ``kind`` is the platform's word ("acl", "chain", "zone-pair"). ``scope`` separates name spaces: a rule
    calls policies of its own scope (an iptables table). ``families`` are the address families of the packets
    that reach the list. ``default`` is the outcome behind the last rule; a list that is only called from
    others has RETURN. ``implicit`` are rules that the device evaluates between the written ones and the
    default. ``entry`` tells whether evaluation can start here; a list that is not an entry is analysed
    along every way in. ``applied_to`` are the places of use ("outside in"); ``applied`` is False where the input
    shows that the list is used nowhere, None where it cannot tell (a capture of the list alone). ``ordered`` False:
    the platform has no order (a security group); all rules then have the same outcome.
    """

    name: str
    kind: str
    rules: tuple[Rule, ...]
    default: Outcome = DENY
    families: tuple[int, ...] = (4, 6)
    applied_to: tuple[str, ...] = ()
    implicit: tuple[Rule, ...] = ()
    scope: str = ""
    entry: bool = True
    origin: Origin | None = None
    applied: bool | None = None
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """A named object or group that the configuration defines (built-in ones are none).

    ``members`` are the names of other objects that it refers to, defined or not. ``content`` is what it stands for
    with all members resolved, None where it is neither addresses nor services.
    """

    name: str
    kind: str
    origin: Origin
    members: tuple[str, ...] = ()
    content: Addresses | Services | None = None


@dataclass(frozen=True, slots=True)
class ObjectUse:
    """A reference to an object: the policy, the rule's index, and the object's kind and name.

    For a use outside the rules (address translation, a VPN, an interface) ``rule`` is None and ``policy`` names the
    place in words.
    """

    policy: str
    rule: int | None
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How the lines of an input were accounted for. The four numbers add up to all lines of the file.

    ``understood``: part of the model. ``ignored``: known not to matter for filtering. ``blank``: empty
    lines, separators and comments. ``unknown``: reported as a diagnostic each.
    """

    understood: int
    ignored: int
    blank: int
    unknown: int

    @property
    def total(self) -> int:
        """Return the number of lines in the file."""
        return self.understood + self.ignored + self.blank + self.unknown


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The input a device was read from. ``sha256`` is the digest of the file's bytes."""

    path: str
    sha256: str
    lines: LineCounts


@dataclass(frozen=True, slots=True)
class Device:
    """One firewall, router or context, as its parser understood it."""

    name: str
    platform: str
    source: SourceFile
    policies: tuple[Policy, ...] = ()
    objects: tuple[ObjectDefinition, ...] = ()
    uses: tuple[ObjectUse, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
