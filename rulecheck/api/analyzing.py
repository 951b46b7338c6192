"""The analysis of ``rulecheck analyze`` as a function."""

from __future__ import annotations

from datetime import date

from rulecheck.api.loading import Config
from rulecheck.api.results import AnalysisResult


def analyze(*configs: Config, today: date | None = None) -> AnalysisResult:
    """Analyse configurations: rules that can never match, that change nothing, and what else was found.

    ``today`` is the day at which schedules are judged: rules that ended before it take part in nothing. Without it no
    schedule is over. ``rulecheck.toml`` is not read.

    >>> result = analyze(loads(EXAMPLE))
    >>> [(finding.kind.value, finding.rule.index) for finding in result.findings if finding.removable]
    [('covered', 1), ('redundant', 3)]
    """
    from rulecheck import __version__
    from rulecheck.analysis import report_device
    from rulecheck.checks.settings import Settings
    from rulecheck.model.finding import Report

    settings = Settings(today=today)
    devices = tuple(report_device(device, settings) for config in configs for device in config.devices)
    return AnalysisResult(Report(__version__, devices))
