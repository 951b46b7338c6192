"""The clauses behind the addresses of an entry: flags, fragments, type of service, log, time range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parsers.cisco import vocabulary as names
from parsers.cisco.acl import services
from parsers.cisco.acl.draft import Draft, NotUnderstoodError
from rulecheck.model.fields import TCP_ESTABLISHED, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Constraint, Service
from rulecheck.model.rule import Logging, Outcome, Schedule

_TTL_MAX = 255
_IPV6_FLAGS = {
    "auth": "an authentication header",
    "dest-option": "a destination options header",
    "mobility": "a mobility header",
    "routing": "a routing header",
    "undetermined-transport": "a transport header that cannot be determined",
}
_IPV6_VALUES = {
    "dest-option-type": "the destination option",
    "flow-label": "the flow label",
    "mobility-type": "the mobility message",
    "routing-type": "the routing header type",
}


def read_clauses(draft: Draft) -> None:
    """Read everything up to the end of the entry.

    Raises:
        NotUnderstoodError: a clause is not known; it and everything behind it stays unread.
    """
    while (word := draft.peek()) is not None:
        handler = draft.dialect.clauses.get(word) or _HANDLERS.get(word)
        if handler is None or (word in _IPV6_ONLY and draft.family != 6):
            raise NotUnderstoodError(f'the clause "{draft.rest()}" is not known')
        start = draft.at
        draft.at += 1
        try:
            handler(draft, word)
        except NotUnderstoodError:
            draft.at = start
            raise


def constrain(draft: Draft, field: Field, values: IntervalSet, text: str) -> None:
    """Restrict one more field of the entry."""
    draft.constraints.append(Constraint(field, values, text, draft.origin))


def _of_service(look_up: Callable[[str], IntervalSet | None]) -> Callable[[Draft, str], None]:
    """Return a handler for one of the three readings of the TOS byte."""

    def read(draft: Draft, word: str) -> None:
        value = draft.take(f"the value of {word}")
        values = look_up(value)
        if values is None:
            raise NotUnderstoodError(f"{value} is not a known {word}")
        constrain(draft, Field.TOS, values, f"{word} {value}")

    return read


def _ttl(draft: Draft, word: str) -> None:
    operator = draft.take("an operator for ttl").lower()
    if names.is_number(operator):
        draft.at -= 1
        operator = "eq"
    words = [draft.take("a value for ttl") for _ in range(2 if operator == "range" else 1)]
    if operator == "eq":
        while (more := draft.peek()) is not None and names.is_number(more):
            words.append(draft.take("a value for ttl"))
    if operator not in names.PORT_OPERATORS or not all(names.is_number(one) and len(one) <= 3 for one in words):
        raise NotUnderstoodError(f"{word} {operator} {' '.join(words)} is not a valid clause")
    numbers = [int(one) for one in words]
    if max(numbers) > _TTL_MAX:
        raise NotUnderstoodError(f"{max(numbers)} is not a ttl (0 to 255)", "RC606")
    values = names.port_set(operator, numbers) & IntervalSet.of((0, _TTL_MAX))
    constrain(draft, Field.TTL, values, f"{word} {operator} {' '.join(words)}")


def _flags(draft: Draft, word: str) -> None:
    """Read ``established`` and flag words; both together are alternatives whose meaning differs by release."""
    if draft.protocol != names.TCP:
        raise NotUnderstoodError(f"{word} needs protocol tcp")
    start = draft.at - 1
    mixed = word == "established" and draft.peek() in services.TCP_FLAGS
    values = TCP_ESTABLISHED if word == "established" else services.read_flags(draft, word)
    if mixed:
        values |= services.read_flags(draft, draft.take("a flag").lower())
        draft.condition(f"flags:{draft.origin.line}", '"established" together with flag words is not exact')
    service = _only_service(draft)
    if service.tcp_flags is not None:
        raise NotUnderstoodError(f"{word} is a second test of the TCP flags")
    draft.label = " ".join([draft.label, *draft.words[start : draft.at]])
    draft.services = (replace(service, text=draft.label, tcp_flags=values),)


def _only_service(draft: Draft) -> Service:
    return draft.services[0] if draft.services else services.plain_service(draft, draft.label)


def _fragments(draft: Draft, _word: str) -> None:
    draft.fragments = True


def _option(draft: Draft, _word: str) -> None:
    value = draft.take("an IP option").lower()
    draft.condition(f"ip-option:{value}", f"the IP option {value} is not modelled")


def _log(draft: Draft, word: str) -> None:
    text = word
    following = draft.peek()
    if following is not None and following not in _HANDLERS and following not in draft.dialect.clauses:
        text = f"{word} {draft.take('a cookie')}"
    draft.logging = Logging(text)


def _time_range(draft: Draft, _word: str) -> None:
    name = draft.take("the name of a time-range")
    draft.schedule = Schedule(name)
    draft.condition(f"time-range:{name}", f"it is only active in time-range {name}", independent=True)
    draft.uses.append(("time-range", name))


def _reflect(draft: Draft, word: str) -> None:
    """Read ``reflect NAME [timeout N]``: the packet opens a way back, which is part of the outcome."""
    name = draft.take("the name of a reflexive list")
    draft.outcome = Outcome(draft.outcome.verb, (*draft.outcome.details, f"{word} {name}"))
    if draft.peek() == "timeout":
        draft.at += 1
        draft.take("a timeout")


def _sequence(draft: Draft, _word: str) -> None:
    value = draft.take("a sequence number")
    if not names.is_number(value) or len(value) > 10:
        raise NotUnderstoodError(f"{value} is not a sequence number", "RC606")
    draft.sequence = int(value)


def _header(draft: Draft, word: str) -> None:
    draft.condition(f"ipv6-header:{word}", f"whether the packet has {_IPV6_FLAGS[word]} is not modelled")


def _header_value(draft: Draft, word: str) -> None:
    value = draft.take(f"the value of {word}").lower()
    draft.condition(f"ipv6-{word}:{value}", f"{_IPV6_VALUES[word]} {value} is not modelled")


_HANDLERS: dict[str, Callable[[Draft, str], None]] = {
    "dscp": _of_service(names.dscp_set),
    "precedence": _of_service(names.precedence_set),
    "tos": _of_service(names.tos_set),
    "ttl": _ttl,
    "hop-limit": _ttl,
    "fragments": _fragments,
    "option": _option,
    "log": _log,
    "log-input": _log,
    "time-range": _time_range,
    "reflect": _reflect,
    "sequence": _sequence,
    "established": _flags,
    "match-any": _flags,
    "match-all": _flags,
    **dict.fromkeys(services.TCP_FLAGS, _flags),
    **dict.fromkeys(_IPV6_FLAGS, _header),
    **dict.fromkeys(_IPV6_VALUES, _header_value),
}
_IPV6_ONLY = frozenset({*_IPV6_FLAGS, *_IPV6_VALUES})
