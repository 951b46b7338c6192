"""Policy-like sets: rules over shared object groups as they are found on company firewalls.

A part of the rules is planted to be dead: repetitions, narrower rules (some with the other action), and rules that
only several earlier ones cover together. Others are planted to be redundant to a wider rule that follows. As in
practice, chance adds more.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.generators.building import RuleList
from benchmarks.generators.objects import AddressObject, Objects, ServiceObject
from rulecheck.model.device import Policy
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, PERMIT, Outcome

ANY = AddressObject(ANY_ADDRESS)


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the rules by how they are made, 0 to 1; the rest is drawn freshly.

    ``repeated`` and ``narrowed`` relate to an earlier rule, ``assembled`` are covered by the two to four rules
    before them together, ``widened`` hold an earlier rule, ``blocks`` start a run of deny rules.
    """

    repeated: float = 0.02
    narrowed: float = 0.05
    assembled: float = 0.01
    widened: float = 0.02
    blocks: float = 0.01


USUAL = Mix()
MANY_DEAD = Mix(repeated=0.13, narrowed=0.27, assembled=0.08, widened=0.02, blocks=0.005)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule in terms of objects, so that narrower and wider ones can be made of it."""

    outcome: Outcome
    source: AddressObject
    destination: AddressObject
    service: ServiceObject


class PolicyLike:
    """Draws one set."""

    def __init__(self, rules: int, random: Random, mix: Mix) -> None:
        self.random = random
        self.mix = mix
        self.size = rules
        self.objects = Objects(random, rules)
        self.list = RuleList()
        self.drafts: list[Draft] = []

    def policy(self, name: str) -> Policy:
        """Return the set, with a final deny."""
        while len(self.list) < self.size - 1:
            self._next()
        self.list.add(DENY)
        return self.list.policy(name)

    def _next(self) -> None:
        mix, chance = self.mix, self.random.random()
        if not self.drafts:
            self._write(self._fresh())
        elif chance < mix.repeated:
            self._write(self._other_action(self.random.choice(self.drafts), 0.1))
        elif (chance := chance - mix.repeated) < mix.narrowed:
            self._write(self._narrower(self.random.choice(self.drafts)))
        elif (chance := chance - mix.narrowed) < mix.assembled:
            self._assembled()
        elif (chance := chance - mix.assembled) < mix.widened:
            self._pair(self._fresh())
        elif chance - mix.widened < mix.blocks:
            self._block()
        else:
            self._write(self._fresh())

    def _write(self, draft: Draft) -> None:
        if len(self.list) < self.size - 1:
            self.list.add(draft.outcome, draft.source.operand, draft.destination.operand, draft.service.operand)
            self.drafts.append(draft)

    def _fresh(self) -> Draft:
        """Return a rule that names at least two of source, destination and service."""
        service = self.objects.service()
        source = self.objects.address(0.06 if service.operand else 0.0, ANY)
        destination = self._partner(source, 0.04 if service.operand and source is not ANY else 0.0)
        outcome = DENY if self.random.random() < 0.04 else PERMIT
        return Draft(outcome, source, destination, service)

    def _partner(self, other: AddressObject, any_share: float) -> AddressObject:
        """Return an operand that shares an address family with another one, but for some slips."""
        families = {part.family for part in other.operand.parts}
        while True:
            found = self.objects.address(any_share, ANY)
            if self.random.random() < 0.05 or any(part.family in families for part in found.operand.parts):
                return found

    def _other_action(self, draft: Draft, share: float) -> Draft:
        if self.random.random() >= share:
            return draft
        return Draft(DENY if draft.outcome is PERMIT else PERMIT, draft.source, draft.destination, draft.service)

    def _narrower(self, draft: Draft) -> Draft:
        """Return a rule within another one, sometimes with the other action."""
        source, destination, service = draft.source, draft.destination, draft.service
        side = self.random.randrange(3)
        if source is ANY:
            source = self._partner(destination, 0.0)
        elif side != 1:
            source = self._inside(source)
        if destination is ANY:
            destination = self._partner(source, 0.0)
        elif side != 0:
            destination = self._inside(destination)
        if service.inner and self.random.random() < 0.5:
            service = ServiceObject(self.random.choice(service.inner))
        return self._other_action(Draft(draft.outcome, source, destination, service), 0.25)

    def _inside(self, whole: AddressObject) -> AddressObject:
        return AddressObject(self.random.choice(whole.inner)) if whole.inner else whole

    def _pair(self, draft: Draft) -> None:
        """Write a rule and, right behind it, one that holds it: the first is redundant."""
        wider = next((one for one in self._groups(5) if one.inner), draft.source)
        self._write(Draft(draft.outcome, self._inside(wider), draft.destination, draft.service))
        self._write(Draft(draft.outcome, wider, draft.destination, draft.service))

    def _groups(self, count: int) -> list[AddressObject]:
        return [self.objects.address(0.0, ANY) for _ in range(count)]

    def _assembled(self) -> None:
        """Write a rule behind two to four others that cover it together: each has a part of its sources."""
        draft = self._fresh()
        whole = next((one for one in self._groups(8) if len(one.inner) >= 2), None)
        if whole is None or len({element.values for element in whole.operand.elements}) < 2:
            self._write(draft)
            return
        pieces = self.random.randrange(2, 5)
        elements = whole.operand.elements
        for piece in range(min(pieces, len(elements))):
            part = type(whole.operand)(f"{whole.operand.label} part {piece}", elements[piece::pieces])
            self._write(Draft(draft.outcome, AddressObject(part), draft.destination, draft.service))
        self._write(self._other_action(Draft(draft.outcome, whole, draft.destination, draft.service), 0.2))

    def _block(self) -> None:
        """Write a run of deny rules: what must not be reached, whatever is permitted behind it."""
        for _ in range(self.random.randrange(3, 9)):
            service = self.objects.service()
            source = self.objects.address(0.3 if service.operand else 0.1, ANY)
            destination = self._partner(source, 0.0)
            self._write(Draft(DENY, source, destination, service))


def policy_like(rules: int, seed: int) -> Policy:
    """Return a policy-like set with about one dead rule in ten."""
    return PolicyLike(rules, Random(f"policy {seed}"), USUAL).policy("policy")


def many_dead(rules: int, seed: int) -> Policy:
    """Return a policy-like set of which about 40 % are dead."""
    return PolicyLike(rules, Random(f"dead {seed}"), MANY_DEAD).policy("dead")
