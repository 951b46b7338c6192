"""A second, independent method: the same questions as satisfiability of bit-vector formulas, answered by Z3.

Each address family has bit vectors of its own width; a rule is a formula over them, a question about a rule
("can a packet reach it?") is a check for a model. The formulas are built from the operands of the model, not
from the products that the engine works on. An unknown condition is one more Boolean, free for every packet. Only
single lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import z3

from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN, IPV6_BASE, Field
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Alternative, Condition, Element, Match, Service
from rulecheck.model.rule import BLOCKING, Outcome, Rule, Verb

Formula: TypeAlias = Any
"""A Z3 expression; the library has no types."""

_ADDRESS_FIELDS = (Field.SOURCE, Field.DESTINATION)


class Oracle:
    """One policy as formulas, and the questions about its rules."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._rules = [rule for rule in (*policy.rules, *policy.implicit) if rule.enabled]
        self._solver = z3.SolverFor("QF_FD")
        self._v6 = z3.Bool("v6")
        self._four = {name: z3.BitVec(f"{name}4", 32) for name in _ADDRESS_FIELDS}
        self._six = {name: z3.BitVec(f"{name}6", 128) for name in _ADDRESS_FIELDS}
        self._plain: dict[Field, Formula] = {}
        self._outcomes: dict[Outcome, int] = {}
        families = [self._v6 if family == 6 else z3.Not(self._v6) for family in policy.families]
        self._solver.add(z3.Or(families))
        self._build()

    def _build(self) -> None:
        """Name for each rule: does it match, is the packet undecided before it, what happens from it on."""
        count = len(self._rules)
        self._match = [z3.Bool(f"match{i}") for i in range(count)]
        self._open = [z3.Bool(f"open{i}") for i in range(count + 1)]
        self._result = [z3.BitVec(f"result{i}", 4) for i in range(count + 1)]
        self._solver.add(self._open[0], self._result[count] == self._number(self._policy.default))
        for i, rule in enumerate(self._rules):
            match, passed, result = self._match[i], self._open[i], self._result[i + 1]
            self._solver.add(match == self._matches(rule.match))
            if rule.outcome.verb is not Verb.CONTINUE:
                passed = z3.And(passed, z3.Not(match))
                result = z3.If(match, z3.BitVecVal(self._number(self._effect(rule)), 4), result)
            self._solver.add(self._open[i + 1] == passed, self._result[i] == result)

    def _effect(self, rule: Rule) -> Outcome:
        return self._policy.default if rule.outcome.verb is Verb.RETURN else rule.outcome

    def _number(self, outcome: Outcome) -> int:
        return self._outcomes.setdefault(outcome, len(self._outcomes))

    def _possible(self, *facts: Formula) -> bool:
        answer = self._solver.check(*facts)
        assert answer != z3.unknown
        return bool(answer == z3.sat)

    def kinds(self) -> dict[int, Kind | None]:
        """Return what holds for each enabled written rule, by index."""
        written = {id(rule) for rule in self._policy.rules}
        return {rule.index: self._kind(i, rule) for i, rule in enumerate(self._rules) if id(rule) in written}

    def _kind(self, i: int, rule: Rule) -> Kind | None:
        match, mine = self._match[i], self._number(self._effect(rule))
        if not self._possible(match):
            return Kind.EMPTY
        if not self._policy.ordered:
            others = (z3.Not(one) for n, one in enumerate(self._match) if n != i)
            needed = self._effect(rule) != self._policy.default and self._possible(match, *others)
            return None if needed else Kind.REDUNDANT
        if not self._possible(match, self._open[i]):
            # The packet is decided earlier, so the result of the whole list is that of the earlier rule.
            return Kind.SHADOWED if self._possible(match, self._result[0] != mine) else Kind.COVERED
        if rule.outcome.verb is Verb.CONTINUE or self._is_final_catch_all(i):
            return None
        return None if self._possible(match, self._open[i], self._result[i + 1] != mine) else Kind.REDUNDANT

    def _is_final_catch_all(self, i: int) -> bool:
        behind = [(n, rule) for n, rule in enumerate(self._rules) if n >= i and rule in self._policy.rules]
        return all(self._blocks_a_family(n, rule) for n, rule in behind)

    def _blocks_a_family(self, n: int, rule: Rule) -> bool:
        effect = self._effect(rule)
        if effect != self._policy.default or effect.verb not in BLOCKING:
            return False
        families = (self._v6 if family == 6 else z3.Not(self._v6) for family in self._policy.families)
        return any(not self._possible(family, z3.Not(self._match[n])) for family in families)

    # --- operands as formulas ---

    def _matches(self, match: Match) -> Formula:
        parts = [self._address(Field.SOURCE, match.source), self._address(Field.DESTINATION, match.destination)]
        if match.services is not None:
            parts.append(z3.Or([self._service(service) for service in match.services.elements]))
        parts.extend(self._within(one.field, one.values) for one in match.constraints)
        parts.extend(self._holds(condition) for condition in match.conditions)
        parts.extend(z3.Or([self._satisfies(one) for one in choice]) for choice in match.choices)
        return z3.And(parts)

    def _satisfies(self, way: Alternative) -> Formula:
        fields = [self._within(one.field, one.values) for one in way.constraints]
        return z3.And([*fields, *(self._holds(condition) for condition in way.conditions)])

    def _holds(self, condition: Condition | None, side: str = "") -> Formula:
        """Return "the test comes out as required"; a test of an address is another one for each side."""
        if condition is None:
            return z3.BoolVal(True)
        return z3.Bool(f"test {side} {condition.key}") == condition.holds

    def _address(self, name: Field, operand: Addresses) -> Formula:
        inside = z3.Or([self._element(name, element) for element in operand.elements])
        return z3.Not(inside) if operand.negated else inside

    def _element(self, name: Field, element: Element) -> Formula:
        values = z3.Or([self._interval(name, pair) for pair in element.values])
        return z3.And(values, self._holds(element.condition, name.value))

    def _interval(self, name: Field, pair: tuple[int, int]) -> Formula:
        """Return "the address is in this interval", which may reach from one family into the other."""
        low, high = pair
        parts = []
        if low < 1 << 32:
            here = _between(self._four[name], low, min(high, (1 << 32) - 1), 32)
            parts.append(z3.And(z3.Not(self._v6), here))
        if high >= IPV6_BASE:
            here = _between(self._six[name], max(low, IPV6_BASE) - IPV6_BASE, high - IPV6_BASE, 128)
            parts.append(z3.And(self._v6, here))
        return z3.Or(parts)

    def _service(self, service: Service) -> Formula:
        fields = [self._within(name, values) for name, values in service.sets().items()]
        return z3.And([*fields, self._holds(service.condition)])

    def _within(self, name: Field, values: IntervalSet) -> Formula:
        highest = DOMAIN[name].intervals[-1][1]
        width = highest.bit_length()
        if name not in self._plain:
            self._plain[name] = z3.BitVec(str(name), width)
            self._solver.add(_between(self._plain[name], 0, highest, width))
        return z3.Or([_between(self._plain[name], low, high, width) for low, high in values])


def _between(number: Formula, low: int, high: int, width: int) -> Formula:
    """Return ``low <= number <= high`` for a bit vector: equal leading bits for a prefix, else comparisons."""
    free = (low ^ high).bit_length()
    if low & ((1 << free) - 1) == 0 and high & ((1 << free) - 1) == (1 << free) - 1:
        if free == width:
            return z3.BoolVal(True)
        return z3.Extract(width - 1, free, number) == low >> free
    return z3.And(z3.UGE(number, low), z3.ULE(number, high))


def kinds_of(policies: Iterable[Policy]) -> list[dict[int, Kind | None]]:
    """Return the kinds of all rules of several policies."""
    return [Oracle(policy).kinds() for policy in policies]
