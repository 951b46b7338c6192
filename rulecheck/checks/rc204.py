"""RC204: permits of any service.

What it does
    Reports for each policy the permits in force with neither protocol, ports nor application (and that RC201 does not
    report). Lists none of whose rules restricts the service are left out.

Why it matters
    The rule permits protocols that nobody asked for, among them all that are made for administration.

Example
    access-list DMZ extended permit ip host 192.0.2.10 host 10.1.1.20

What to do
    Find out which services are used and permit those.

Source
    CIS Palo Alto Firewall 9 Benchmark v1.1.0, recommendation 7.2 (no service "any" in a policy that allows traffic);
    PCI DSS 4.0, requirement 1.2.5 (services, protocols and ports are identified and have a business need).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.rc201 import narrower
from rulecheck.checks.site import Draft, Site
from rulecheck.checks.wide import open_in
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC204"
KIND = Topic.ANY_SERVICE.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield one draft for each policy with permits that leave the service open."""
    return open_in(site, site.once(narrower), "service")
