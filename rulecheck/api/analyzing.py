"""The analysis of ``rulecheck analyze`` as a function."""

from __future__ import annotations

from rulecheck.api.loading import Config
from rulecheck.api.results import AnalysisResult


def analyze(*configs: Config) -> AnalysisResult:
    """Analyse configurations: rules that can never match, that change nothing, and what else was found.

    >>> result = analyze(loads(EXAMPLE))
    >>> [(finding.kind.value, finding.rule.index) for finding in result.findings if finding.removable]
    [('covered', 1), ('redundant', 3)]
    """
    from rulecheck import __version__
    from rulecheck.analysis import report_device
    from rulecheck.model.finding import Report

    devices = tuple(report_device(device) for config in configs for device in config.devices)
    return AnalysisResult(Report(__version__, devices))
