"""Clauses that only NX-OS has behind the addresses of an entry."""

from __future__ import annotations

from parsers.cisco.acl.draft import Draft
from parsers.cisco.acl.more_clauses import Handler, flag_words, packet_length, skipped, tested, user_defined_field
from parsers.cisco.acl.services import TCP_FLAGS
from rulecheck.model.rule import Outcome


def _nve(draft: Draft, word: str) -> None:
    draft.take("vni")
    value = draft.take("the network identifier")
    draft.condition(f"{word}:{value}", f"the VXLAN network {value} is not modelled")


def _redirect(draft: Draft, word: str) -> None:
    target = draft.take("an interface")
    draft.outcome = Outcome(draft.outcome.verb, (*draft.outcome.details, f"{word} {target}"))


CLAUSES: dict[str, Handler] = {
    "packet-length": packet_length,
    "http-method": tested("the HTTP method"),
    "tcp-option-length": tested("the length of the TCP options"),
    "vlan": tested("the VLAN"),
    "cos": tested("the class of service"),
    "nve": _nve,
    "udf": user_defined_field,
    "capture": skipped(2),
    "set-erspan-dscp": skipped(1),
    "set-erspan-gre-proto": skipped(1),
    "redirect": _redirect,
    **dict.fromkeys(TCP_FLAGS, flag_words),
}
