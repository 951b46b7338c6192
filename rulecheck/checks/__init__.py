"""From verdicts to findings: one file for each check, whose docstring is the user's documentation."""

from rulecheck.checks.catalogue import Doc, documentation

__all__ = ["Doc", "documentation"]
