"""The match of one rule while it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from parsers.netfilter.nftables.selectors import PORTED, Selector
from parsers.netfilter.nftables.sets import Sets
from parsers.redact import redact
from rulecheck.model.fields import DOMAIN, IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import (
    ANY_ADDRESS,
    Addresses,
    Alternative,
    Condition,
    Constraint,
    Match,
    Service,
    Services,
    on_side,
)
from rulecheck.model.provenance import Origin

SERVICE_FIELDS = (Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP, Field.TCP_FLAGS)
_IP_FIELDS = frozenset((*SERVICE_FIELDS, Field.TOS, Field.TTL, Field.PACKET_LENGTH, Field.FRAGMENT))
_HEADER_FIELDS = frozenset(SERVICE_FIELDS[1:])
_WHOLE = {4: IPV4_ALL, 6: IPV6_ALL}
_FRAMES = ("bridge", "netdev")

IS_IP = "frame:ip"
"""Key of the condition that a frame carries IP at all, in the families that see other frames as well."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of one table share.

    ``changed`` are the texts of selectors that rules of the table write to, so that two tests of them may differ.
    ``fragments``: a rule of the table tells fragments apart.
    """

    file: str
    family: str
    families: tuple[int, ...]
    sets: Sets
    changed: frozenset[str] = frozenset()
    fragments: bool = False

    @property
    def sees_frames(self) -> bool:
        """Return whether frames that are no IP packets reach the table's chains."""
        return self.family in _FRAMES


