"""Edits as people write them: ``17``, ``OUTSIDE:17``, ``17:3``, ``3:permit src=10.0.0.0/8 dst=any``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rulecheck.api.asking import OPERANDS, Question
from rulecheck.api.errors import QuestionError, hint
from rulecheck.api.loading import Chosen, Config, choose, parse
from rulecheck.api.objects import Objects
from rulecheck.engine.questions import Insert, Move, Remove
from rulecheck.model.device import Device, Policy
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Outcome, Rule, Verb

_VERBS = {
    "permit": PERMIT,
    "allow": PERMIT,
    "accept": PERMIT,
    "deny": DENY,
    "drop": DENY,
    "block": DENY,
    "reject": Outcome(Verb.REJECT),
}
_SHORT = {
    "src": "source",
    "dst": "destination",
    "proto": "protocol",
    "sport": "source_port",
    "dport": "destination_port",
    "flags": "tcp_flags",
}
NEUTRAL = "permit src=10.0.0.0/8 dst=SERVERS proto=tcp dport=443,8443"
"""An example of a rule in the neutral form."""

INSERTED = "inserted"
"""The name of the place from which an inserted rule comes."""


def target(config: Config, name: str | None, device: str | None) -> Chosen:
    """Return the one policy to edit.

    Raises:
        QuestionError: it does not exist, or it has to be named because there are several.
    """
    found = choose(config, (name,) if name else (), device)
    if len(found) == 1:
        return found[0]
    names = [one.policy.name for one in found]
    if name:
        raise QuestionError("policy", f"{name!r} exists on several devices; name one with --device")
    raise QuestionError("policy", f"name the policy to change with --policy; {config.path} has {', '.join(names)}")


def removal(chosen: Chosen, text: str | int) -> Remove:
    """Read the position of a rule to remove."""
    return Remove(chosen.number, _position("remove", str(text), chosen.policy))


def move(chosen: Chosen, text: str) -> Move:
    """Read ``17:3``: rule #17 goes before the rule that is #3 now."""
    index, colon, before = text.partition(":")
    if not colon:
        raise QuestionError(
            "move", f"{text!r} names no place; write FROM:TO, the rule and the rule before which it goes"
        )
    return Move(
        chosen.number,
        _position("move", index, chosen.policy),
        _position("move", before, chosen.policy, end=True),
    )


def _position(where: str, text: str, policy: Policy, *, end: bool = False) -> int:
    """Return a position in the policy; ``end`` allows the one behind the last rule, also as ``end``."""
    plain = text.strip().removeprefix("#")
    highest = len(policy.rules) - (0 if end else 1)
    if end and plain == "end":
        return highest
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 10) or int(plain) > highest:
        rules = f"positions go from 0 to {highest}" if highest >= 0 else "it has no rules"
        raise QuestionError(where, f"{policy.name} has no position {text.strip()!r}; {rules}")
    return int(plain)


def insertion(chosen: Chosen, text: str) -> Insert:
    """Read ``3:RULE``; RULE is in the neutral form, or a line in the platform's own language.

    Raises:
        QuestionError: the position or the rule is not understood.
    """
    place, colon, rule = text.partition(":")
    if not colon or not rule.strip():
        raise QuestionError("insert", f"{text!r} has no position; write POSITION:RULE, for example 0:{NEUTRAL}")
    before = _position("insert", place, chosen.policy, end=True)
    made = neutral_rule(chosen, rule.strip()) if _is_neutral(rule) else vendor_rule(chosen, rule.strip(), before)
    return Insert(chosen.number, before, made)


def _is_neutral(text: str) -> bool:
    first, *rest = text.split()
    return first.casefold() in _VERBS and all("=" in word for word in rest)


def neutral_rule(chosen: Chosen, text: str) -> Rule:
    """Return the rule that a text in the neutral form describes: an action, then ``field=value`` for each field.

    Raises:
        QuestionError: a field or value is not understood.
    """
    verb, *rest = text.split()
    operands: list[tuple[str, object]] = []
    for word in rest:
        name, _, value = word.partition("=")
        full = _SHORT.get(name, name.replace("-", "_"))
        if full not in OPERANDS:
            known = [*_SHORT, *(one.replace("_", "-") for one in OPERANDS)]
            raise QuestionError("insert", f"there is no field {name!r}; {hint(name, known, f'for example {NEUTRAL}')}")
        operands.append((full, value))
    match = Question.of(operands).match(Objects(chosen.device))
    return Rule(0, Origin(INSERTED, 0, text), match, _VERBS[verb.casefold()])


def vendor_rule(chosen: Chosen, text: str, before: int) -> Rule:
    """Return the rule that a line in the platform's own language becomes when it stands in the configuration.

    Raises:
        QuestionError: it does not become exactly one rule of the policy, or it is not fully understood.
    """
    line = _line_for(chosen.policy, before)
    config = chosen.config
    lines = (*config.text.lines[: line - 1], text, *config.text.lines[line - 1 :])
    after = parse(replace(config.text, lines=lines), config.platform)
    device = next((one for one in after.devices if one.name == chosen.device.name), None)
    found = _new_rules(chosen.policy, device, line)
    if len(found) != 1:
        remedy = f"write the whole line as it stands in the configuration, or the neutral form: {NEUTRAL}"
        raise QuestionError("insert", f"{text!r} does not become a rule of {chosen.policy.name}; {remedy}")
    assert device is not None
    for one in device.diagnostics:
        if one.line == line and one.affects_verdicts:
            raise QuestionError("insert", f"{text!r} is not fully understood: {one.message}")
    rule = found[0]
    return replace(rule, origin=replace(rule.origin, file=INSERTED, line=0))


def _line_for(policy: Policy, before: int) -> int:
    """Return the line before which a new line has to stand."""
    if before < len(policy.rules):
        return policy.rules[before].origin.line
    if policy.rules:
        return policy.rules[-1].origin.line + 1
    raise QuestionError("insert", f"{policy.name} has no rules yet; write the rule in the neutral form: {NEUTRAL}")


def _new_rules(policy: Policy, device: Device | None, line: int) -> Sequence[Rule]:
    """Return the rules at a line of the policy of the same name, if nothing else about the list changed."""
    if device is None:
        return ()
    same = [one for one in device.policies if (one.scope, one.name) == (policy.scope, policy.name)]
    if len(same) != 1 or len(same[0].rules) != len(policy.rules) + 1:
        return ()
    return [rule for rule in same[0].rules if rule.origin.line == line]
