"""Witnesses as certificates show them: one packet, on the fields that any rule constrains, under few assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rulecheck.certificates.search import NOT_PROVEN, TOO_LARGE, Bounds, NoCertificateError
from rulecheck.certificates.walk import Arrival, Near, World, inside, narrowed
from rulecheck.engine.packets import packet_of
from rulecheck.engine.terms import subtract
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import Packet
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Term

_CUT_PIECES = 10_000


class Witnesses:
    """Finds and writes the witnesses of one device's certificates."""

    def __init__(self, world: World, bounds: Bounds) -> None:
        self._world = world
        self._bounds = bounds
        self._fields = frozenset(
            name for listed in world.lists.values() for one in listed for term in one.terms for name in term.sets
        )
        rules = [one.rule for listed in world.lists.values() for one in listed]
        self._answers = _fresh_answers(c for rule in rules for c in rule.match.all_conditions())

    def of_packet(self, packet: Packet, owner: Owner) -> Term:
        """Return a packet that a rule decides, under all that has to be assumed for that.

        What a system without history answers is assumed as well, unless the packet's own assumptions contradict it.
        """
        assumed = dict(packet.conditions)
        bare = self._point(packet)
        if all(self._answers.get(key) in (None, holds) for key, holds in assumed.items()):
            near = self._world.near(owner[0], [bare])
            keys = {key for listed in near.values() for one in listed for term in one.terms for key in term.conditions}
            for key in sorted(keys):
                answer = self._answers.get(key)
                if answer is not None:
                    assumed.setdefault(key, answer)
        return Term(bare.sets, assumed)

    def _point(self, packet: Packet) -> Term:
        return Term({name: IntervalSet.points([packet.values[name]]) for name in Field if name in self._fields})

    def of_conflict(self, owner: Owner, conflict: Owner | None, near: Near) -> Term:
        """Return a packet of a dead rule to which ``conflict`` gives another outcome first (None: anyone).

        Raises:
            NoCertificateError: none was found.
        """
        stack = [(term, near) for term in reversed(self._world.own[owner].terms)]
        last = self._world.steps + self._bounds.steps
        while stack:
            if self._world.steps > last or len(stack) > self._bounds.regions:
                raise NoCertificateError(TOO_LARGE)
            region, around = stack.pop()
            arrivals = list(self._world.arrivals(owner, region, around))
            sure = next((one for one in arrivals if _differs(one, conflict)), None)
            if sure is not None:
                packet = packet_of(sure.part)
                return Term(self._point(packet).sets, packet.conditions)
            along = self._fork(region, arrivals, conflict)
            if along is None:
                continue
            closer = narrowed(around, region)
            common = region & along
            parts = [*subtract((region,), (along,), _CUT_PIECES), *([common] if common is not None else [])]
            if conflict is not None and along in self._world.own[conflict].terms:
                parts = parts[-1:] + parts[:-1]
            stack.extend((part, closer) for part in reversed(parts))
        raise NoCertificateError(NOT_PROVEN)

    def _fork(self, region: Term, arrivals: Iterable[Arrival], conflict: Owner | None) -> Term | None:
        """Return where to cut: along the conflicting rule, else along the first fork; None if it cannot be here."""
        wanted = [
            one
            for one in arrivals
            if conflict in one.meeting.takers or (conflict is None and one.meeting.ends - {one.outcome})
        ]
        forks = [term for one in wanted for _, term in one.meeting.forks if _splits(region, term)]
        own = self._world.own[conflict].terms if conflict is not None else ()
        return next((term for term in forks if term in own), next(iter(forks), None))


def _splits(region: Term, term: Term) -> bool:
    return term.meets(region) and not inside(region, term)


def _differs(one: Arrival, conflict: Owner | None) -> bool:
    """Return whether a region surely meets one other outcome before the rule, of the conflicting rule."""
    meeting = one.meeting
    if meeting.past or len(meeting.ends) != 1 or one.outcome in meeting.ends:
        return False
    return conflict is None or meeting.takers == {conflict}


def _fresh_answers(conditions: Iterable[Condition]) -> Mapping[str, bool | None]:
    """Return what each test answers in a system without history; None where its uses disagree."""
    found: dict[str, bool | None] = {}
    for one in conditions:
        known = found.setdefault(one.key, one.fresh)
        found[one.key] = known if known is one.fresh else None
    return found
