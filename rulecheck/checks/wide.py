"""Permits that leave a field open, one observation for each policy and field: RC202, RC203 and RC204."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from rulecheck.checks.exposure import View, any_destination, any_service, any_source, is_any
from rulecheck.checks.site import Draft, Site, about_rules, counted, lines_phrase
from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term
from rulecheck.model.rule import Rule

_ICMP = IntervalSet.points((1, 58))

_OPEN: Mapping[str, Callable[[Term], bool]] = {
    "source": any_source,
    "destination": any_destination,
    "service": any_service,
}


def open_in(site: Site, seen: Iterable[View], field: str) -> Iterator[Draft]:
    """Yield a draft for each policy with rules among ``seen`` that leave ``field`` open.

    A list that never names a destination or a service is left out there (a standard access list), and one for traffic
    that leaves where it is about the source.
    """
    found: dict[str, tuple[Policy, list[Rule]]] = {}
    for view in seen:
        if view.outbound and field == "source":
            continue
        if any(_OPEN[field](term) and not _only_icmp(term) for _, term in view.terms):
            found.setdefault(view.policy.name, (view.policy, []))[1].append(view.rule)
    for policy, rules in found.values():
        if field == "source" or any(_restricts(rule, field) for rule in policy.rules):
            yield _draft(site, policy, rules, field)


def _only_icmp(term: Term) -> bool:
    return Field.PROTOCOL in term.sets and term.sets[Field.PROTOCOL] <= _ICMP


def _restricts(rule: Rule, field: str) -> bool:
    """Return whether a rule names something in the field: a list in which none does is not about that field."""
    if field == "service":
        return rule.match.services is not None and any(sets for sets, _ in rule.match.services.products)
    return not any(is_any(part.values) for part in rule.match.destination.parts)


def _draft(site: Site, policy: Policy, rules: list[Rule], field: str) -> Draft:
    verb = "permits" if len(rules) == 1 else "permit"
    preposition = {"source": "from any source", "destination": "to any destination", "service": "any service"}[field]
    return about_rules(
        site,
        policy,
        rules,
        f"{counted(len(rules), 'rule')} of {policy.name} {verb} {preposition}: {lines_phrase(rules)}.",
        f"Go through {'it' if len(rules) == 1 else 'them'} and restrict the {field} wherever it need not be open.",
    )
