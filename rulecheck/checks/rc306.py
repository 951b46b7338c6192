"""RC306: a policy is defined and not applied.

What it does
    Reports a list of rules that the input shows to be used nowhere: no interface, no service and no other list. A
    capture that holds the list alone does not show that, so nothing is reported for it. Where a part of the input was
    not understood, the finding is undecided.

Why it matters
    Its rules filter nothing, although they look as if they did.

Example
    ip access-list extended GUARD                 (and no "ip access-group GUARD in")

What to do
    Apply the list where it was meant to be, or delete it.

Source
    PCI DSS 4.0, requirement 1.2.7 (configurations are relevant and effective); NIST SP 800-41 Rev. 1, section 5.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.idle import idle
from rulecheck.checks.site import Draft, Site
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC306"
KIND = Topic.UNAPPLIED_POLICY.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each policy that is applied nowhere."""
    return idle(site, entry=True)
