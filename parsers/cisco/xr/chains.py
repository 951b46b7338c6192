"""A common access list in front of an interface's own one: two lists that are evaluated one after the other.

Packets that the common list does not match go on to the interface's own list; only behind that one stands the
implicit deny (Cisco IOS XR IP Addresses and Services Configuration Guide, "Chaining of multiple access lists").
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from parsers.cisco.blocks import Block
from rulecheck.model.device import Policy
from rulecheck.model.match import Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import RETURN, Outcome, Rule, Verb

_COMMON = re.compile(
    r"ipv(?P<family>[46]) access-group common (?P<common>\S+) "
    r"(?!ingress\b|egress\b)(?P<own>\S+) (?P<way>ingress|egress)\b"
)

PolicyKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Chain:
    """A common list and an interface's own list, by family and names, with the place of use."""

    family: int
    common: str
    own: str
    place: str

    @property
    def members(self) -> tuple[PolicyKey, PolicyKey]:
        """Return the keys of both lists."""
        return (self.family, self.common), (self.family, self.own)


def chains_in(block: Block) -> Iterable[Chain]:
    """Yield the chains of an ``interface`` block."""
    at = " ".join(block.words[1:])
    for one in block.walk():
        found = _COMMON.match(" ".join(one.words))
        if found:
            yield Chain(int(found["family"]), found["common"], found["own"], f"{at} {found['way']}")


def link(policies: Iterable[Policy], chains: Iterable[Chain]) -> list[Policy]:
    """Return the policies with those of chains called from entry policies: one for each way in.

    Only a list that is a common one somewhere loses its own end. A chain of which one list is not defined is left as
    it is, except that the default of the other says so.
    """
    by_key: dict[PolicyKey, Policy] = {(one.families[0], one.name): one for one in policies}
    whole = [one for one in chains if all(key in by_key for key in one.members)]
    for one in chains:
        _dangling(one, by_key)
    called = {key: by_key[key] for one in whole for key in one.members}
    open_ended = {one.members[0] for one in whole}
    result = [_called(one, key in open_ended) if key in called else one for key, one in by_key.items()]
    taken = {one.name for one in result}
    result.extend(_entries(whole, called, open_ended, taken))
    return result


def _dangling(chain: Chain, by_key: dict[PolicyKey, Policy]) -> None:
    common, own = chain.members
    if common in by_key and own not in by_key:
        outcome = Outcome(Verb.OTHER, (f"continue with access list {chain.own}, which is not defined",))
        by_key[common] = replace(by_key[common], default=outcome, implicit=())


def _called(policy: Policy, open_ended: bool) -> Policy:  # noqa: FBT001
    return replace(policy, entry=False, default=RETURN, implicit=()) if open_ended else replace(policy, entry=False)


def _entries(
    chains: Iterable[Chain], called: Mapping[PolicyKey, Policy], open_ended: Container[PolicyKey], taken: set[str]
) -> Iterable[Policy]:
    """Yield a policy for each pair of lists, then one for each list that is also applied alone."""
    places: dict[tuple[PolicyKey, ...], list[str]] = {}
    for one in chains:
        places.setdefault(one.members, []).append(one.place)
    chained = {(key, place) for keys, found in places.items() for key in keys for place in found}
    for key, policy in called.items():
        alone = [place for place in policy.applied_to if (key, place) not in chained]
        if alone:
            places.setdefault((key,), []).extend(alone)
    for keys, found in places.items():
        ends = called[keys[-1]].implicit if keys[-1] in open_ended else ()
        yield _entry([called[key] for key in keys], found, ends, taken)


def _entry(lists: list[Policy], places: list[str], ends: tuple[Rule, ...], taken: set[str]) -> Policy:
    wanted = name = " + ".join(one.name for one in lists) if len(lists) > 1 else f"{lists[0].name} alone"
    number = 2
    while name in taken:
        name, number = f"{wanted}#{number}", number + 1
    taken.add(name)
    calls = [_call(one) for one in lists]
    implicit = tuple(replace(rule, index=n) for n, rule in enumerate((*calls, *ends)))
    last = lists[-1]
    return Policy(
        name,
        "dispatch",
        (),
        last.default,
        last.families,
        tuple(dict.fromkeys(places)),
        implicit,
        last.scope,
        origin=last.origin,
        applied=True,
    )


def _call(policy: Policy) -> Rule:
    written = policy.origin or Origin("", 0, "")
    origin = Origin(written.file, written.line, f"access list {policy.name}")
    return Rule(0, origin, Match(), Outcome(Verb.CALL), name="implicit", calls=policy.name)
