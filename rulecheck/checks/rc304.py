"""RC304: several objects of one kind have the same content.

What it does
    Reports objects of the same kind, in the same virtual system, that stand for exactly the same addresses or services
    under several names, however they are written. Empty objects are left out (RC303).

Why it matters
    When the server moves, one of the objects is changed and the other is forgotten.

Example
    object network WEB1
     host 192.0.2.10
    object network WEBSERVER
     host 192.0.2.10

What to do
    Keep one of them, and use it in place of the others. Keep several only where they will differ some day on purpose.

Source
    NIST SP 800-41 Rev. 1, section 5.5 (rule sets are kept in order); PCI DSS 4.0, requirement 1.2.7; Palo Alto Networks
    and Cisco best-practice guides on object clean-up.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from rulecheck.checks.inventory import content_key, place, reference
from rulecheck.checks.site import Draft, Site, listed
from rulecheck.model.device import ObjectDefinition, Severity
from rulecheck.model.observation import Topic

CODE = "RC304"
KIND = Topic.DUPLICATE_OBJECT.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each set of objects with the same content."""
    systems = {policy.name.partition("/")[0] for policy in site.device.policies if "/" in policy.name}
    found: dict[tuple[str, str, Hashable], list[ObjectDefinition]] = {}
    for one in site.device.objects:
        content = content_key(one)
        if content is not None:
            head, slash, _ = one.name.partition("/")
            found.setdefault((one.kind, head if slash and head in systems else "", content), []).append(one)
    for (kind, _, _), same in found.items():
        if len({one.name for one in same}) > 1:
            yield _draft(kind, same, site.settings.thresholds.examples)


def _draft(kind: str, same: list[ObjectDefinition], examples: int) -> Draft:
    first, names = same[0], [one.name for one in same]
    return Draft(
        f"{len(same)} objects of kind {kind} have the same content: {listed(names)}.",
        f"Use one of them in place of the other{'s' if len(same) > 2 else ''}.",
        object=reference(first),
        line=first.origin.line,
        places=tuple(place(one) for one in same[: max(examples, 2)]),
        key=tuple(sorted(names)),
    )
