"""RC207: a permit lets through what a later rule denies.

What it does
    Reports a deny that never takes effect because earlier rules decide all of its packets and the heaviest of them
    permits. It is the security side of a shadowed rule (RC101), decided packet by packet, and names the permit.

Why it matters
    Somebody blocked this traffic on purpose, and it gets through.

Example
    permit tcp any 192.0.2.0 0.0.0.255 eq 80
    deny   tcp any host 192.0.2.66 eq 80

What to do
    If the deny is right, move it above the permit. If it is not needed any more, delete it.

Source
    PCI DSS 4.0, requirement 1.2.7 (rule sets are reviewed for effect); NIST SP 800-41 Rev. 1, section 5.3 (test that
    blocked traffic is blocked); "shadowing" in Al-Shaer & Hamed (INFOCOM 2004).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.exposure import filters
from rulecheck.checks.site import Draft, Site, line_of
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind
from rulecheck.model.observation import Place, Topic
from rulecheck.model.rule import BLOCKING, Verb

CODE = "RC207"
KIND = Topic.BYPASSED_DENY.value
SEVERITY = Severity.MEDIUM


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each deny whose packets an earlier permit lets through."""
    policies = {policy.name: policy for policy in site.device.policies}
    for policy in site.device.policies:
        if not filters(policy):
            continue
        for rule in policy.rules:
            verdict = site.verdict(policy, rule) if rule.outcome.verb in BLOCKING else None
            if verdict is None or verdict.kind is not Kind.SHADOWED or verdict.conflict is None:
                continue
            if verdict.conflict.outcome.verb is not Verb.PERMIT:
                continue
            permit = policies[verdict.conflict.policy].rules[verdict.conflict.index]
            index = permit.index if verdict.conflict.policy == policy.name else None
            yield Draft(
                f"{line_of(rule)} denies nothing: line {permit.origin.line} before it permits "
                f"{'its' if verdict.conflict.share >= 1 else 'a part of its'} packets.",
                f"If line {rule.origin.line} is right, move it above line {permit.origin.line}; otherwise delete it.",
                policy=policy,
                rule=rule,
                places=(Place(permit.origin.line, permit.origin.text, index),),
            )
