"""RC202: permits from any source.

What it does
    Reports for each policy the permits in force whose source is unrestricted (and that RC201 does not report). Permits
    of ICMP, and lists for traffic that leaves, are left out.

Why it matters
    A service for the public needs such a rule; everything else does not. Each entry should be a service that is meant
    for everybody.

Example
    access-list OUTSIDE extended permit tcp any host 192.0.2.25 eq smtp

What to do
    Go through the list. Restrict the source of every rule whose service is not meant for everybody.

Source
    PCI DSS 4.0, requirement 1.4.2 (inbound traffic only to what is authorised to be publicly accessible); NIST SP
    800-41 Rev. 1, section 4.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.rc201 import narrower
from rulecheck.checks.site import Draft, Site
from rulecheck.checks.wide import open_in
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC202"
KIND = Topic.ANY_SOURCE.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield one draft for each policy with permits that leave the source open."""
    return open_in(site, site.once(narrower), "source")
