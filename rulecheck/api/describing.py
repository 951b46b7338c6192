"""From what the engine found to what reports write: regions, rules and conditions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from rulecheck.api.objects import Objects
from rulecheck.checks.cite import cite, constrained_fields, packet_facts
from rulecheck.engine.packets import packet_of
from rulecheck.engine.questions import DecidedCase, Decision, Region, Side, allows, effect
from rulecheck.engine.questions.walk import Failure, Hop, Miss, Way, walk
from rulecheck.engine.unfold import Owner, callees
from rulecheck.engine.verdict import Packet
from rulecheck.model.answer import Case, Decider, FieldWords, NearMiss, Packets, RegionAnswer
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.finding import RuleRef
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import DECIDING, Rule
from rulecheck.model.wording import ANY, parts, phrase

_SUMMARY = frozenset(
    {
        Field.SOURCE,
        Field.DESTINATION,
        Field.PROTOCOL,
        Field.SOURCE_PORT,
        Field.DESTINATION_PORT,
        Field.ICMP,
        Field.TCP_FLAGS,
    }
)
_DULL = frozenset({Field.PROTOCOL, Field.ICMP, Field.TCP_FLAGS, Field.FRAGMENT, Field.CONNECTION_STATE})
"""Rules that fail on these do not nearly match: they are meant for other traffic."""

_NEAR = 3
"""Rules that nearly matched which are named for one example."""

LABELS = {
    Field.SOURCE: "source",
    Field.DESTINATION: "destination",
    Field.TOS: "ToS byte",
    Field.TTL: "TTL",
    Field.ICMP: "ICMP message",
    Field.TCP_FLAGS: "TCP flags",
    Field.SOURCE_MAC: "source MAC",
    Field.IN_INTERFACE: "incoming interface",
    Field.OUT_INTERFACE: "outgoing interface",
}


def label(name: Field) -> str:
    """Return the name of a field for people."""
    return LABELS.get(name, name.value.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things about one side: which objects have names, and what its conditions mean."""

    side: Side
    conditions: Mapping[str, Condition]
    objects: Objects
    shown: frozenset[Field]
    asked: Mapping[Field, IntervalSet] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        side: Side,
        conditions: Mapping[str, Condition],
        objects: Objects,
        asked: Mapping[Field, IntervalSet] | None = None,
    ) -> Speaker:
        """Return a speaker for one list. Fields that are as the question ``asked`` for them go without saying."""
        met = [side.policies[number] for number in sorted(callees(side.policies, side.root))]
        return cls(side, conditions, objects, constrained_fields(met), asked or {})

    # --- packets ---

    def packets(self, term: Term) -> Packets:
        """Return a region in words."""
        restricted = {name: term.sets[name] for name in Field if term.sets.get(name, DOMAIN[name]) != DOMAIN[name]}
        said = {name: values for name, values in restricted.items() if self.asked.get(name) != values}
        return Packets(
            source=self._addresses(Field.SOURCE, restricted),
            destination=self._addresses(Field.DESTINATION, restricted),
            service=_service(said),
            more=tuple((label(name), phrase(name, values)) for name, values in said.items() if name not in _SUMMARY),
            fields=tuple(
                FieldWords(name.value, phrase(name, values), parts(name, values)) for name, values in restricted.items()
            ),
            only_if=self.needs(term.conditions),
        )

    def _addresses(self, side: Field, sets: Mapping[Field, IntervalSet]) -> str:
        values = sets.get(side)
        if values is None:
            return ANY
        name = self.objects.by_content.get(values)
        return phrase(side, values) if name is None else f"{name} ({phrase(side, values, 4)})"

    def example(self, packet: Packet) -> dict[str, str | int]:
        """Return a packet as label → value."""
        return packet_facts(packet, self.shown)

    def needs(self, needs: Mapping[str, bool]) -> tuple[str, ...]:
        """Return conditions in words."""
        return tuple(self._condition(key, holds=holds) for key, holds in sorted(needs.items()))

    def _condition(self, key: str, *, holds: bool) -> str:
        found = self.conditions.get(key)
        says = "holds" if holds else "does not hold"
        if found is None:
            return f"{key} {says}"
        place = f"line {found.origin.line}: " if found.origin.line else ""
        return f"{found.key} {says} ({place}{found.reason})"

    # --- rules ---

    def decider(self, decision: Decision) -> Decider:
        """Return what decides in words."""
        owner, rule = decision.owner, decision.rule
        outcome = decision.outcome
        if owner is not None and rule is not None:
            found = self.rule(owner, rule)
            return Decider(found.policy, outcome.label, effect(outcome), found)
        implied = "" if rule is None else rule.origin.text or "a rule that the device implies"
        return Decider(self.side.policy.name, outcome.label, effect(outcome), implicit=implied)

    def rule(self, owner: Owner, rule: Rule) -> RuleRef:
        """Return a rule as reports cite it."""
        return cite(self.side.policies[owner[0]], rule)

    def cases(self, cases: Iterable[DecidedCase]) -> tuple[Case, ...]:
        """Return the cases of a region."""
        return tuple(Case(self.decider(case.decision), self.needs(case.needs)) for case in cases)

    # --- regions ---

    def region(self, region: Region, *, explained: bool = True) -> RegionAnswer:
        """Return a region with an example; ``explained`` adds the example's way."""
        packet = packet_of(Term(region.term.sets, region.cases[0].truths))
        way = walk(self.side.policies, self.side.root, self._native(packet)) if explained else Way()
        return RegionAnswer(
            packets=self.packets(region.term),
            cases=self.cases(region.cases),
            share=region.share,
            example=self.example(packet),
            path=tuple(self._hops(way.calls)),
            passed=tuple(self._hops(way.passed)),
            near=tuple(self.near(way, packet)),
        )

    def allowed(self, region: Region, rules: Iterable[Decision]) -> RegionAnswer:
        """Return a region that is told apart by its effect only, with the rules that allow some of it."""
        wanted = next(case for case in region.cases if allows(case.decision.outcome))
        words = (effect(case.decision.outcome) for case in region.cases)
        return RegionAnswer(
            packets=self.packets(region.term),
            cases=tuple(
                Case(Decider("", word, word), self.needs(case.needs))
                for case, word in zip(region.cases, words, strict=True)
            ),
            share=region.share,
            example=self.example(packet_of(Term(region.term.sets, wanted.truths))),
            rules=tuple(self.decider(one) for one in rules),
        )

    def _native(self, packet: Packet) -> Packet:
        """Return a packet with its conditions under the names that they have on this device."""
        back = {new: old for old, new in self.side.keys.items()}
        return Packet(packet.values, {back.get(key, key): holds for key, holds in packet.conditions.items()})

    def _hops(self, hops: Iterable[Hop]) -> Iterable[RuleRef]:
        return (self.rule(hop.owner, hop.rule) for hop in hops if hop.owner is not None)

    def near(self, way: Way, packet: Packet) -> Iterable[NearMiss]:
        """Yield the first rules that would have decided otherwise, had one clause matched."""
        if way.outcome is None:
            return
        decided = effect(way.outcome)
        single = (miss for miss in way.misses if _is_near(miss) and effect(miss.rule.outcome) != decided)
        for miss in islice(single, _NEAR):
            fails = tuple(failure_words(failure, packet) for failure in miss.failures)
            yield NearMiss(self.rule(miss.owner, miss.rule), fails)


