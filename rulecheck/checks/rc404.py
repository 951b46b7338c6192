"""RC404: rules have no description.

What it does
    Reports for each policy the rules in force that have neither a description nor a name (a number is no name), where
    other rules of the device do. With `require.description = true` in `rulecheck.toml`, devices on which no rule has
    one are reported as well.

Why it matters
    Nobody can review a rule whose purpose and owner are not written down. It stays for ever, because nobody dares to
    delete it.

Example
    set security policies from-zone untrust to-zone dmz policy 17 match source-address any

What to do
    Write the purpose, the owner and the request into the description, when the rule is reviewed the next time.

Source
    PCI DSS 4.0, requirement 1.2.5 (each allowed service has a defined business need); NIST SP 800-41 Rev. 1, section
    5.2.2 (rules are commented).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, about_rules, counted, deciding, lines_phrase
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic
from rulecheck.model.rule import Rule

CODE = "RC404"
KIND = Topic.NOT_DESCRIBED.value
SEVERITY = Severity.INFO


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each policy with rules that say nothing about themselves."""
    policies = site.device.policies
    if not site.settings.describe_everywhere and not any(_is_described(r) for p in policies for r in p.rules):
        return
    for policy in policies:
        rules = list(deciding(policy))
        bare = [rule for rule in rules if not _is_described(rule)]
        if bare:
            has = "has" if len(bare) == 1 else "have"
            yield about_rules(
                site,
                policy,
                bare,
                f"{len(bare):,} of {counted(len(rules), 'rule')} of {policy.name} {has} no description: "
                f"{lines_phrase(bare)}.",
                f"Write down purpose and owner of the rules of {policy.name} when they are reviewed.",
            )


def _is_described(rule: Rule) -> bool:
    return bool(rule.description) or bool(rule.name and not rule.name.isdigit())
