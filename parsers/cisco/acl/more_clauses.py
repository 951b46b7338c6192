"""Clauses that several platforms have besides those of IOS, as handlers for a dialect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parsers.cisco import vocabulary as names
from parsers.cisco.acl.clauses import constrain
from parsers.cisco.acl.draft import Draft, NotUnderstoodError
from parsers.cisco.acl.services import TCP_FLAGS
from rulecheck.model.fields import Field, tcp_flag_values
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Condition, Service

Handler = Callable[[Draft, str], None]

_FLAG_BITS = 63
_MASK = "tcp-flags-mask"
_DIGITS = 5
_HIGHEST = 0xFFFF


def packet_length(draft: Draft, word: str) -> None:
    """Read ``packet-length eq|gt|lt|neq N`` or ``range N M``."""
    operator = draft.take(f"an operator for {word}").lower()
    if operator not in names.PORT_OPERATORS:
        raise NotUnderstoodError(f"{word} {operator} is not a valid clause")
    taken = [draft.take(f"a value for {word}") for _ in range(2 if operator == "range" else 1)]
    if not all(names.is_number(one) and len(one) <= _DIGITS and int(one) <= _HIGHEST for one in taken):
        raise NotUnderstoodError(f"{word} {operator} {' '.join(taken)} is not a valid clause", "RC606")
    values = names.port_set(operator, (int(one) for one in taken))
    constrain(draft, Field.PACKET_LENGTH, values, f"{word} {operator} {' '.join(taken)}")


def tested(what: str) -> Handler:
    """Return a handler for a test of a value that is not modelled; equal tests are the same test."""

    def read(draft: Draft, word: str) -> None:
        value = draft.take(f"the value of {word}").lower()
        if value in names.PORT_OPERATORS:
            value += " " + " ".join(draft.take(f"the value of {word}") for _ in range(2 if value == "range" else 1))
        draft.condition(f"{word}:{value}", f"{what} {value} is not modelled")

    return read


def user_defined_field(draft: Draft, word: str) -> None:
    """Read ``udf NAME VALUE MASK``."""
    parts = [draft.take(f"the parts of {word}") for _ in range(3)]
    draft.condition(f"{word}:{' '.join(parts)}", f"the user defined field {parts[0]} is not modelled")


def skipped(words: int) -> Handler:
    """Return a handler for a clause of some words that changes neither what matches nor what happens."""

    def read(draft: Draft, word: str) -> None:
        for _ in range(words):
            draft.take(f"the value of {word}")

    return read


def flag_words(draft: Draft, word: str) -> None:
    """Read flag words, and the mask of bits that do not matter.

    One flag matches when it is set. For several, the guides of NX-OS and EOS do not say whether one of them or all
    must be set.
    """
    if draft.protocol != names.TCP or draft.services is None or draft.services[0].tcp_flags is not None:
        raise NotUnderstoodError(f"{word} needs protocol tcp, once")
    start, value = draft.at - 1, TCP_FLAGS[word]
    while (following := draft.peek()) in TCP_FLAGS:
        draft.at += 1
        value |= TCP_FLAGS[following or ""]
    cares = value
    masked = draft.peek() == _MASK
    if masked:
        draft.at += 1
        cares = _FLAG_BITS & ~_mask(draft)
    draft.label = " ".join([draft.label, *draft.words[start : draft.at]])
    exact = replace(draft.services[0], text=draft.label, tcp_flags=tcp_flag_values(cares, value & cares))
    draft.services = (exact,) if masked or value.bit_count() == 1 else (exact, _any_of(exact, value, draft))


def _any_of(service: Service, value: int, draft: Draft) -> Service:
    some: IntervalSet = EMPTY
    for bit in TCP_FLAGS.values():
        if value & bit:
            some |= tcp_flag_values(bit, bit)
    reason = "whether one of several TCP flags is enough is not documented"
    return replace(service, tcp_flags=some, condition=Condition(f"any-tcp-flag:{value}", reason, draft.origin))


def _mask(draft: Draft) -> int:
    word = draft.take("the mask of TCP flags")
    if not names.is_number(word) or len(word) > _DIGITS or int(word) > _FLAG_BITS:
        raise NotUnderstoodError(f"{word} is not a mask of TCP flags (0 to {_FLAG_BITS})", "RC606")
    return int(word)
