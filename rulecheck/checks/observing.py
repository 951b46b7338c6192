"""All observations on one device: the checks RC2xx to RC4xx, run as the settings say."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from rulecheck.checks import (
    rc201,
    rc202,
    rc203,
    rc204,
    rc205,
    rc206,
    rc207,
    rc208,
    rc301,
    rc302,
    rc303,
    rc304,
    rc305,
    rc306,
    rc307,
    rc401,
    rc402,
    rc403,
    rc404,
    rc405,
)
from rulecheck.checks.cite import cite
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.checks.site import Draft, Site
from rulecheck.model.device import Device, Severity
from rulecheck.model.finding import Confidence
from rulecheck.model.observation import Observation, Topic
from rulecheck.model.rule import Rule

if TYPE_CHECKING:
    from rulecheck.engine.verdict import PolicyVerdicts


class _Check(Protocol):
    CODE: str
    KIND: str
    SEVERITY: Severity

    def look(self, site: Site) -> Iterator[Draft]:
        """Yield what the check has to say."""


_CHECKS: tuple[_Check, ...] = (
    rc201, rc202, rc203, rc204, rc205, rc206, rc207, rc208, rc301, rc302, rc303, rc304, rc305, rc306, rc307, rc401,
    rc402, rc403, rc404, rc405,
)  # fmt: skip

CODES = tuple(check.CODE for check in _CHECKS)
"""The codes that settings can switch off."""


def observe(
    device: Device, results: Sequence[PolicyVerdicts], settings: Settings = DEFAULT_SETTINGS
) -> tuple[Observation, ...]:
    """Return the observations on a device: by code, and within a code in the order of the configuration.

    ``results`` are the engine's verdicts on ``device.policies``.
    """
    site = Site(device, results, settings)
    identities = _Identities(device.name)
    return tuple(
        _observation(site, check, draft, identities)
        for check in _CHECKS
        if check.CODE not in settings.disabled
        for draft in check.look(site)
    )


def _observation(site: Site, check: _Check, draft: Draft, identities: _Identities) -> Observation:
    policy, rule = draft.policy, draft.rule
    usual = check.SEVERITY if draft.severity is None else draft.severity
    return Observation(
        id=identities.of(check.CODE, draft),
        code=check.CODE,
        kind=Topic(check.KIND),
        severity=usual if draft.doubtful else site.settings.severities.get(check.CODE, usual),
        confidence=Confidence.UNDECIDED if draft.doubtful else Confidence.EXACT,
        device=site.device.name,
        message=draft.message,
        recommendation=draft.recommendation,
        policy=policy.name if policy else None,
        rule=cite(policy, rule) if policy and rule else None,
        object=draft.object,
        line=rule.origin.line if rule else draft.line,
        rules=draft.rules,
        places=draft.places,
        reason=draft.reason,
    )


class _Identities:
    """Gives each observation an id that survives renumbering: a digest of what it is about, not of where it stands."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._seen: Counter[str] = Counter()

    def of(self, code: str, draft: Draft) -> str:
        """Return the id of a draft; equal ones are told apart by counting."""
        place = (draft.policy.scope, draft.policy.name) if draft.policy else ()
        about = (draft.object.kind, draft.object.name) if draft.object else ()
        content = repr((self._device, code, place, about, _meaning(draft.rule) if draft.rule else (), draft.key))
        self._seen[content] += 1
        text = f"{content}#{self._seen[content]}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _meaning(rule: Rule) -> tuple[object, ...]:
    """Return a rule as it was written, without its number and place."""
    match = rule.match
    return (
        rule.outcome.label,
        (match.source.label, match.source.negated),
        (match.destination.label, match.destination.negated),
        match.services.label if match.services else "any",
        tuple((one.field.value, one.text) for one in match.constraints),
        tuple(one.origin.text for one in match.conditions),
        tuple((one.field.value, one.text) for choice in match.choices for way in choice for one in way.constraints),
    )