def _is_near(miss: Miss) -> bool:
    if miss.rule.outcome.verb not in DECIDING or len(miss.failures) != 1:
        return False
    (failure,) = miss.failures
    return failure.field is None or (failure.field not in _DULL and bool(failure.wanted))


def failure_words(failure: Failure, packet: Packet) -> str:
    """Return why a clause of a rule does not match a packet."""
    if failure.field is None:
        return failure.reason
    has = phrase(failure.field, IntervalSet.points([packet.values[failure.field]]))
    return f"{label(failure.field)} {has} is not in {phrase(failure.field, failure.wanted, 6)}"


def _service(sets: Mapping[Field, IntervalSet]) -> str:
    """Return protocol, ports, message and flags in one phrase: ``tcp 80, 443 from port 1024-65535``."""
    words = [phrase(Field.PROTOCOL, sets[Field.PROTOCOL]) if Field.PROTOCOL in sets else ANY]
    if Field.DESTINATION_PORT in sets:
        words.append(phrase(Field.DESTINATION_PORT, sets[Field.DESTINATION_PORT]))
    if Field.SOURCE_PORT in sets:
        words.append(f"from port {phrase(Field.SOURCE_PORT, sets[Field.SOURCE_PORT])}")
    if Field.ICMP in sets:
        words.append(phrase(Field.ICMP, sets[Field.ICMP]))
    if Field.TCP_FLAGS in sets:
        words.append(f"with {phrase(Field.TCP_FLAGS, sets[Field.TCP_FLAGS])}")
    return " ".join(words)
