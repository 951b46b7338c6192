"""Clauses that only IOS-XR has behind the addresses of an entry."""

from __future__ import annotations

from parsers.cisco import vocabulary as names
from parsers.cisco.acl.clauses import constrain
from parsers.cisco.acl.draft import Draft, NotUnderstoodError
from parsers.cisco.acl.more_clauses import Handler, packet_length, skipped, tested, user_defined_field
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import BLOCKING, Outcome

_DSCP_MAX = 63
_HOP_WORDS = frozenset({"nexthop1", "nexthop2", "nexthop3", "vrf", "ipv4", "ipv6", "track", "next-hop"})
_HEADERS = {
    "authen": "an authentication header",
    "destopts": "a destination options header",
    "hop-by-hop": "a hop-by-hop header",
    "routing": "a routing header",
}


def _detail(draft: Draft, text: str) -> None:
    draft.outcome = Outcome(draft.outcome.verb, (*draft.outcome.details, text))


def _next_hops(draft: Draft, word: str) -> None:
    """Read next hops of access list based forwarding: they change the way of permitted packets only."""
    words = [word]
    while (following := draft.peek()) is not None:
        after = words[-1] in ("vrf", "ipv4", "ipv6", "track")
        if following not in _HOP_WORDS and not after:
            break
        words.append(draft.take("a next hop"))
    if draft.outcome.verb not in BLOCKING:
        _detail(draft, " ".join(words))


def _default_hops(draft: Draft, word: str) -> None:
    if draft.peek() != "nexthop1":
        raise NotUnderstoodError(f"{word} needs a next hop")
    draft.at += 1
    _next_hops(draft, f"{word} nexthop1")


def _icmp_off(draft: Draft, word: str) -> None:
    """Read ``icmp-off``: a deny that sends no ICMP message back."""
    if draft.outcome.verb in BLOCKING:
        _detail(draft, word)


def _set(draft: Draft, word: str) -> None:
    what = draft.take(f"what to {word}")
    _detail(draft, f"{word} {what} {draft.take('its value')}")


def _police(draft: Draft, word: str) -> None:
    _detail(draft, f"{word} {draft.take('a rate')} {draft.take('the unit of the rate')}")


def _header(draft: Draft, word: str) -> None:
    draft.condition(f"ipv6-header:{word}", f"whether the packet has {_HEADERS[word]} is not modelled")


def _dscp(draft: Draft, word: str) -> None:
    """Read ``dscp VALUE`` or ``dscp OPERATOR VALUES``."""
    operator = (draft.peek() or "").lower()
    if operator not in names.PORT_OPERATORS:
        operator = "eq"
    else:
        draft.at += 1
    words = [draft.take(f"the value of {word}") for _ in range(2 if operator == "range" else 1)]
    values = [names.dscp_set(one) for one in words]
    known = [one.lowest >> 2 for one in values if one is not None]
    if len(known) != len(values):
        raise NotUnderstoodError(f"{' '.join(words)} is not a known {word}")
    chosen = names.port_set(operator, known) & IntervalSet.of((0, _DSCP_MAX))
    tos = IntervalSet.merged((low << 2, (high << 2) + 3) for low, high in chosen)
    constrain(draft, Field.TOS, tos, f"{word} {operator} {' '.join(words)}")


CLAUSES: dict[str, Handler] = {
    "nexthop1": _next_hops,
    "default": _default_hops,
    "icmp-off": _icmp_off,
    "set": _set,
    "police": _police,
    "counter": skipped(1),
    "capture": skipped(0),
    "dscp": _dscp,
    "packet-length": packet_length,
    "fragment-type": tested("the fragment type"),
    "fragment-offset": tested("the fragment offset"),
    "qos-group": tested("the QoS group"),
    "udf": user_defined_field,
    **dict.fromkeys(_HEADERS, _header),
}
