"""RC401: a rule is disabled.

What it does
    Reports a rule that is switched off and takes part in nothing, with the reason where the configuration gives one.
    Rules whose schedule is over are reported as RC402.

Why it matters
    A disabled rule can be switched on again by one click, years after anybody knew what it was for.

Example
    access-list OUT extended permit tcp any host 192.0.2.10 eq 443 inactive

What to do
    Delete the rule once it is certain that it is not needed; the change history keeps it.

Source
    NIST SP 800-41 Rev. 1, section 5.5; PCI DSS 4.0, requirement 1.2.7; CIS FortiGate Benchmark (unused policies are
    reviewed regularly).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, line_of
from rulecheck.model.device import Severity
from rulecheck.model.expiry import is_expired
from rulecheck.model.observation import Topic

CODE = "RC401"
KIND = Topic.DISABLED_RULE.value
SEVERITY = Severity.INFO


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule that is switched off."""
    today = site.settings.today
    for policy in site.device.policies:
        for rule in policy.rules:
            if rule.enabled or (today is not None and is_expired(rule, today)):
                continue
            because = rule.disabled_because
            why = f" ({because})" if because and because not in ("disabled", "inactive") else ""
            yield Draft(
                f"{line_of(rule)} is disabled{why}.",
                f"Delete line {rule.origin.line} if it is not needed any more.",
                policy=policy,
                rule=rule,
                reason=because or None,
            )
