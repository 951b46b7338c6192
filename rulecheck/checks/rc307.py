"""RC307: nothing calls a list.

What it does
    Reports a list of rules that other lists would have to call (a user chain, a filter that is only included) and that
    none calls. Where a part of the input was not understood, the finding is undecided.

Why it matters
    Its rules filter nothing, although they look as if they did. Often a call was deleted and the list was forgotten.

Example
    :OLD_RULES - [0:0]                            (and no "-j OLD_RULES")

What to do
    Delete the list, or add the call that was forgotten.

Source
    PCI DSS 4.0, requirement 1.2.7 (configurations are relevant and effective); NIST SP 800-41 Rev. 1, section 5.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.idle import idle
from rulecheck.checks.site import Draft, Site
from rulecheck.model.device import Severity
from rulecheck.model.observation import Topic

CODE = "RC307"
KIND = Topic.UNCALLED_LIST.value
SEVERITY = Severity.LOW


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each list that nothing calls."""
    return idle(site, entry=False)
