"""What users can set about the checks: which run, how severe they are, thresholds, and what lies outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rulecheck.model.device import Severity
from rulecheck.model.intervals import EMPTY, IntervalSet

OUTSIDE_NAMES = ("outside", "untrust", "untrusted", "wan", "internet", "external", "public")
"""Zones and interfaces that lie outside unless a configuration file names others."""

INSIDE_NAMES = (
    "inside", "trust", "trusted", "lan", "internal", "intranet", "dmz", "management", "mgmt", "guest", "office",
    "servers",
)  # fmt: skip
"""Zones and interfaces that do not lie outside unless a configuration file names others."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a range is over-wide.

    ``ports``: ports in one range of destination ports. ``ipv4_prefix`` and ``ipv6_prefix``: the prefix length of the
    widest network of public addresses that is not over-wide. ``examples``: rules that an observation on a whole policy
    cites by their text.
    """

    ports: int = 1000
    ipv4_prefix: int = 8
    ipv6_prefix: int = 16
    examples: int = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """How the checks RC2xx to RC4xx judge, and the severities of all findings.

    ``disabled`` are codes that are not looked for; ``severities`` replace those of the checks. ``log_everywhere`` and
    ``describe_everywhere``: miss logs and descriptions even where no rule has one. ``outside`` and ``inside`` are names
    of zones and interfaces in lower case, ``own`` addresses that are not outside although they are public. ``today`` is
    the day at which schedules are judged; None judges none.
    """

    disabled: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    log_everywhere: bool = False
    describe_everywhere: bool = False
    outside: frozenset[str] = frozenset(OUTSIDE_NAMES)
    inside: frozenset[str] = frozenset(INSIDE_NAMES)
    own: IntervalSet = EMPTY
    today: date | None = None


DEFAULT_SETTINGS = Settings()
