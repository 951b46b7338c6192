"""RC205: a service for administration or in clear text is open from outside.

What it does
    Reports a permit in force that lets packets from outside reach Telnet, FTP, SNMP, RDP, SMB, a database or another
    service of a list (`services_at_risk.toml`). From outside means: from any or from public addresses, and not through
    a zone or interface inside. A service in clear text is also reported, one step less severe, for a few public
    addresses. Ports that an earlier deny takes away first are left out, and so are rules for any service (RC204) and
    ranges of a quarter of all ports or more (RC206), which are for replies as a rule.

Why it matters
    These services are what attackers look for first: logins that can be guessed, protocols that show the password to
    everybody on the way, databases that were never meant to be seen.

Example
    access-list OUTSIDE extended permit tcp any host 192.0.2.10 eq 3389

What to do
    Reach the service through a VPN or a jump host, or restrict the source to the addresses that need it. Replace
    clear text by its encrypted successor. Names of zones and own public addresses can be set in `rulecheck.toml`.

Source
    PCI DSS 4.0, requirements 1.2.6 and 1.4.2; CIS AWS Foundations Benchmark, "no security groups allow ingress from
    0.0.0.0/0 to remote server administration ports"; CISA Binding Operational Directive 23-02.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rulecheck.checks.exposure import PUBLIC, Side, View, views
from rulecheck.checks.services import TCP, UDP, ServiceAtRisk, ports_at_risk, services_at_risk
from rulecheck.checks.site import Draft, Site, line_of, listed
from rulecheck.model.device import Policy, Severity
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, PORT_ALL, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Term
from rulecheck.model.observation import Topic
from rulecheck.model.rule import BLOCKING

CODE = "RC205"
KIND = Topic.EXPOSED_SERVICE.value
SEVERITY = Severity.HIGH

_FEW = 256
"""Up to so many public addresses are known peers, not everybody."""

_A_QUARTER = 16_384
_COMPARISONS = 100_000
"""Earlier denies that one policy's permits are compared with; behind that they are taken to be ineffective."""

_LOWER = {Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}


def look(site: Site) -> Iterator[Draft]:
    """Yield a draft for each rule that opens services at risk to the outside."""
    public = PUBLIC - site.settings.own
    denies: dict[str, _Denies] = {}
    for view in site.once(views):
        if view.outbound:
            continue
        found: dict[str, tuple[ServiceAtRisk, Severity]] = {}
        everybody = False
        for side, term in view.terms:
            services = _services(term) if side is not Side.INSIDE else ()
            source = term.sets[Field.SOURCE] & public if services else EMPTY
            if not source:
                continue
            before = denies.get(view.policy.name) or denies.setdefault(view.policy.name, _Denies(view.policy))
            widely = _is_everybody(source, public)
            for one in services:
                severity = _severity(one, source, widely=widely)
                if severity is not None and not before.take(view.rule.index, term, one):
                    worst = min(severity, found.get(one.name, (one, severity))[1], key=lambda each: each.rank)
                    found[one.name] = (one, worst)
                    everybody = everybody or widely
        if found:
            yield _draft(view, list(found.values()), everybody=everybody)


def _services(term: Term) -> tuple[ServiceAtRisk, ...]:
    """Return the services at risk whose ports a product holds, apart from those in a range of very many ports."""
    protocols = term.sets.get(Field.PROTOCOL)
    if protocols is None or Field.APPLICATION in term.sets:
        return ()
    return _services_on(protocols, term.sets.get(Field.DESTINATION_PORT, PORT_ALL))


@lru_cache(maxsize=4096)
def _meeting(protocols: IntervalSet, ports: IntervalSet) -> tuple[ServiceAtRisk, ...]:
    """Return the services at risk that have one of the ports."""
    return tuple(
        one
        for one in services_at_risk()
        if any(number in protocols and ports.meets(wanted) for number, wanted in one.ports)
    )


def _services_on(protocols: IntervalSet, listed: IntervalSet) -> tuple[ServiceAtRisk, ...]:
    ports = IntervalSet(tuple((low, high) for low, high in listed if high - low + 1 < _A_QUARTER))
    if not any(number in protocols and ports.meets(ports_at_risk(number)) for number in (TCP, UDP)):
        return ()
    return _meeting(protocols, ports)


@lru_cache(maxsize=4096)
def _is_everybody(source: IntervalSet, public: IntervalSet) -> bool:
    return any(bool(part) and part <= source for part in (public & IPV4_ALL, public & IPV6_ALL))


def _severity(one: ServiceAtRisk, source: IntervalSet, *, widely: bool) -> Severity | None:
    """Return how severe it is that this source reaches the service; None where it is restricted enough."""
    if widely:
        return one.severity
    if source.size <= _FEW and not one.clear:
        return None
    return _LOWER.get(one.severity, one.severity)


def _draft(view: View, found: Sequence[tuple[ServiceAtRisk, Severity]], *, everybody: bool) -> Draft:
    names = listed([one.name for one, _ in found])
    clear = [one.name for one, _ in found if one.clear]
    through = " through an outside zone or interface" if any(side is Side.OUTSIDE for side, _ in view.terms) else ""
    whom = "any address" if everybody else "public addresses"
    advice = f"Restrict the source of line {view.rule.origin.line}, or let the service be reached through a VPN only"
    if clear:
        advice += f"; replace what runs in clear text ({listed(clear)})"
    return Draft(
        f"{line_of(view.rule)} opens {names} to {whom}{through}.",
        f"{advice}.",
        severity=min((severity for _, severity in found), key=lambda one: one.rank),
        policy=view.policy,
        rule=view.rule,
        key=tuple(one.name for one, _ in found),
    )


class _Denies:
    """The products of packets that rules of one policy keep out for certain, by service and index of the rule."""

    def __init__(self, policy: Policy) -> None:
        self._kept: dict[str, list[tuple[int, Term]]] = {}
        self._left = _COMPARISONS
        for rule in policy.rules:
            if rule.enabled and rule.outcome.verb in BLOCKING:
                for term in rule.match.must(policy.families):
                    for one in _denied_services(term):
                        self._kept.setdefault(one.name, []).append((rule.index, term))

    def take(self, index: int, term: Term, service: ServiceAtRisk) -> bool:
        """Return whether rules before ``index`` keep out a service, each of its protocols by one rule."""
        if service.name not in self._kept:
            return False
        parts = list(_parts(term, service))
        return bool(parts) and all(self._one_takes(index, part, service) for part in parts)

    def _one_takes(self, index: int, part: Term, service: ServiceAtRisk) -> bool:
        source = part.sets[Field.SOURCE]
        for before, denied in self._kept[service.name]:
            if before >= index or self._left <= 0:
                return False
            self._left -= 1
            if source <= denied.sets[Field.SOURCE] and _holds(denied, part):
                return True
        return False


def _denied_services(term: Term) -> Sequence[ServiceAtRisk]:
    protocols = term.sets.get(Field.PROTOCOL)
    if protocols is None:
        return services_at_risk()
    ports = term.sets.get(Field.DESTINATION_PORT, PORT_ALL)
    return _meeting(protocols, ports)


def _holds(whole: Term, part: Term) -> bool:
    return whole.sets.keys() <= part.sets.keys() and all(
        part.sets[name] <= values for name, values in whole.sets.items()
    )


def _parts(term: Term, service: ServiceAtRisk) -> Iterator[Term]:
    for number, wanted in service.ports:
        limits = {Field.PROTOCOL: IntervalSet.points((number,)), Field.DESTINATION_PORT: wanted}
        part = term & Term(limits)
        if part is not None:
            yield part
