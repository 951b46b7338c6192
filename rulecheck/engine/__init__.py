"""The exact analysis: which rules of a policy can never decide a packet, which change nothing, and why."""

from rulecheck.engine.analyze import DEFAULT_LIMITS, analyze_policies
from rulecheck.engine.verdict import Limits, Packet, PolicyVerdicts, Taker, Verdict

__all__ = ["DEFAULT_LIMITS", "Limits", "Packet", "PolicyVerdicts", "Taker", "Verdict", "analyze_policies"]
