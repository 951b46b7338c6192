"""Which rule decides these packets, and why; and everything that is allowed from A to B."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Unpack

from rulecheck.api.asking import Operands, Question
from rulecheck.api.describing import Speaker
from rulecheck.api.errors import QuestionError, listed
from rulecheck.api.loading import Chosen, Config, choose
from rulecheck.api.objects import Objects
from rulecheck.api.results import QueryResult
from rulecheck.engine.questions import (
    DEFAULT_QUESTION_LIMITS,
    DecisionMap,
    QuestionLimits,
    Region,
    Side,
    allows,
    by_effect,
    by_rule,
    decision_map,
    responsible,
)
from rulecheck.engine.questions.decisions import Decision
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.model.answer import PolicyAnswer, QueryAnswer, RegionAnswer
from rulecheck.model.fields import IPV4_ALL, Field
from rulecheck.model.match import Match

_INTERFACES = frozenset({Field.IN_INTERFACE, Field.OUT_INTERFACE})

EXPLAINED = 25
"""Regions of one policy whose example is followed through the rules."""


def query(
    config: Config,
    *,
    policy: str | Iterable[str] = (),
    device: str | None = None,
    allowed: bool = False,
    every_packet: bool = False,
    limits: QuestionLimits = DEFAULT_QUESTION_LIMITS,
    **operands: Unpack[Operands],
) -> QueryResult:
    """Say which rule decides a packet, or each part of a set of packets, and why.

    Operands are ``source``, ``destination``, ``protocol``, ``source_port``, ``destination_port``, ``icmp``,
    ``tcp_flags``, ``service`` (an object), ``state``, ``in_interface``, ``out_interface``, ``source_zone``,
    ``destination_zone``, ``application`` and ``user``; each takes a text, a number, or a list. What is not given is
    unrestricted, but unless ``every_packet`` is set or ``state`` or ``tcp_flags`` are given, the question is about the
    first packets of connections, where rules look at that. ``policy`` names the lists to ask; without it those are
    asked that packets enter. With ``allowed`` the answer has only what is allowed, in as few regions as possible.

    >>> config = loads(EXAMPLE)
    >>> answer = query(config, source="10.1.0.5", destination="192.0.2.10", protocol="tcp", destination_port=443)
    >>> answer.regions[0].cases[0].decider.effect
    'allowed'

    Raises:
        QuestionError: an operand, policy or device does not exist or contradicts another one.
    """
    question = Question.of(operands.items(), first_packets=not every_packet)
    chosen = choose(config, (policy,) if isinstance(policy, str) and policy else policy, device)
    asked = _ask(chosen, question, named=bool(policy))
    answers = tuple(_answer(one, match, objects, limits, allowed=allowed) for one, match, objects in asked)
    passed = len(chosen) - len(asked)
    notes = [f"{passed} of {len(chosen)} policies are applied elsewhere and were not asked"] if passed else []
    notes += [f"{one.policy} sees no packet of the question" for one in answers if not one.regions and not one.limit]
    return QueryResult(QueryAnswer(config.path, question.text, answers, allowed, tuple(notes if not allowed else ())))


def _ask(chosen: Iterable[Chosen], question: Question, *, named: bool) -> list[tuple[Chosen, Match, Objects]]:
    """Return the policies that packets of the question can meet, each with what the question means there."""
    every = list(chosen)
    objects = {id(one.device): Objects(one.device) for one in every}
    meanings: dict[int, Match | QuestionError] = {}
    for one in every:
        if id(one.device) not in meanings:
            meanings[id(one.device)] = _meaning(question, objects[id(one.device)])
    found: list[tuple[Chosen, Match, Objects]] = []
    for one in _met(every, question, objects, named=named):
        match = meanings[id(one.device)]
        if isinstance(match, Match):
            found.append((one, match, objects[id(one.device)]))
    problems = [one for one in meanings.values() if isinstance(one, QuestionError)]
    if problems and not found:
        raise problems[0]
    if not found:
        raise QuestionError("policy", "the configuration has no policy to ask")
    return found


def _met(every: list[Chosen], question: Question, objects: Mapping[int, Objects], *, named: bool) -> list[Chosen]:
    """Return the policies that are applied where the question asks, all where their rules look at interfaces.

    Raises:
        QuestionError: no policy is applied there.
    """
    if named or not question.interfaces:
        return every
    bound = [one for one in every if question.is_met_at(one.policy)]
    inside = [one for one in every if objects[id(one.device)].fields & _INTERFACES]
    if not bound and not inside:
        places = sorted({place for one in every for place in one.policy.applied_to})
        asked = ", ".join(f"{', '.join(names)} {direction}" for direction, names in question.interfaces)
        raise QuestionError("interface", f"no policy is applied to {asked}; policies are applied to {listed(places)}")
    return bound or inside


def _meaning(question: Question, objects: Objects) -> Match | QuestionError:
    """Return what the question means on one device, restricted to the fields that its rules look at."""
    try:
        match = question.match(objects)
    except QuestionError as problem:
        return problem
    looked_at = tuple(one for one in match.constraints if one.field in objects.fields)
    return Match(match.source, match.destination, match.services, looked_at)


def _answer(chosen: Chosen, match: Match, objects: Objects, limits: QuestionLimits, *, allowed: bool) -> PolicyAnswer:
    side = chosen.side()
    terms = match.terms(chosen.policy.families)
    found = decision_map(side, terms, limits, by_effect if allowed else by_rule)
    asked = {one.field: one.values for one in match.constraints}
    speaker = Speaker.of(side, found.conditions, objects, asked)
    regions = tuple(_regions(found, speaker, limits, allowed=allowed))
    families = tuple(sorted({4 if term.sets[Field.SOURCE] <= IPV4_ALL else 6 for term in terms}))
    return PolicyAnswer(
        chosen.device.name,
        chosen.policy.name,
        chosen.policy.kind,
        chosen.policy.applied_to,
        families,
        regions,
        found.limit,
    )


def _regions(found: DecisionMap, speaker: Speaker, limits: QuestionLimits, *, allowed: bool) -> Iterator[RegionAnswer]:
    wanted = [one for one in found.regions if not allowed or _allows(one)]
    for place, region in enumerate(wanted):
        explained = place < EXPLAINED
        if allowed:
            yield speaker.allowed(region, _allowing(found.side, region, limits) if explained else ())
        else:
            yield speaker.region(region, explained=explained)


def _allows(region: Region) -> bool:
    return any(allows(case.decision.outcome) for case in region.cases)


def _allowing(side: Side, region: Region, limits: QuestionLimits) -> tuple[Decision, ...]:
    """Return what allows packets of a region, nothing where that is too much work."""
    try:
        every = responsible(side, side.listing((region.term,), limits), region.term, limits)
    except TooManyPiecesError:
        return ()
    return tuple(one for one in every if allows(one.outcome))
