"""RC303: an object or group is empty.

What it does
    Reports an object or group that stands for no address or no service at all. Rules that use it match nothing (RC104).

Why it matters
    A group that has lost its last member silently takes away the access that it gave, or the block that it made. On
    some platforms an empty group even means any.

Example
    object-group network PARTNERS

What to do
    Fill the group, or delete it with the rules that use it.

Source
    NIST SP 800-41 Rev. 1, section 5.5 (rule sets are kept in order); PCI DSS 4.0, requirement 1.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.inventory import is_empty, place, reference
from rulecheck.checks.site import Draft, Site
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC303"
KIND = Topic.EMPTY_OBJECT.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each empty object."""
    for one in site.device.objects:
        if is_empty(one):
            members = ": none of its members stands for anything" if one.members else ""
            yield Draft(
                f"{one.name} ({one.kind}) is empty{members}.",
                f"Fill {one.name}, or delete it together with the rules that use it.",
                object=reference(one),
                line=one.origin.line,
                places=(place(one),),
            )
