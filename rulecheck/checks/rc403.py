"""RC403: rules do not log.

What it does
    Reports for each policy the rules in force that permit or deny without logging, where other rules of the policy do
    log. With `require.log = true` in `rulecheck.toml`, policies in which no rule logs are reported as well.

Why it matters
    Without a log nobody can say afterwards what a rule let through, or who was turned away.

Example
    access-list OUT extended permit tcp any host 192.0.2.10 eq 443 log
    access-list OUT extended deny ip any any

What to do
    Switch the log on for the rules in the list, above all for those that deny and for those that permit from outside.

Source
    NIST SP 800-41 Rev. 1, section 5.2.3 (logging); CIS Controls v8, safeguards 8.2 and 13.6; CIS FortiGate Benchmark
    (logging is enabled on all firewall policies).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, about_rules, counted, deciding, lines_phrase
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC403"
KIND = Topic.NOT_LOGGED.value
SEVERITY = Severity.INFO


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each policy with rules that do not log."""
    for policy in site.device.policies:
        rules = list(deciding(policy))
        silent = [rule for rule in rules if rule.logging is None]
        if silent and (site.settings.log_everywhere or len(silent) < len(rules)):
            share = f"{len(silent):,} of {counted(len(rules), 'rule')} of {policy.name}"
            yield about_rules(
                site,
                policy,
                silent,
                f"{share} {'does' if len(silent) == 1 else 'do'} not log: {lines_phrase(silent)}.",
                f"Switch the log on in {policy.name} where it is needed to see who was let in or turned away.",
            )
