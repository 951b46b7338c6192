"""RC100: it is undecided whether the rule is needed.

What it does
    Reports a rule for which the answer depends on something that the configuration leaves open: an FQDN that is
    not resolved, a schedule, a rate limit, the members of a dynamic list, or a clause that was not understood. The
    rule, or an earlier or later one, matches some packets for certain and others only perhaps, and the two bounds
    give different verdicts.

Why it matters
    It is not a claim that the rule can go. Tools that guess here produce the false alarms that make people stop
    reading. What is proven is reported under its own code; the rest is listed here with the line that leaves it open.

Example
    access-list OUT extended permit ip any object WWW        (object WWW: fqdn www.example.com)
    access-list OUT extended permit tcp any host 192.0.2.10 eq 443

    Whether the second line is needed depends on the addresses to which www.example.com resolves.

What to do
    Look at the line named in the reason. If you know the answer (the name resolves to 192.0.2.10), decide by hand;
    otherwise leave the rule.

Source
    Upper and lower closures of rules with unknown matches: Diekmann et al., "Verified iptables Firewall Analysis"
    (IFIP Networking 2016).
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC100"
KIND = Kind.UNDECIDED.value


def advise(subject: Subject) -> Advice:
    """Return what to say about an undecided rule."""
    verdict = subject.verdict
    reason = verdict.reason or "a work limit was reached"
    question = "can be removed" if verdict.suspected is Kind.REDUNDANT else "ever takes effect"
    return Advice(
        Severity.INFO,
        f"Whether {subject.place} {question} is undecided, because it depends on {reason}.",
        f"Keep {subject.place} unless you can answer what is open ({reason}); nothing is proven against it.",
        reason,
    )
