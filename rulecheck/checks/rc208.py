"""RC208: the policy has no default deny.

What it does
    Reports a policy that permits what none of its rules decides: its default is permit and no rule at its end denies
    everything, or its last rule in force permits everything behind rules that deny. Policies for traffic that leaves,
    and lists that do not filter (address translation, traffic classes), are left out.

Why it matters
    Such a policy blocks only what somebody thought of. A new network or service behind it is open from its first day.

Example
    :FORWARD ACCEPT [0:0]

What to do
    Permit what is needed, then deny the rest: change the default, or put a deny of everything at the end. That changes
    traffic, so log what the default permits today first.

Source
    NIST SP 800-41 Rev. 1, section 4.1 (deny by default); PCI DSS 4.0, requirement 1.3.1 (all other traffic is denied);
    CIS Controls v8, safeguard 4.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulecheck.checks.exposure import any_destination, any_service, any_source, filters, is_outbound
from rulecheck.checks.site import Draft, Site, deciding, line_of
from rulecheck.model.device import Policy, Severity
from rulecheck.model.fields import Field
from rulecheck.model.observation import Topic
from rulecheck.model.rule import BLOCKING, Rule, Verb

CODE = "RC208"
KIND = Topic.NO_DEFAULT_DENY.value
SEVERITY = Severity.MEDIUM

_EVERYTHING = frozenset({Field.SOURCE, Field.DESTINATION})


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each policy that permits what nobody decided."""
    for policy in site.device.policies:
        if not policy.entry or not policy.ordered or not filters(policy) or is_outbound(policy):
            continue
        rules = list(deciding(policy))
        if policy.default.verb is Verb.PERMIT:
            if (rules or not policy.implicit) and not _denies_all(policy, (*rules[-1:], *policy.implicit)):
                yield _by_default(policy)
        elif _is_list_of_denies(policy, rules):
            yield _by_last_rule(policy, rules[-1])


def _is_list_of_denies(policy: Policy, rules: Sequence[Rule]) -> bool:
    """Return whether rules deny some things and the last one permits the rest."""
    if not rules or rules[-1].outcome.verb is not Verb.PERMIT or not _decides_all(policy, rules[-1]):
        return False
    return any(rule.outcome.verb in BLOCKING for rule in rules)


def _denies_all(policy: Policy, rules: Iterable[Rule]) -> bool:
    return any(rule.outcome.verb in BLOCKING and _decides_all(policy, rule) for rule in rules)


def _decides_all(policy: Policy, rule: Rule) -> bool:
    """Return whether a rule matches every packet of all families of its policy."""
    found = {
        term.sets[Field.SOURCE].lowest
        for term in rule.match.must(policy.families)
        if term.sets.keys() <= _EVERYTHING and any_source(term) and any_destination(term) and any_service(term)
    }
    return len(found) == len(policy.families)


def _by_default(policy: Policy) -> Draft:
    return Draft(
        f"{policy.name} permits what none of its rules decides: its default is {policy.default.label}.",
        f"Permit what is needed in {policy.name}, and deny the rest.",
        policy=policy,
        line=policy.origin.line if policy.origin else 0,
    )


def _by_last_rule(policy: Policy, last: Rule) -> Draft:
    return Draft(
        f"{line_of(last)} at the end of {policy.name} permits everything that the rules before it do not deny.",
        f"Permit what is needed in {policy.name} instead of line {last.origin.line}, and deny the rest.",
        policy=policy,
        rule=last,
    )
