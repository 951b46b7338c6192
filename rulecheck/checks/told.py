"""References that the parser could not follow, as observations: RC301 and RC302."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.site import Draft, Site, counted
from rulecheck.model.device import Diagnostic, Severity
from rulecheck.model.observation import Place


def told(site: Site, code: str, recommendation: str) -> Iterator[Draft]:
    """Yield a draft for each different message of the diagnostics with ``code``, most places first cited.

    One that cannot change a verdict is of low severity.
    """
    found: dict[str, list[Diagnostic]] = {}
    for one in site.device.diagnostics:
        if one.code == code:
            found.setdefault(one.message, []).append(one)
    for message, items in found.items():
        first = items[0]
        more = f" (in {counted(len(items), 'place')})" if len(items) > 1 else ""
        yield Draft(
            f"{message[:1].upper()}{message[1:].removesuffix('.')}{more}.",
            recommendation,
            severity=None if any(one.affects_verdicts for one in items) else Severity.LOW,
            line=first.line,
            places=tuple(Place(one.line, one.text) for one in items[: site.settings.thresholds.examples]),
            key=(message,),
        )
