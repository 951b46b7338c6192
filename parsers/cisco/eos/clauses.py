"""Clauses that only EOS has: in front of the protocol and behind the addresses of an entry."""

from __future__ import annotations

from parsers.cisco.acl.draft import Draft
from parsers.cisco.acl.more_clauses import Handler, flag_words, packet_length, skipped, tested, user_defined_field
from parsers.cisco.acl.services import TCP_FLAGS
from rulecheck.model.rule import Outcome


def leading(draft: Draft) -> None:
    """Read ``vlan NUMBER MASK`` in front of the protocol."""
    while draft.peek() == "vlan":
        draft.at += 1
        value = " ".join(draft.take("the VLAN and its mask").lower() for _ in range(2))
        draft.condition(f"vlan:{value}", f"the VLAN test {value} is not modelled")


def _tracked(draft: Draft, word: str) -> None:
    reason = "whether a packet belongs to an existing connection depends on earlier traffic"
    draft.condition(word, reason, fresh=False)


def _next_hop_group(draft: Draft, word: str) -> None:
    name = draft.take("the name of a group")
    draft.outcome = Outcome(draft.outcome.verb, (*draft.outcome.details, f"{word} {name}"))


CLAUSES: dict[str, Handler] = {
    "tracked": _tracked,
    "vlan": tested("the VLAN"),
    "cos": tested("the class of service"),
    "ecn": tested("the congestion notification"),
    "ip-length": packet_length,
    "udf": user_defined_field,
    "nexthop-group": _next_hop_group,
    "mirror": skipped(2),
    "count": skipped(0),
    **dict.fromkeys(TCP_FLAGS, flag_words),
}
