"""RC402: the schedule of a rule is over.

What it does
    Reports a rule whose schedule has ended for good before the reference day: today, or the day of `--today`. Such a
    rule takes part in nothing, so no other rule is judged by it.

Why it matters
    The rule was meant to be temporary and has done its work. Whoever extends the schedule for another rule brings it
    back into force.

Example
    time-range MIGRATION
     absolute end 18:00 31 March 2025
    access-list OUT extended permit ip any host 192.0.2.10 time-range MIGRATION

What to do
    Delete the rule, and the schedule if nothing else uses it.

Source
    NIST SP 800-41 Rev. 1, section 5.5 (rules that are not needed any more are removed); PCI DSS 4.0, requirement 1.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, line_of
from rulecheck.model.device import Severity
from rulecheck.model.expiry import is_expired
from rulecheck.model.observation import Topic

CODE = "RC402"
KIND = Topic.EXPIRED_RULE.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule whose schedule has ended."""
    today = site.settings.today
    if today is None:
        return
    for policy in site.device.policies:
        for rule in policy.rules:
            if is_expired(rule, today) and rule.schedule is not None and rule.schedule.ends is not None:
                ended = f"{rule.schedule.name} ended on {rule.schedule.ends:%Y-%m-%d}"
                yield Draft(
                    f"{line_of(rule)} is over: its schedule {ended}.",
                    f"Delete line {rule.origin.line}, and the schedule if nothing else uses it.",
                    policy=policy,
                    rule=rule,
                    reason=f"schedule {ended}",
                )