@dataclass(slots=True)
class Draft:
    """Collects restrictions; every one is ANDed to those before it.

    ``problems`` are (code, message) pairs; each adds a condition of its own, so that a clause that was not understood
    makes the rule inexact, never wider or narrower.
    """

    context: Context
    line: int
    families: set[int] = field(default_factory=set)
    operands: dict[Field, Addresses] = field(default_factory=dict)
    product: dict[Field, IntervalSet] = field(default_factory=dict)
    service_texts: list[str] = field(default_factory=list)
    any_ports: list[tuple[Field, IntervalSet, str]] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    choices: list[tuple[Alternative, ...]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    needs_ip: bool = False
    tests_header: bool = False

    def __post_init__(self) -> None:
        self.families = set(self.context.families)

    def origin(self, text: str) -> Origin:
        """Return the citation of a clause of this rule."""
        return Origin(self.context.file, self.line, redact(text))

    # --- what a test restricts --------------------------------------------------------------------------------

    def require(self, selector: Selector) -> None:
        """Restrict to packets that have what a selector looks at: its family, its protocol."""
        if selector.family:
            self.keep_families({selector.family})
        if selector.protocol is not None:
            self.narrow(Field.PROTOCOL, selector.protocol, selector.text.partition(" ")[0])
        if selector.field in _IP_FIELDS:
            self.needs_ip = True
        if selector.field in _HEADER_FIELDS:
            self.tests_header = True
        if selector.needs:
            reason = f"whether a packet has a {selector.needs} is not modelled"
            self.shared(f"has {selector.needs}", reason, selector.text)

    def keep_families(self, families: set[int]) -> None:
        """Restrict to packets of some address families."""
        self.families &= families
        self.needs_ip = True

    def narrow(self, name: Field, values: IntervalSet, text: str) -> None:
        """Restrict a field."""
        if name in SERVICE_FIELDS:
            self.product[name] = self.product.get(name, DOMAIN[name]) & values
            if text not in self.service_texts:
                self.service_texts.append(text)
        else:
            self.constraints.append(Constraint(name, values, redact(text), self.origin(text)))

    def address(self, name: Field, operand: Addresses, text: str) -> None:
        """Restrict the source or destination; the second restriction of one becomes a constraint or a choice."""
        if name not in self.operands:
            self.operands[name] = operand
            return
        ways = tuple(
            Alternative(
                (Constraint(name, part.values, redact(text), self.origin(text)),),
                tuple(on_side(one, name) for one in part.conditions),
            )
            for part in operand.parts
        )
        self.choices.append(ways)

    def shared(
        self,
        key: str,
        reason: str,
        text: str,
        *,
        holds: bool = True,
        fresh: bool | None = None,
        independent: bool = False,
    ) -> None:
        """Add a test that has the same answer in every rule with this key."""
        condition = self.condition(key, reason, text, holds=holds, fresh=fresh, independent=independent)
        if condition not in self.conditions:
            self.conditions.append(condition)

    def condition(
        self,
        key: str,
        reason: str,
        text: str,
        *,
        holds: bool = True,
        fresh: bool | None = None,
        independent: bool = False,
    ) -> Condition:
        """Return a test that has the same answer in every rule with this key."""
        return Condition(_safe(key), redact(reason), self.origin(text), holds, fresh, independent)

    def unique(self, reason: str, text: str, *, fresh: bool | None = None, independent: bool = False) -> None:
        """Add a test that may answer differently in a rule written alike."""
        text = redact(text)
        key = f"line {self.line}, test {len(self.conditions) + 1}: {text}"
        self.conditions.append(Condition(key, redact(reason), self.origin(text), fresh=fresh, independent=independent))

    def problem(self, code: str, message: str, text: str = "") -> None:
        """Record a clause that was not understood and make the rule inexact."""
        self.problems.append((code, redact(message)))
        self.unique(message, text or message)

    # --- the finished match -----------------------------------------------------------------------------------

    def match(self) -> Match:
        """Return the finished match."""
        self._any_ports()
        self._keep_fragments_apart()
        self._one_family()
        if self.needs_ip and self.context.sees_frames:
            self.shared(IS_IP, "frames that are no IP packets are not modelled", "ip", fresh=True, independent=True)
        return Match(
            source=self.operands.get(Field.SOURCE, ANY_ADDRESS),
            destination=self.operands.get(Field.DESTINATION, ANY_ADDRESS),
            services=self._services(),
            constraints=tuple(self.constraints),
            conditions=tuple(dict.fromkeys(self.conditions)),
            choices=tuple(self.choices),
        )

    def _any_ports(self) -> None:
        """Settle ``th dport``: ports of whichever protocol has them; other protocols have other bytes there."""
        for name, values, text in self.any_ports:
            if self.product.get(Field.PROTOCOL, DOMAIN[Field.PROTOCOL]) <= PORTED:
                self.narrow(name, values, text)
            else:
                self.choices.append(self.port_ways(name, values, text))

    def port_ways(self, name: Field, values: IntervalSet, text: str) -> tuple[Alternative, ...]:
        """Return the ways in which a packet of any protocol can pass a test of ports."""
        origin = self.origin(text)
        ported = Constraint(Field.PROTOCOL, PORTED, redact(text), origin)
        others = Constraint(Field.PROTOCOL, DOMAIN[Field.PROTOCOL] - PORTED, redact(text), origin)
        reason = "it looks for ports in packets of protocols that have none"
        return (
            Alternative((ported, Constraint(name, values, redact(text), origin))),
            Alternative((others,), (self.condition(f"other protocols: {text}", reason, text),)),
        )

    def _keep_fragments_apart(self) -> None:
        """Tests of transport headers fail for fragments after the first (nft_payload.c)."""
        if self.context.fragments and self.tests_header:
            text = "not a later fragment"
            self.constraints.append(Constraint(Field.FRAGMENT, IntervalSet(((0, 0),)), text, self.origin(text)))

    def _one_family(self) -> None:
        if self.families >= set(self.context.families):
            return
        allowed = IntervalSet.union_of(_WHOLE[one] for one in self.families) if self.families else EMPTY
        positive = [one for one in self.operands.values() if not one.negated]
        if self.families and any(all(part.values <= allowed for part in one.parts) for one in positive):
            return
        text = " or ".join(f"IPv{one}" for one in sorted(self.families)) or "no address family"
        self.constraints.append(Constraint(Field.SOURCE, allowed, text, self.origin(text)))

    def _services(self) -> Services | None:
        if not self.product:
            return None
        text = redact(" ".join(self.service_texts))
        origin, get = self.origin(text), self.product.get
        one = Service(
            text,
            origin,
            get(Field.PROTOCOL),
            get(Field.SOURCE_PORT),
            get(Field.DESTINATION_PORT),
            get(Field.ICMP),
            get(Field.TCP_FLAGS),
        )
        return Services(text, (one,))


def _safe(key: str) -> str:
    """Return a key without secrets; two keys that differ stay different."""
    shown = redact(key)
    return key if shown == key else f"{shown} #{blake2b(key.encode(), digest_size=8).hexdigest()}"
