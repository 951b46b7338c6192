"""RC201: a permit from any to any with any service.

What it does
    Reports a permit in force whose source, destination and service are all unrestricted, and that can begin
    connections, where no zone or interface restricts it, or where it is for one outside. A permit for replies only
    (established connections), or for the loopback interface, is none. A permit for a zone or interface that is not
    outside is of medium severity, one for traffic that leaves of low severity.

Why it matters
    Such a rule switches the firewall off for whatever reaches it. It is often left over from a test, and it makes
    every rule behind it meaningless.

Example
    access-list OUTSIDE extended permit ip any any

What to do
    Find out from the logs which traffic uses the rule, permit that with rules of its own above it, then delete it.

Source
    NIST SP 800-41 Rev. 1, section 4.1 (block what is not expressly permitted); PCI DSS 4.0, requirements 1.3.1 and
    1.4.2; DISA STIG for Palo Alto Networks, V-228845.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulecheck.checks.exposure import PLACES, Side, View, any_destination, any_service, any_source, views
from rulecheck.checks.site import Draft, Site, line_of
from rulecheck.model.device import Severity
from rulecheck.model.match import Term
from rulecheck.model.observation import Topic

CODE = "RC201"
KIND = Topic.ANY_TO_ANY.value
SEVERITY = Severity.HIGH


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule that permits everything."""
    for view in site.once(views):
        whole = any_to_any(view)
        if whole:
            severity, where = _weight(view, whole)
            yield _draft(view, severity, where)


def narrower(site: Site) -> tuple[View, ...]:
    """Return the permits in force that do not permit everything."""
    return tuple(view for view in site.once(views) if not any_to_any(view))


def any_to_any(view: View) -> list[tuple[Side, Term]]:
    """Return the products in which a rule permits everything of an address family, with their sides."""
    return [(side, one) for side, one in view.terms if any_service(one) and any_source(one) and any_destination(one)]


def _weight(view: View, whole: Sequence[tuple[Side, Term]]) -> tuple[Severity, str]:
    """Return how severe it is, and which traffic the rule is restricted to, in words."""
    if view.outbound:
        return Severity.LOW, ", for traffic that leaves"
    if all(side is Side.INSIDE for side, _ in whole):
        return Severity.MEDIUM, ", for traffic from inside"
    if all(side is not Side.OUTSIDE and not PLACES.isdisjoint(term.sets) for side, term in whole):
        return Severity.MEDIUM, ", between certain zones or interfaces"
    return SEVERITY, ""


def _draft(view: View, severity: Severity, where: str) -> Draft:
    return Draft(
        f"{line_of(view.rule)} permits any service from any source to any destination{where}.",
        f"Find out which traffic uses line {view.rule.origin.line}, permit that with rules of its own, and delete it.",
        severity=severity,
        policy=view.policy,
        rule=view.rule,
    )
