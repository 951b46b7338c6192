"""RC301: a name is used that is not defined.

What it does
    Reports a name that a rule, a group or an interface uses and that the input does not define, once for each name and
    message. The analysis has told what it assumed instead under RC603.

Why it matters
    On the device the name may stand for nothing, or for everything: platforms differ. Either the rule does not do what
    it says, or the export is incomplete.

Example
    access-list OUT extended permit ip object-group NO_SUCH_GROUP any

What to do
    Define the name or remove the reference. If the device does define it, export the whole configuration.

Source
    NIST SP 800-41 Rev. 1, section 5.2.2 (the configured policy has to match the intended one); PCI DSS 4.0,
    requirement 1.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site
from rulecheck.checks.told import told
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC301"
KIND = Topic.UNDEFINED_REFERENCE.value
SEVERITY = Severity.MEDIUM


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each reference that leads nowhere."""
    return told(
        site, "RC603", "Define the name or remove the reference; if it is defined elsewhere, export that as well."
    )
