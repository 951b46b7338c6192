"""What a rule does: action, security profiles, marking, and logging."""

from __future__ import annotations

from parsers.paloalto.panos.tree import Clauses
from rulecheck.model.rule import DENY, PERMIT, Logging, Outcome, Verb

_RESETS = ("reset-client", "reset-server", "reset-both")
_YES = "yes"


def outcome_of(rule: Clauses) -> Outcome | None:
    """Return the outcome of a rule, None where its action is missing or not known.

    Security profiles, inspection options and marking are details of an ``allow``: they change what happens to
    the packets. ``deny`` is the application's own deny action.
    """
    action = rule.word("action")
    unreachable = ("icmp-unreachable",) if rule.word("icmp-unreachable") == _YES else ()
    match action:
        case "allow":
            details = tuple(sorted((*_profiles(rule), *_options(rule), *_marking(rule))))
            return Outcome(Verb.PERMIT, details) if details else PERMIT
        case "deny":
            return DENY
        case "drop":
            return Outcome(Verb.REJECT, unreachable) if unreachable else Outcome(Verb.DENY, ("drop",))
        case _ if action in _RESETS:
            return Outcome(Verb.REJECT, (action, *unreachable))
        case _:
            return None


def _profiles(rule: Clauses) -> list[str]:
    setting = rule.at("profile-setting")
    if setting is None:
        return []
    groups = setting.at("group")
    details = [f"profile group {word.text}" for word in (groups.words() if groups is not None else ())]
    for one in setting.at("profiles") or ():
        details += [f"{one.key} profile {word.text}" for word in one.words() if word.text != "none"]
    return [detail for detail in details if detail != "profile group none"]


def _options(rule: Clauses) -> list[str]:
    keys = (("option", "disable-server-response-inspection"), ("disable-inspect",))
    return [f"{path[-1]}" for path in keys if rule.word(*path) == _YES]


def _marking(rule: Clauses) -> list[str]:
    marking = rule.at("qos", "marking")
    return [f"marking {one.key} {' '.join(w.text for w in one.words())}".strip() for one in marking or ()]


def logging_of(rule: Clauses, *, at_end: bool = True) -> Logging | None:
    """Return how a rule logs. The end of a session is logged unless the rule says no (``at_end``: the default)."""
    end = rule.word("log-end")
    parts = ["at session start"] if rule.word("log-start") == _YES else []
    if end == _YES or (at_end and end == ""):
        parts.append("at session end")
    if not parts:
        return None
    profile = rule.word("log-setting")
    return Logging("log " + ", ".join(parts) + (f", forward with {profile}" if profile else ""))
