"""A question about packets, as it is asked, and what it means on one device."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypedDict

from rulecheck.api.errors import QuestionError
from rulecheck.api.objects import Objects
from rulecheck.api.operands import ASKED, ServiceWords, addresses, names_constraint, services, state_constraint, words
from rulecheck.model.device import Policy
from rulecheck.model.fields import CONNECTION_STATES, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Constraint, Match

_NAMED = {
    "in_interface": Field.IN_INTERFACE,
    "out_interface": Field.OUT_INTERFACE,
    "source_zone": Field.SOURCE_ZONE,
    "destination_zone": Field.DESTINATION_ZONE,
    "application": Field.APPLICATION,
    "user": Field.USER,
}
_SERVICE = ("protocol", "source_port", "destination_port", "icmp", "tcp_flags", "service")
OPERANDS = ("source", "destination", *_SERVICE, "state", *_NAMED)
"""What a question can restrict, in the order in which answers repeat it."""


FIRST_PACKETS = (
    Constraint(Field.CONNECTION_STATE, IntervalSet.points([CONNECTION_STATES.index("NEW")]), "NEW", ASKED),
    Constraint(Field.TCP_FLAGS, IntervalSet.points([0x02]), "SYN", ASKED),
    Constraint(Field.FRAGMENT, IntervalSet.points([0]), "no later fragment", ASKED),
)
"""What the first packet of a connection has: no state yet, SYN alone if it is TCP (RFC 9293, section 3.5)."""

_Value = str | int | IPv4Address | IPv6Address | IPv4Network | IPv6Network
Operand = _Value | Sequence[_Value] | None
"""What an operand can be: a text (``"80,443"``), a number, an address or network, or a list of them."""


class Operands(TypedDict, total=False):
    """The packets that a question is about, field by field. A field that is not given is unrestricted."""

    source: Operand
    destination: Operand
    protocol: Operand
    source_port: Operand
    destination_port: Operand
    icmp: Operand
    tcp_flags: Operand
    service: Operand
    state: Operand
    in_interface: Operand
    out_interface: Operand
    source_zone: Operand
    destination_zone: Operand
    application: Operand
    user: Operand


@dataclass(frozen=True, slots=True)
class Question:
    """The packets that a question is about. Operands that are not given are unrestricted."""

    operands: Mapping[str, tuple[str, ...]]
    first_packets: bool = False

    @classmethod
    def of(cls, operands: Iterable[tuple[str, object]], *, first_packets: bool = False) -> Question:
        """Read operands; values are texts, numbers, or lists of them.

        ``first_packets``: the question is about the first packet of a new connection, unless it says otherwise.

        Raises:
            QuestionError: there is no such operand.
        """
        given: dict[str, tuple[str, ...]] = {}
        for name, value in operands:
            if name not in OPERANDS:
                raise QuestionError(name, f"there is no such operand; there are {', '.join(OPERANDS)}")
            if found := words(value):
                given[name] = found
        return cls(given, first_packets and not {"state", "tcp_flags"} & set(given))

    def get(self, name: str) -> tuple[str, ...]:
        """Return an operand as written."""
        return self.operands.get(name, ())

    @property
    def text(self) -> tuple[tuple[str, str], ...]:
        """Return the question as (label, text) pairs."""
        asked = [(name.replace("_", " "), ", ".join(self.get(name))) for name in OPERANDS if self.get(name)]
        return (*asked, ("packets", "the first of a new connection")) if self.first_packets else tuple(asked)

    def match(self, objects: Objects) -> Match:
        """Return what the question means on one device.

        Raises:
            QuestionError: an operand is not understood, or names an object that the device does not have.
        """
        asked = ServiceWords(**{name: self.get(name) for name in _SERVICE})
        return Match(
            addresses("source", self.get("source"), objects),
            addresses("destination", self.get("destination"), objects),
            services(asked, objects),
            tuple(self._constraints()),
        )

    def _constraints(self) -> Iterator[Constraint]:
        for name, field in _NAMED.items():
            one = names_constraint(field, self.get(name))
            if one is not None:
                yield one
        state = state_constraint(self.get("state"))
        if state is not None:
            yield state
        if self.first_packets:
            yield from FIRST_PACKETS

    @property
    def interfaces(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the interfaces asked for by direction, ``in`` or ``out``."""
        ways = (("in", self.get("in_interface")), ("out", self.get("out_interface")))
        return tuple((direction, names) for direction, names in ways if names)

    def is_met_at(self, policy: Policy) -> bool:
        """Return whether a policy is applied to one of the interfaces asked for, in its direction."""
        places = [place.split() for place in policy.applied_to]
        return any(
            direction in place and any(name in place for name in names)
            for place in places
            for direction, names in self.interfaces
        )
