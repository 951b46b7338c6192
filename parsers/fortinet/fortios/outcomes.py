"""What a policy does with the packets that it matches."""

from __future__ import annotations

from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.settings import DEFAULTS, DETAILS, NEEDS_UTM
from parsers.fortinet.fortios.tree import Entry
from parsers.redact import show
from rulecheck.model.match import Condition
from rulecheck.model.rule import DENY, Logging, Outcome, Verb

_REJECT = Outcome(Verb.REJECT)
_SWITCHED = {
    "poolname": "ippool",
    "poolname6": "ippool",
    "fixedport": "nat",
    "port-preserve": "nat",
    "port-random": "nat",
    "pcp-poolname": "pcp-outbound",
    "diffservcode-forward": "diffserv-forward",
    "diffservcode-rev": "diffserv-reverse",
    "redirect-url": "disclaimer",
    "wanopt-detection": "wanopt",
    "wanopt-profile": "wanopt",
    "wanopt-peer": "wanopt",
    "wanopt-passive-opt": "wanopt",
    "ssl-mirror-intf": "ssl-mirror",
    "natip": "nat",
    "av-profile": "av-profile-status",
    "webfilter-profile": "webfilter-profile-status",
    "ips-sensor": "ips-sensor-status",
    "application-list": "application-list-status",
    "dlp-sensor": "dlp-sensor-status",
    "dlp-profile": "dlp-profile-status",
    "emailfilter-profile": "emailfilter-profile-status",
    "spamfilter-profile": "spamfilter-profile-status",
}
"""Settings that only count while another one is enabled (where a table has that switch)."""

_SAID_ELSEWHERE = frozenset({"ippool", "utm-status", "profile-type", "pcp-poolname-dhcp"})
_ENABLED_BY_DEFAULT = frozenset({"port-preserve"})


def outcome_of(scope: Scope, entry: Entry, kind: str) -> tuple[Outcome, tuple[Condition, ...]]:
    """Return the outcome of an entry in a table of this kind, and what makes the rule inexact."""
    if kind == "central-snat-map":
        return _source_nat(entry), ()
    if kind.startswith("interface-policy"):
        return Outcome(Verb.PERMIT, _details(entry, switched=True)), ()
    action = entry.value("action", "deny")
    if action == "deny":
        return (_REJECT if entry.is_on("send-deny-packet") else DENY), ()
    if action in ("accept", "ipsec", "ssl-vpn", "ipsec-vpn"):
        details = _details(entry, switched=not kind.startswith(("interface", "local")))
        extra = () if action == "accept" else (action,)
        return Outcome(Verb.PERMIT, (*extra, *details)), ()
    line = entry.settings["action"].line
    message = f"the action {action[:40]!r} is not known"
    scope.report("RC602", line, message)
    condition = scope.condition(f"action, line {line}", message, line)
    return Outcome(Verb.OTHER, (show(action[:40]),)), (condition,)


def _source_nat(entry: Entry) -> Outcome:
    if entry.value("nat", "enable") == "disable":
        return Outcome(Verb.OTHER, ("no source NAT",))
    pools = sorted((*entry.words("nat-ippool"), *entry.words("nat-ippool6")))
    words = [f"pool {show(' '.join(pools))}" if pools else "interface address"]
    if entry.value("nat-port", "0") not in ("0", ""):
        words.append(f"port {entry.value('nat-port')[:40]}")
    return Outcome(Verb.TRANSLATE, ("source NAT", *words))


def _details(entry: Entry, *, switched: bool) -> tuple[str, ...]:
    """Return what changes for accepted packets, in one fixed order."""
    utm = not switched or entry.is_on("utm-status") or ("utm-status" not in entry.settings and _only_group(entry))
    found = []
    for key in sorted(DETAILS & entry.settings.keys()):
        value = " ".join(sorted(entry.words(key)))
        if key in _SAID_ELSEWHERE or value in DEFAULTS or (key == "profile-protocol-options" and value == "default"):
            continue
        if key in _ENABLED_BY_DEFAULT and value == "enable":
            continue
        switch = _SWITCHED.get(key)
        if switch in entry.settings and not entry.is_on(switch or ""):
            continue
        if switch in ("nat", "ippool") and not entry.is_on(switch):
            continue
        if key in NEEDS_UTM and not utm:
            continue
        found.append(key if value == "enable" else show(f"{key} {value}"))
    return tuple(found)


def _only_group(entry: Entry) -> bool:
    return entry.value("profile-type") == "group"


def logging_of(entry: Entry, kind: str) -> Logging | None:
    """Return how an entry logs. ``utm``, the default, only logs what security profiles find."""
    text = entry.value("logtraffic", "")
    if text == "all":
        start = ", logtraffic-start" if entry.is_on("logtraffic-start") else ""
        return Logging(f"logtraffic all{start}")
    if text == "enable":
        return Logging("logtraffic enable")
    if text in ("", "utm") and entry.is_on("utm-status") and "policy" in kind:
        return Logging("logtraffic utm (security events only)")
    return None
