"""RC302: references form a cycle.

What it does
    Reports groups or lists that contain each other, once for each message. The analysis has told what it assumed under
    RC604.

Why it matters
    Such a group has no defined members. The device refuses the configuration, or leaves a part of it out.

Example
    object-group network A / group-object B / object-group network B / group-object A

What to do
    Remove one of the references.

Source
    The configuration guides of the platforms; PCI DSS 4.0, requirement 1.2.7 (configurations are reviewed).
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site
from rulecheck.checks.told import told
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC302"
KIND = Topic.REFERENCE_CYCLE.value
SEVERITY = Severity.MEDIUM


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each cycle of references."""
    return told(site, "RC604", "Remove one of the references that form the cycle.")
