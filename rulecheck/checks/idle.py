"""Lists of rules that filter nothing: RC306 and RC307."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, counted
from rulecheck.model.device import Severity


def idle(site: Site, *, entry: bool) -> Iterator[Draft]:
    """Yield a draft for each list that is used nowhere, of those at which evaluation starts or of the others."""
    because = site.open_because
    for policy in site.device.policies:
        if policy.applied is not False or policy.entry is not entry:
            continue
        what = "is defined and not applied" if entry else "is defined, and nothing calls it"
        line = policy.origin.line if policy.origin else policy.rules[0].origin.line if policy.rules else 0
        use = "Apply it where it was meant to be" if entry else "Add the call that was forgotten"
        yield Draft(
            f"{policy.name} ({policy.kind}, {counted(len(policy.rules), 'rule')}) {what}"
            f"{f', as far as was seen: {because}' if because else ''}.",
            f"{use}, or delete {policy.name}.",
            severity=Severity.INFO if because else None,
            policy=policy,
            line=line,
            reason=because or None,
            doubtful=bool(because),
        )
