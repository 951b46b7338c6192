"""What a policy tests besides addresses, services, interfaces and time: users, tags, reputation, type of service."""

from __future__ import annotations

from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.settings import CONDITIONS, CONTENT, DYNAMIC_SERVICES, IDENTITY
from parsers.fortinet.fortios.tree import Entry
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Constraint

_NOTHING: tuple[list[str], ...] = ([], ["0"], ["disable"])


def restrictions(scope: Scope, entry: Entry) -> tuple[tuple[Constraint, ...], tuple[Condition, ...]]:
    """Return the further restrictions of an entry: exact ones, and those whose answer is not in the file."""
    conditions = [*_identity(scope, entry), *_content(scope, entry), *_others(scope, entry)]
    constraints: list[Constraint] = []
    try:
        constraints += _type_of_service(scope, entry)
    except ValueError as error:
        line = entry.settings["tos"].line if "tos" in entry.settings else entry.line
        scope.report("RC606", line, f"tos: {error}")
        conditions.append(scope.condition(f"tos, line {line}", str(error), line))
    return tuple(constraints), tuple(conditions)


def _identity(scope: Scope, entry: Entry) -> list[Condition]:
    names = sorted(f"{key[:-1]} {word}" for key in IDENTITY for word in entry.words(key))
    if not names:
        return []
    text = ", ".join(names)
    key = scope.own_key(f"identity:{text}")
    line = next(entry.settings[key].line for key in IDENTITY if entry.words(key))
    return [scope.condition(key, f"it is for {text} only", line, independent=True)]


def _content(scope: Scope, entry: Entry) -> list[Condition]:
    listed = [f"{key} {' '.join(sorted(entry.words(key)))}" for key in CONTENT if entry.words(key) not in _NOTHING]
    if not listed:
        return []
    text = "; ".join(listed)
    reason = f"it depends on the content of the session ({text})"
    return [scope.condition(f"content:{text}", reason, entry.line, independent=True)]


def _others(scope: Scope, entry: Entry) -> list[Condition]:
    found = []
    for key, phrase in CONDITIONS.items():
        if not phrase or entry.words(key) in _NOTHING or (key == "sgt" and not entry.is_on("sgt-check")):
            continue
        text = f"{key} {' '.join(sorted(entry.words(key)))}"
        for qualifier in ("ztna-tags-match-logic", "ztna-ems-tag-negate", "reputation-direction"):
            if key.startswith(qualifier.partition("-")[0]) and qualifier in entry.settings:
                text += f", {qualifier} {entry.value(qualifier)}"
        line = entry.settings[key].line
        independent = not key.startswith("reputation")
        found.append(scope.condition(scope.own_key(text), f"it depends on {phrase}", line, independent=independent))
    for key in sorted(DYNAMIC_SERVICES):
        if entry.words(key):
            text = f"{key} {' '.join(sorted(entry.words(key)))}"
            found.append(scope.condition(text, f"the addresses of {key} are not in this file", entry.line))
    if entry.value("geoip-match") == "registered-location":
        line = entry.settings["geoip-match"].line
        found.append(scope.condition("geoip-match registered-location", "countries are looked up another way", line))
    return found


def _type_of_service(scope: Scope, entry: Entry) -> list[Constraint]:
    mask = _byte(entry.value("tos-mask", "0"))
    if not mask:
        return []
    wanted = _byte(entry.value("tos", "0")) & mask
    values = IntervalSet.points(byte for byte in range(256) if byte & mask == wanted)
    if entry.is_on("tos-negate"):
        values = DOMAIN[Field.TOS] - values
    text = f"tos {entry.value('tos', '0')} mask {entry.value('tos-mask')}"
    return [Constraint(Field.TOS, values, text, scope.origin(entry.settings["tos-mask"].line))]


def _byte(text: str) -> int:
    try:
        value = int(text, 16) if text.lower().startswith("0x") and len(text) <= 4 else int(text[:4])
    except ValueError:
        raise ValueError(f"{text[:20]!r} is not a byte") from None
    if not 0 <= value <= 255 or not text.isascii():
        raise ValueError(f"{text[:20]!r} is not a byte")
    return value
