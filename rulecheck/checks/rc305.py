"""RC305: an object is not used.

What it does
    Reports an object that neither a rule nor any other part of the configuration uses, directly or through groups that
    are used. Where a part of the input was not understood, or holds no rules, the finding says "not seen used", is
    undecided, and never fails a gate.

Why it matters
    Unused objects make the list of names longer in which people look for the right one, and are revived by mistake.

Example
    object network OLD_SERVER                     (and no other line names OLD_SERVER)

What to do
    Delete the object, unless something outside this configuration uses it (a management system, another device that
    shares its objects).

Source
    NIST SP 800-41 Rev. 1, section 5.5 (what is not needed any more is removed); PCI DSS 4.0, requirement 1.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.inventory import place, reference, unused
from rulecheck.checks.site import Draft, Site
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC305"
KIND = Topic.UNUSED_OBJECT.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each object that nothing uses."""
    because = site.open_because
    for one in site.once(unused):
        seen = f"was not seen used, but {because}" if because else "is not used"
        yield Draft(
            f"{one.name} ({one.kind}) {seen}.",
            f"Delete {one.name} unless something outside this configuration uses it.",
            severity=Severity.INFO if because else None,
            object=reference(one),
            line=one.origin.line,
            places=(place(one),),
            reason=because or None,
            doubtful=bool(because),
        )
