"""Rule lists in one line each, for examples that a person can work out: ``permit 1-3 > any tcp 80 if fqdn:a``.

Addresses are small numbers (``1-3,7``), ``v6`` numbers count from the first IPv6 address (``v6:1-3``), ``any``
is both families, ``any4`` and ``any6`` one, ``none`` an empty group; ``!`` negates. ``tcp+!tcp`` is two services.
``if`` lists conditions, ``!`` before one asks for the opposite, ``=yes`` or ``=no`` behind it says what it answers
without history. ``off`` at the end disables the rule. Verbs: permit, deny, reject, log, return, ``call NAME``,
``goto NAME``.
"""

from __future__ import annotations

from collections.abc import Sequence

from rulecheck.model.device import Policy
from rulecheck.model.fields import ADDRESS_ALL, DOMAIN, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Verb

_VERBS = {
    "permit": PERMIT,
    "deny": DENY,
    "reject": Outcome(Verb.REJECT, ("tcp-reset",)),
    "log": Outcome(Verb.CONTINUE, ("log",)),
    "return": RETURN,
}
_NAMED = {"any": ADDRESS_ALL, "any4": IPV4_ALL, "any6": IPV6_ALL, "none": IntervalSet()}
_PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47}


def _numbers(text: str) -> IntervalSet:
    pairs = (part.split("-") for part in text.split(","))
    return IntervalSet.merged((int(pair[0]), int(pair[-1])) for pair in pairs)


def _address_values(text: str) -> IntervalSet:
    if text in _NAMED:
        return _NAMED[text]
    if text.startswith("v6:"):
        numbers = _numbers(text.removeprefix("v6:"))
        return IntervalSet.merged((IPV6_BASE + low, IPV6_BASE + high) for low, high in numbers)
    return _numbers(text)


def _addresses(text: str, here: Origin) -> Addresses:
    plain = text.removeprefix("!")
    elements = tuple(Element(part, _address_values(part), here) for part in plain.split("+"))
    return Addresses(text, elements, negated=plain != text)


def _services(words: Sequence[str], here: Origin) -> Services | None:
    if not words:
        return None
    ports = _numbers(words[1]) if len(words) > 1 else None
    label = " ".join(words)
    protocols = [_protocol(word) for word in words[0].split("+")]
    return Services(label, tuple(Service(label, here, one, destination_ports=ports) for one in protocols))


def _protocol(text: str) -> IntervalSet:
    values = IntervalSet.points([_PROTOCOLS[text.removeprefix("!")]])
    return DOMAIN[Field.PROTOCOL] - values if text.startswith("!") else values


def _condition(text: str, here: Origin) -> Condition:
    plain, _, answer = text.removeprefix("!").partition("=")
    return Condition(
        plain, f"{plain} is not known", here, not text.startswith("!"), {"yes": True, "no": False}.get(answer)
    )


def rule(index: int, text: str) -> Rule:
    """Return the rule that a line of the notation describes."""
    here = Origin("worked.cfg", index + 1, text)
    head, _, behind = text.removesuffix(" off").partition(" if ")
    left, _, right = head.partition(" > ")
    verb, *rest = left.split()
    called = rest.pop(0) if verb in ("call", "goto") else None
    outcome = Outcome(Verb(verb), (called,)) if called else _VERBS[verb]
    destination, *service = right.split()
    match = Match(
        _addresses(rest[0], here),
        _addresses(destination, here),
        _services(service, here),
        conditions=tuple(_condition(word, here) for word in behind.split()),
    )
    return Rule(index, here, match, outcome, calls=called, enabled=not text.endswith(" off"))


def policy(
    lines: Sequence[str], *, name: str = "LIST", default: str = "deny", entry: bool = True, implicit: Sequence[str] = ()
) -> Policy:
    """Return a policy in the notation, for packets of both families."""
    rules = tuple(rule(index, line) for index, line in enumerate(lines))
    more = tuple(rule(len(rules) + index, line) for index, line in enumerate(implicit))
    return Policy(name, "acl", rules, _VERBS[default], implicit=more, entry=entry)


def chain(name: str, lines: Sequence[str]) -> Policy:
    """Return a list that is only called from others."""
    return policy(lines, name=name, default="return", entry=False)
