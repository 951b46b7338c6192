"""Actions: what a rule does with the packets that it matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.redact import show
from rulecheck.model.rule import DENY, PERMIT, RETURN, Logging, Outcome, Verb

ADD_TO_LIST = frozenset({"add-src-to-address-list", "add-dst-to-address-list"})

_TRANSLATIONS = frozenset(
    {"masquerade", "src-nat", "dst-nat", "redirect", "netmap", "same", "endpoint-independent-nat"}
)
_CONTINUE = frozenset({"passthrough", "log", "fasttrack-connection", "notrack", *ADD_TO_LIST})
_CHANGES = {
    "mark-connection": ("connection-mark", "new-connection-mark"),
    "mark-packet": ("packet-mark", "new-packet-mark"),
    "mark-routing": ("routing-mark", "new-routing-mark"),
    "change-dscp": ("dscp", "new-dscp"),
    "change-mss": ("tcp-mss", "new-mss"),
    "change-ttl": ("ttl", "new-ttl"),
    "change-hop-limit": ("hop-limit", "new-hop-limit"),
    "set-priority": ("priority", "new-priority"),
    "strip-ipv4-options": ("ipv4-options", ""),
    "clear-df": ("", ""),
    "sniff-tzsp": ("", "sniff-target"),
    "sniff-pc": ("", "sniff-target"),
    "route": ("", "route-dst"),
    "snpt": ("", ""),
    "dnpt": ("", ""),
}
"""Actions of mangle: the matcher whose answer they change, and the property with the new value."""

_REJECTS = {4: "icmp-network-unreachable", 6: "icmp-no-route"}


@dataclass(frozen=True, slots=True)
class Action:
    """The outcome of a rule; None where the action is not known."""

    outcome: Outcome | None
    logging: Logging | None = None


def changed_by(given: Mapping[str, str]) -> str:
    """Return the matcher whose answer a rule changes for later rules of its table, empty for none."""
    return _CHANGES.get(given.get("action", "accept"), ("", ""))[0]


def action_of(given: Mapping[str, str], family: int) -> Action:
    """Return what a rule does; calls of chains are not decided here."""
    name = given.get("action", "accept")
    logging = _logging(given, name)
    return Action(_outcome(name, given, family), logging)


def _logging(given: Mapping[str, str], name: str) -> Logging | None:
    if given.get("log") != "yes" and name != "log":
        return None
    prefix = given.get("log-prefix", "")
    return Logging(show(f"log {prefix}".strip()))


def _outcome(name: str, given: Mapping[str, str], family: int) -> Outcome | None:
    simple = {"accept": PERMIT, "drop": DENY, "return": RETURN, "tarpit": Outcome(Verb.OTHER, ("tarpit",))}
    if name in simple:
        return simple[name]
    if name == "reject":
        return Outcome(Verb.REJECT, (given.get("reject-with") or _REJECTS[family],))
    if name in ADD_TO_LIST:
        return Outcome(Verb.CONTINUE, (name, show(given.get("address-list", ""))))
    if name in _CONTINUE:
        return Outcome(Verb.CONTINUE, (name,))
    if name in _TRANSLATIONS:
        target = [f"{key} {given[key]}" for key in ("to-addresses", "to-address", "to-ports") if given.get(key)]
        return Outcome(Verb.TRANSLATE, (name, *target))
    if name in _CHANGES:
        value = given.get(_CHANGES[name][1], "")
        details = (name, show(value)) if value else (name,)
        ends = given.get("passthrough") == "no" or name in ("route", "snpt", "dnpt")
        return Outcome(Verb.OTHER if ends else Verb.CONTINUE, details)
    return None
