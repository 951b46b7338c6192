"""Tests of joined keys: ``ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80 }``."""

from __future__ import annotations

from parsers.netfilter import operands
from parsers.netfilter.nftables.clauses import Element, Part, SetName, Test, Value, Values
from parsers.netfilter.nftables.draft import Draft
from parsers.netfilter.nftables.selectors import PORTED
from parsers.netfilter.nftables.values import bits, masked, value_set
from parsers.redact import redact
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint

MOST_BOXES = 2_000
"""A negated set of joined keys that needs more products than this becomes a condition."""

Box = dict[Field, IntervalSet]


def restrict_joined(draft: Draft, test: Test) -> None:
    """Restrict a draft to packets whose joined key is (or is not) a member.

    Raises:
        ValueError: a member is malformed, or the set is missing or not known.
    """
    if test.op not in ("", "==", "!="):
        raise ValueError(f"joined keys cannot be compared with {test.op}")
    elements = _elements(draft, test)
    if any(one.is_rest for one in elements) and test.op != "!=":
        return
    for one in elements:
        if len(one.key) != len(test.key.parts):
            raise ValueError(f"{one.text[:60]!r} has not as many parts as its key")
    ways = tuple(way for one in elements for way in _ways(draft, test, one))
    if test.op != "!=":
        draft.choices.append(ways)
        return
    boxes = _complement(ways)
    if boxes is None:
        right = ", ".join(sorted(one.text for one in elements))
        draft.shared(f"{test.key.text} {right}", "the set is too large to be negated", test.text, holds=False)
        return
    text = redact(test.text)
    origin = draft.origin(text)
    draft.choices.append(
        tuple(Alternative(tuple(Constraint(f, v, text, origin) for f, v in box.items())) for box in boxes)
    )


def _elements(draft: Draft, test: Test) -> tuple[Element, ...]:
    if isinstance(test.right, Values):
        return test.right.elements
    found = draft.context.sets.elements(test.right)
    if isinstance(test.right, SetName):
        for one in found:
            _check(draft, test, test.right.name, one)
    return found


def _check(draft: Draft, test: Test, name: str, element: Element) -> None:
    """Look at a member of a named set; a malformed one makes the set unknown, once and for all."""
    if element.is_rest:
        return
    if len(element.key) != len(test.key.parts):
        raise ValueError(f"the members of {name} have not as many parts as the key {test.key.text[:60]}")
    for part, value in zip(test.key.parts, element.key, strict=True):
        if part.selector.field is None:
            continue
        try:
            _values(part, value)
        except operands.HostNameError:
            continue
        except ValueError as error:
            raise draft.context.sets.spoil(name, element.line, str(error)) from None


def _ways(draft: Draft, test: Test, element: Element) -> list[Alternative]:
    """Return the ways in which a packet has one member as its key: one, or two where ports are looked for anywhere."""
    text = redact(element.text)
    origin = draft.origin(text)
    constraints: list[Constraint] = []
    conditions: list[Condition] = []
    anywhere: list[tuple[Field, IntervalSet]] = []
    for part, value in zip(test.key.parts, element.key, strict=True):
        field = part.selector.field
        try:
            values = _values(part, value) if field is not None and not _is_changed(draft, part) else None
        except operands.HostNameError:
            values = None
        if values is None or field is None:
            conditions.append(_condition(draft, part, value))
        elif part.selector.text.startswith("th "):
            anywhere.append((field, values))
        else:
            constraints.append(Constraint(field, values, text, origin))
    return _with_ports(draft, Alternative(tuple(constraints), tuple(conditions)), anywhere, text)


def _with_ports(
    draft: Draft, base: Alternative, anywhere: list[tuple[Field, IntervalSet]], text: str
) -> list[Alternative]:
    protocols = draft.product.get(Field.PROTOCOL, DOMAIN[Field.PROTOCOL])
    for one in base.constraints:
        if one.field is Field.PROTOCOL:
            protocols &= one.values
    found = [base]
    for field, values in anywhere:
        if protocols <= PORTED:
            ways: tuple[Alternative, ...] = (Alternative((Constraint(field, values, text, draft.origin(text)),)),)
        else:
            ways = draft.port_ways(field, values, text)
        found = [
            Alternative((*one.constraints, *way.constraints), (*one.conditions, *way.conditions))
            for one in found
            for way in ways
        ]
    return found


def _is_changed(draft: Draft, part: Part) -> bool:
    return part.selector.text in draft.context.changed


def _values(part: Part, value: Value) -> IntervalSet:
    selector = part.selector
    if part.mask:
        return selector.lift(masked(selector, part.mask, value.text))
    if selector.kind in ("state", "flags") and value.text != "*":
        one = bits(selector.kind, value.text)
        return selector.lift(IntervalSet(((one, one),)) & selector.domain)
    return selector.lift(value_set(selector, value.text, quoted=value.quoted))


def _condition(draft: Draft, part: Part, value: Value) -> Condition:
    selector = part.selector
    text = f"{part.text} {value.text}"
    if _is_changed(draft, part):
        key = f"line {draft.line}: {text}"
        return draft.condition(key, f"a rule of this table changes {selector.text}", text)
    reason = selector.reason or f"{value.text[:60]} is not resolved"
    return draft.condition(text, reason, text, independent=selector.independent)


def _complement(ways: tuple[Alternative, ...]) -> list[Box] | None:
    """Return all packets outside the products as disjoint products; None where that is too much or not exact."""
    found: list[Box] = [{}]
    for way in ways:
        if way.conditions:
            return None
        box: Box = {}
        for one in way.constraints:
            box[one.field] = box.get(one.field, DOMAIN[one.field]) & one.values
        found = [piece for one in found for piece in _minus(one, box)]
        if len(found) > MOST_BOXES:
            return None
    return found


def _minus(box: Box, taken: Box) -> list[Box]:
    """Return what of a product is outside another, as disjoint products."""
    if any(not box.get(field, DOMAIN[field]).meets(values) for field, values in taken.items()):
        return [box]
    found: list[Box] = []
    rest = dict(box)
    for field, values in taken.items():
        here = rest.get(field, DOMAIN[field])
        outside = here - values
        if outside:
            found.append({**rest, field: outside})
        rest[field] = here & values
    return found
