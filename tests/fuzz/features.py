"""What occurs in a device, read off its policies: so that a run can say what it has tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV6_ALL, NAME_FIELDS, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Addresses, Condition, Constraint, Service
from rulecheck.model.rule import PERMIT, Rule, Verb
from tests.differential.universe import all_rules

_ZONES = {Field.SOURCE_ZONE, Field.DESTINATION_ZONE}
_INTERFACES = {Field.IN_INTERFACE, Field.OUT_INTERFACE}
_NAMES = NAME_FIELDS - _ZONES - _INTERFACES


def _operands(rule: Rule) -> tuple[Addresses, Addresses]:
    return rule.match.source, rule.match.destination


def _sets(rule: Rule) -> Iterator[IntervalSet]:
    yield from (element.values for operand in _operands(rule) for element in operand.elements)
    yield from (values for service in _services(rule) for values in service.sets().values())
    yield from (one.values for one in _constraints(rule))


def _services(rule: Rule) -> tuple[Service, ...]:
    return rule.match.services.elements if rule.match.services else ()


def _constraints(rule: Rule) -> Iterator[Constraint]:
    yield from rule.match.constraints
    yield from (one for choice in rule.match.choices for way in choice for one in way.constraints)


def _restricts(*fields: Field) -> Callable[[Rule], bool]:
    return lambda rule: any(one.field in fields for one in _constraints(rule))


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    return rule.match.all_conditions()


def _service_has(field: Field) -> Callable[[Rule], bool]:
    return lambda rule: any(field in service.sets() for service in _services(rule))


_OF_RULES: dict[str, Callable[[Rule], bool]] = {
    "IPv6 addresses": lambda r: any(
        e.values & IPV6_ALL not in (EMPTY, IPV6_ALL) for o in _operands(r) for e in o.elements
    ),
    "groups of several members": lambda r: any(len(o.elements) > 1 for o in _operands(r)) or len(_services(r)) > 1,
    "sets of several intervals": lambda r: any(len(one.intervals) > 1 for one in _sets(r)),
    "negated addresses": lambda r: any(o.negated for o in _operands(r)),
    "empty groups": lambda r: not all(o.elements for o in _operands(r)),
    "ports": _service_has(Field.DESTINATION_PORT),
    "source ports": _service_has(Field.SOURCE_PORT),
    "TCP flags": _service_has(Field.TCP_FLAGS),
    "ICMP types": _service_has(Field.ICMP),
    "zones": _restricts(*_ZONES),
    "interfaces": _restricts(*_INTERFACES),
    "applications, users, categories": _restricts(*_NAMES),
    "other fields": _restricts(*(field for field in Field if field not in NAME_FIELDS)),
    "choices": lambda r: bool(r.match.choices),
    "unknown tests of a packet": lambda r: any(not c.independent for c in _conditions(r)),
    "unknown tests of something else": lambda r: any(c.independent for c in _conditions(r)),
    "negated tests": lambda r: any(not c.holds for c in _conditions(r)),
    "schedules": lambda r: r.schedule is not None,
    "rules that log": lambda r: r.outcome.verb is Verb.CONTINUE,
    "disabled rules": lambda r: not r.enabled,
    "calls": lambda r: r.outcome.verb is Verb.CALL,
    "gotos": lambda r: r.outcome.verb is Verb.GOTO,
    "returns": lambda r: r.outcome.verb is Verb.RETURN,
    "other outcomes than permit and deny": lambda r: r.outcome.verb in (Verb.REJECT, Verb.TRANSLATE),
}

_OF_POLICIES: dict[str, Callable[[Sequence[Policy]], bool]] = {
    "both families at once": lambda p: p[0].families == (4, 6),
    "IPv4 only": lambda p: p[0].families == (4,),
    "IPv6 only": lambda p: p[0].families == (6,),
    "permit by default": lambda p: any(one.default == PERMIT for one in p),
    "implicit rules": lambda p: any(one.implicit for one in p),
    "several entry lists": lambda p: sum(one.entry for one in p) > 1,
    "lists without an order": lambda p: not all(one.ordered for one in p),
}

FEATURES = (*_OF_RULES, *_OF_POLICIES)
"""All features, in the order in which they are shown."""


def features_of(policies: Sequence[Policy]) -> Iterable[str]:
    """Return the features of a device."""
    rules = list(all_rules(policies))
    yield from (name for name, has in _OF_RULES.items() if any(has(rule) for rule in rules))
    yield from (name for name, has in _OF_POLICIES.items() if has(policies))
