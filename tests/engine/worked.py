"""Rule lists worked out by hand, one for each sentence of the definitions. They bind the engine and its tests alike.

Behind each line stands what holds for the rule; a dash means that it is live and needed.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulecheck.model.device import Policy
from tests.engine.notation import chain, policy

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Worked:
    """A device and the kinds of its rules: one (line, kind) table for the entry list, one for each chain."""

    title: str
    lines: Lines
    chains: tuple[tuple[str, Lines], ...] = ()
    default: str = "deny"
    implicit: tuple[str, ...] = ()

    @property
    def policies(self) -> tuple[Policy, ...]:
        entry = policy([line for line, _ in self.lines], default=self.default, implicit=self.implicit)
        return (entry, *(chain(name, [line for line, _ in lines]) for name, lines in self.chains))

    @property
    def kinds(self) -> tuple[dict[int, str], ...]:
        tables = (self.lines, *(lines for _, lines in self.chains))
        return tuple({i: kind for i, (_, kind) in enumerate(table) if kind != "off"} for table in tables)


EXACT = (
    Worked("a rule before a wider one of another outcome", (("permit 1 > any", "-"), ("deny any > any", "-"))),
    Worked(
        "shadowed by one rule",
        (("deny 1-3 > any", "-"), ("permit 2 > 5", "shadowed"), ("permit any > any", "-")),
    ),
    Worked("covered by one rule", (("permit 1-3 > any", "-"), ("permit 2 > 5", "covered"))),
    Worked(
        "covered by two rules together, by neither alone",
        (("permit 0-3 > any", "-"), ("permit 4-7 > any", "-"), ("permit 2-5 > any", "covered")),
    ),
    Worked(
        "shadowed when one of the two that take it decides otherwise",
        (
            ("permit 0-3 > any", "-"),
            ("deny 4-7 > any", "-"),
            ("permit 2-5 > any", "shadowed"),
            ("deny any > any", "-"),
        ),
    ),
    Worked(
        "a corner that the union leaves open keeps a rule alive",
        (("permit 0-3 > 0-3", "-"), ("permit 4-7 > 4-7", "-"), ("permit 2-5 > 2-5", "-")),
    ),
    Worked(
        "the first of two equal rules is redundant, the second covered",
        (("permit 1 > 2 tcp 80", "redundant"), ("permit 1 > 2 tcp 80", "covered")),
    ),
    Worked(
        "redundant to a later wider rule",
        (("permit 1 > any tcp 80", "redundant"), ("permit 1-3 > any", "-")),
    ),
    Worked(
        "an exception between the two makes it needed",
        (("permit 1 > any tcp 80", "-"), ("deny 1 > any tcp 80-90", "-"), ("permit 1-3 > any", "-")),
    ),
    Worked(
        "redundant to two later rules together",
        (("permit 2-5 > any", "redundant"), ("permit 0-3 > any", "-"), ("permit 4-7 > any", "-")),
    ),
    Worked("a deny that only the default replaces", (("deny 1 > any", "redundant"), ("permit 2 > any", "-"))),
    Worked("the final catch-all deny is never reported", (("permit 1 > any", "-"), ("deny any > any", "-"))),
    Worked(
        "a catch-all for each family is one catch-all",
        (("permit 1 > any", "-"), ("deny any4 > any4", "-"), ("deny any6 > any6", "-")),
    ),
    Worked(
        "a catch-all deny before another one is still a catch-all",
        (("permit 1 > any", "-"), ("deny any > any", "-"), ("deny any > any", "shadowed")),
    ),
    Worked(
        "a catch-all may be written as several services",
        (("permit 1 > any tcp", "-"), ("deny any > any tcp+!tcp", "-")),
    ),
    Worked(
        "a final permit in a list that permits",
        (("deny 1 > any", "-"), ("permit any > any", "redundant")),
        default="permit",
    ),
    Worked("rejecting is not denying", (("reject 1 > any", "-"), ("deny 1 > 2", "shadowed"))),
    Worked("an empty group matches nothing", (("permit none > any", "empty"), ("permit 1 > none", "empty"))),
    Worked("a mix of families matches nothing", (("permit 1 > v6:1", "empty"), ("permit any4 > any6", "empty"))),
    Worked("negating an empty group is any", (("permit !none > any", "-"), ("permit 1 > any", "covered"))),
    Worked(
        "a negated operand covers the outside only",
        (("permit !1-3 > any", "-"), ("permit 4 > any", "covered"), ("permit 3 > any", "-")),
    ),
    Worked("IPv6 is analysed as IPv4 is", (("deny v6:1-3 > any", "-"), ("permit v6:2 > any6", "shadowed"))),
    Worked(
        "a rule for both families is covered only when both are",
        (("permit 1 > any", "redundant"), ("permit 1+v6:1 > any", "-"), ("permit v6:1 > v6:7", "covered")),
    ),
    Worked("protocols differ", (("permit 1 > any udp 53", "-"), ("permit 1 > any tcp 53", "-"))),
    Worked("any protocol covers tcp", (("permit 1 > any", "-"), ("permit 1 > any tcp 53", "covered"))),
    Worked("disabled rules take part in nothing", (("permit 1 > any off", "off"), ("permit 1 > any", "-"))),
    Worked("logging goes on", (("log any > any", "-"), ("permit 1 > any", "-"))),
    Worked("a log behind a decision sees nothing", (("permit 1 > any", "-"), ("log 1 > 2", "shadowed"))),
    Worked(
        "an implicit permit behind the list takes over",
        (("permit 1 > any icmp", "redundant"), ("deny 1 > any udp", "redundant")),
        implicit=("permit any > any icmp",),
    ),
    Worked(
        "an implicit permit makes a deny needed",
        (("deny 1 > any icmp", "-"),),
        implicit=("permit any > any icmp",),
    ),
)
"""Lists of one device without calls and without conditions."""

CALLS = (
    Worked(
        "a called list decides",
        (("call A 1-3 > any", "-"), ("permit 1 > any", "shadowed"), ("permit 2 > any", "-")),
        (("A", (("deny 1 > any", "-"),)),),
    ),
    Worked(
        "covered by what a called list decides",
        (("call A 1-3 > any", "redundant"), ("permit 1 > any", "covered")),
        (("A", (("permit 1 > any", "redundant"),)),),
    ),
    Worked(
        "a list sees only what the call carries",
        (("call A 1-3 > any", "-"),),
        (("A", (("permit 5 > any", "empty"), ("permit 2-9 > any", "-"))),),
    ),
    Worked(
        "dead on one way in, live on the other",
        (("permit 1 > any tcp", "redundant"), ("call A any > any tcp", "redundant"), ("call A any > any udp", "-")),
        (("A", (("permit 1 > any", "-"),)),),
    ),
    Worked(
        "dead on every way in",
        (("permit 1 > any", "-"), ("call A any > any tcp", "redundant"), ("call A any > any udp", "redundant")),
        (("A", (("permit 1 > 5", "covered"),)),),
    ),
    Worked(
        "RETURN goes on behind the call",
        (("call A any > any", "-"), ("permit 1-3 > any", "-")),
        (("A", (("return 1 > any", "-"), ("deny 1-3 > any", "-"))),),
    ),
    Worked(
        "rules behind a RETURN are dead in their list",
        (("call A any > any", "redundant"), ("permit 1-3 > any", "-")),
        (("A", (("return 1-3 > any", "-"), ("deny 2 > any", "shadowed"))),),
    ),
    Worked(
        "GOTO leaves the calling list as well",
        (("goto A 1-3 > any", "-"), ("permit 2 > any", "shadowed"), ("permit 4 > any", "-")),
        (("A", (("permit 1 > any", "-"),)),),
    ),
    Worked(
        "RETURN in a list where evaluation starts means its default",
        (("return 1 > any", "-"), ("deny 1 > 2", "covered"), ("permit any > any", "-")),
    ),
)
"""Lists that call each other, without conditions."""

UNKNOWN = (
    Worked(
        "a rule with a condition never covers: what it may take stays open",
        (("permit 1 > any if time", "undecided"), ("permit 1 > any", "undecided")),
    ),
    Worked(
        "a rule with a condition can be covered, and may make the cover redundant",
        (("permit 1 > any", "undecided"), ("permit 1 > any if time", "covered"), ("deny 1 > 2 if time", "shadowed")),
    ),
    Worked(
        "the same unknown is equal to itself",
        (
            ("deny any > any if fqdn", "undecided"),
            ("permit 1 > any if fqdn", "shadowed"),
            ("permit any > any", "undecided"),
        ),
    ),
    Worked(
        "either it holds or it does not",
        (
            ("permit 1 > any if fqdn", "undecided"),
            ("permit 1 > any if !fqdn", "undecided"),
            ("permit 1 > 2", "covered"),
        ),
    ),
    Worked(
        "different unknowns say nothing about each other",
        (("deny 1 > any if a", "undecided"), ("permit 1 > any if b", "undecided"), ("permit 1 > any", "undecided")),
    ),
    Worked(
        "what is part of a packet cannot be covered by what only may match",
        (("deny 1-3 > any if a", "undecided"), ("permit 1-4 > any", "-")),
    ),
    Worked(
        "a rate limit answers yes in a system without history",
        (("permit 1 > any if limit=yes", "-"), ("deny 1 > any", "undecided"), ("permit any > any", "-")),
    ),
    Worked(
        "a list of recent addresses is empty in a system without history",
        (("deny 1 > any if recent=no", "undecided"), ("permit 1 > any", "-")),
    ),
    Worked(
        "a call matters as surely as what it leads to",
        (("call A 1 > any", "undecided"),),
        (("A", (("permit 1 > any if fqdn", "undecided"),)),),
    ),
    Worked(
        "a return that matters only to an address whose name is not resolved",
        (("goto A 1 > any if fqdn", "undecided"), ("call A any > any", "redundant")),
        (("A", (("return any > any", "undecided"), ("deny 1 > any if fqdn", "shadowed"))),),
        default="permit",
    ),
)
"""Lists with conditions: ``undecided`` where the answer differs between the bounds."""
