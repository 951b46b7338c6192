"""RC203: permits to any destination.

What it does
    Reports for each policy the permits in force whose destination is unrestricted (and that RC201 does not report).
    Permits of ICMP, and lists none of whose rules restricts the destination, are left out.

Why it matters
    "Any" includes the networks behind the firewall's other interfaces, not only the Internet for which such rules are
    usually written.

Example
    access-list INSIDE extended permit tcp 10.1.0.0 255.255.0.0 any eq https

What to do
    Name the destinations, or deny the internal networks above the rule.

Source
    PCI DSS 4.0, requirement 1.3.2 (outbound traffic only as necessary); NIST SP 800-41 Rev. 1, section 4.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.rc201 import narrower
from rulecheck.checks.site import Draft, Site
from rulecheck.checks.wide import open_in
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC203"
KIND = Topic.ANY_DESTINATION.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield one draft for each policy with permits that leave the destination open."""
    return open_in(site, site.once(narrower), "destination")
