"""Findings from verdicts made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulecheck.checks.findings import find
from rulecheck.engine.verdict import PolicyVerdicts, Taker, Verdict
from rulecheck.model.device import Device, LineCounts, Policy, SourceFile
from rulecheck.model.finding import Finding


def device(*policies: Policy, name: str = "fw") -> Device:
    return Device(name, "cisco_asa", SourceFile("fw.cfg", "0" * 64, LineCounts(9, 0, 0, 0)), policies)


def taker(policy: Policy, index: int, share: float = 1.0) -> Taker:
    return Taker(policy.name, index, policy.rules[index].outcome, share)


def findings(
    verdicts: Mapping[int, Verdict], policy: Policy, others: Sequence[Policy] = (), name: str = "fw"
) -> tuple[Finding, ...]:
    """Return the findings for verdicts on the rules of one policy; those of the others have none."""
    results = [PolicyVerdicts(policy.name, policy.scope, verdicts)]
    results += [PolicyVerdicts(other.name, other.scope, {}) for other in others]
    return find(device(policy, *others, name=name), results)


def finding(index: int, verdict: Verdict, policy: Policy, others: Sequence[Policy] = ()) -> Finding:
    """Return the finding for a verdict on one rule."""
    (found,) = findings({index: verdict}, policy, others)
    return found
