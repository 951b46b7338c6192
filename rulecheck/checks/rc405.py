"""RC405: a rule has never been hit.

What it does
    Reports a rule in force that has counted nothing, where the input has counters: another rule of the policy has
    counted something, or the input says since when they run. The message says over which time, where that is known.
    Rules that cannot be hit are left out (RC101, RC102, RC104), and so is a final deny of everything.

Why it matters
    A rule that nobody uses is access that nobody needs. It depends on the time over which was counted: a rule for the
    yearly closing has no hits in March.

Example
    access-list OUT line 7 extended permit tcp any host 192.0.2.10 eq 8080 (hitcnt=0) 0x2f1d5c1e

What to do
    Check the time over which was counted, ask the owner, then disable the rule and delete it later.

Source
    NIST SP 800-41 Rev. 1, section 5.5; PCI DSS 4.0, requirement 1.2.7; CIS FortiGate Benchmark (unused policies are
    reviewed regularly).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, deciding, line_of
from rulecheck.model.device import Policy, Severity
from rulecheck.model.observation import Topic
from rulecheck.model.rule import BLOCKING, Rule

CODE = "RC405"
KIND = Topic.NEVER_HIT.value
SEVERITY = Severity.INFO


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule that has counted nothing."""
    for policy in site.device.policies:
        if policy.applied is False:
            continue
        if not any(rule.hits is not None and (rule.hits.packets or rule.hits.window) for rule in policy.rules):
            continue
        for rule in deciding(policy):
            if rule.hits is None or rule.hits.packets or site.is_dead(policy, rule) or _is_last_deny(policy, rule):
                continue
            window = f" ({rule.hits.window})" if rule.hits.window else ""
            yield Draft(
                f"{line_of(rule)} has not been hit{window}.",
                f"Check over which time was counted and ask the owner whether line {rule.origin.line} is still needed.",
                policy=policy,
                rule=rule,
                reason=rule.hits.window or None,
            )


def _is_last_deny(policy: Policy, rule: Rule) -> bool:
    return rule is policy.rules[-1] and rule.outcome.verb in BLOCKING
