"""From targets to outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.netfilter.iptables.draft import Draft
from parsers.netfilter.iptables.grammar import Clause, Group
from parsers.netfilter.iptables.targets import REJECT_KINDS, REJECT_KINDS6, TARGETS, Effect
from parsers.redact import redact
from rulecheck.model.rule import DENY, PERMIT, RETURN, Logging, Outcome, Verb

COUNT = Outcome(Verb.CONTINUE, ("count",))
"""A rule without target: it only counts."""

_ENDS = {Effect.ACCEPT: PERMIT, Effect.DROP: DENY}


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule does: its outcome, the list that it calls, and how it logs."""

    outcome: Outcome
    calls: str | None = None
    logging: Logging | None = None


def action_of(draft: Draft, target: Group) -> Action:
    """Return what a target does; one that is not known ends the list for some packets, maybe."""
    known = TARGETS.get(target.name)
    name = target.name.lower()
    if known is None:
        draft.problem("RC602", f"the target {target.name[:40]} is not known", f"-j {target.name}")
        return Action(Outcome(Verb.OTHER, (name,)))
    options = _options(target)
    if known.effect is Effect.LOG:
        written = " ".join((target.name, *(clause.text for clause in target.clauses)))
        return Action(Outcome(Verb.CONTINUE, (name,)), logging=Logging(redact(written)))
    if known.effect is Effect.NOTE:
        return Action(Outcome(Verb.CONTINUE, (name, *options)))
    return Action(_with_side_effects(draft, _ending(draft, target, known.effect, options)))


def _ending(draft: Draft, target: Group, effect: Effect, options: tuple[str, ...]) -> Outcome:
    name = target.name.lower()
    if effect is Effect.RETURN:
        return RETURN
    if effect in _ENDS:
        return _ENDS[effect]
    if effect is Effect.REJECT:
        return Outcome(Verb.REJECT, (_reject_kind(draft, target),))
    if effect is Effect.TRANSLATE:
        return Outcome(Verb.TRANSLATE, (name, *options))
    if effect is Effect.UNSURE:
        draft.unique(f"{target.name} does not end the list for every packet", f"-j {target.name}")
    return Outcome(Verb.OTHER, (name, *options))


def _with_side_effects(draft: Draft, outcome: Outcome) -> Outcome:
    """Add list updates of ``recent``: they change what happens to later packets."""
    if not draft.side_effects or outcome.verb is Verb.RETURN:
        return outcome
    return Outcome(outcome.verb, (*outcome.details, *draft.side_effects))


def _options(target: Group) -> tuple[str, ...]:
    return tuple(sorted(_canonical(target.name, clause) for clause in target.clauses))


def _canonical(target: str, clause: Clause) -> str:
    """Spell out ``--to``, the abbreviation that several address translations accept."""
    if clause.option != "--to":
        return clause.text
    full = {"SNAT": "--to-source", "DNAT": "--to-destination", "NETMAP": "--to", "SAME": "--to"}
    return Clause(full.get(target, "--to-ports"), clause.values, clause.negated).text


def _reject_kind(draft: Draft, target: Group) -> str:
    kinds, default = REJECT_KINDS, "icmp-port-unreachable"
    if draft.context.family == 6:
        kinds, default = REJECT_KINDS6, "icmp6-port-unreachable"
    for clause in target.clauses:
        written = clause.values[0].lower()
        if written not in kinds:
            draft.problem("RC602", f"the reject kind {written[:40]!r} is not known", clause.text)
        return kinds.get(written, written)
    return default
