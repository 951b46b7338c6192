"""RC206: a permit is over-wide.

What it does
    Reports a permit in force with a range of destination ports of at least 1,000 ports, or TCP or UDP without a port,
    or with a range of public addresses wider than /8 (IPv6: /16) that is not simply any. The limits can be set in
    `rulecheck.toml`. A single name counts by its content, several small ranges count one by one.

Why it matters
    A wide range opens services that nobody had in mind when the rule was written, and hides which ones are needed.

Example
    access-list OUTSIDE extended permit tcp any host 192.0.2.10 range 1024 65535

What to do
    Find out which ports or addresses are used, and permit those. For protocols that choose ports at run time (FTP,
    SIP, RPC) let the firewall inspect the protocol instead.

Source
    PCI DSS 4.0, requirement 1.2.5 (ports are identified and have a business need); NIST SP 800-41 Rev. 1, section
    4.1.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.checks.exposure import PUBLIC, View, any_service, is_any, views
from rulecheck.checks.services import TCP, UDP
from rulecheck.checks.settings import Thresholds
from rulecheck.checks.site import Draft, Site, line_of, listed
from rulecheck.model.device import Severity
from rulecheck.model.fields import IPV6_BASE, PORT_ALL, Field
from rulecheck.model.intervals import Interval, IntervalSet
from rulecheck.model.match import Term
from rulecheck.model.observation import Topic
from rulecheck.model.wording import address

CODE = "RC206"
KIND = Topic.WIDE_RANGE.value
SEVERITY = Severity.LOW

_TRANSPORT = IntervalSet.points((TCP, UDP))


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule with an over-wide range."""
    limits = site.settings.thresholds
    for view in site.once(views):
        wide = list(dict.fromkeys(phrase for _, term in view.terms for phrase in _wide(view, term, limits)))
        if wide:
            yield Draft(
                f"{line_of(view.rule)} permits {listed(wide)}.",
                f"Find out what line {view.rule.origin.line} is used for, and permit only that.",
                policy=view.policy,
                rule=view.rule,
                key=tuple(wide),
            )


def _wide(view: View, term: Term, limits: Thresholds) -> Iterator[str]:
    if not any_service(term):
        yield from _wide_ports(term, limits)
    for field, operand in ((Field.SOURCE, view.rule.match.source), (Field.DESTINATION, view.rule.match.destination)):
        values = term.sets[field]
        if not operand.negated:
            preposition = "from" if field is Field.SOURCE else "to"
            yield from (f"packets {preposition} {_range(low, high)}" for low, high in _wide_addresses(values, limits))


def _wide_ports(term: Term, limits: Thresholds) -> Iterator[str]:
    protocols = term.sets.get(Field.PROTOCOL)
    if protocols is None or not protocols <= _TRANSPORT or Field.APPLICATION in term.sets:
        return
    name = " and ".join(word for number, word in ((TCP, "TCP"), (UDP, "UDP")) if number in protocols)
    for low, high in term.sets.get(Field.DESTINATION_PORT, PORT_ALL):
        if high - low + 1 >= PORT_ALL.size - 1:
            yield f"all {name} ports"
        elif high - low + 1 >= limits.ports:
            yield f"{high - low + 1:,} {name} ports ({low}-{high})"


def _wide_addresses(values: IntervalSet, limits: Thresholds) -> Iterator[Interval]:
    bits = 32 - limits.ipv4_prefix if values.lowest < IPV6_BASE else 128 - limits.ipv6_prefix
    for low, high in values:
        wide = high - low >= 1 << bits and not is_any(values)
        if wide and (IntervalSet(((low, high),)) & PUBLIC).size > 1 << bits:
            yield low, high


def _range(low: int, high: int) -> str:
    return f"{address(low)}-{address(high)}"
