"""The clauses of rules, word by word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.bsd.events import EVERY_INTERFACE, Place
from parsers.bsd.pf import values
from parsers.bsd.pf.draft import Draft
from parsers.bsd.pf.hosts import FAMILIES, Hosts, negated
from parsers.bsd.pf.tokens import Token
from parsers.redact import redact
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Constraint, Element

_STOPS = frozenset({
    "in", "out", "log", "quick", "on", "inet", "inet6", "proto", "all", "from", "to", "flags", "keep", "modulate",
    "synproxy", "no", "label", "tag", "tagged", "icmp-type", "icmp6-type", "user", "group", "os", "tos", "dscp",
    "allow-opts", "probability", "fragment", "route-to", "reply-to", "dup-to", "fastroute", "nat-to", "rdr-to",
    "binat-to", "af-to", "divert-to", "divert-reply", "divert-packet", "queue", "set", "rtable", "scrub", "once",
    "received-on", "ridentifier", "dnpipe", "dnqueue", "prio", "max-pkt-rate", "rdomain", "!", "->",
})  # fmt: skip
_DETAILS = frozenset({
    "route-to", "reply-to", "dup-to", "fastroute", "nat-to", "rdr-to", "binat-to", "af-to", "divert-to",
    "divert-reply", "divert-packet", "queue", "set", "rtable", "scrub", "dnpipe", "dnqueue", "allow-opts", "tag",
})  # fmt: skip
"""Clauses that change what happens to the packet, and not which packets match."""

_FACTS = frozenset({"ridentifier", "label"})


@dataclass(slots=True)
class Clauses:
    """Reads the words of one rule into a draft."""

    hosts: Hosts
    tokens: Sequence[Token]
    draft: Draft
    independent_groups: bool = False
    at: int = 0

    def read(self) -> None:
        """Read to the end. Whatever is not understood makes the rule inexact."""
        while self.at < len(self.tokens):
            token = self._next()
            handler = None if token.quoted else _HANDLERS.get(token.text)
            try:
                if handler is not None:
                    handler(self)
                elif token.text in _DETAILS and not token.quoted:
                    self._detail(token)
                elif token.text not in (",", ";"):
                    self.draft.problem("RC602", f"{token.text[:60]!r} was not understood")
            except ValueError as error:
                self.draft.problem("RC606", str(error))

    # --- words ---------------------------------------------------------------------------------------------

    def _next(self) -> Token:
        if self.at >= len(self.tokens):
            raise ValueError("the rule ends early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def _take(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].text == word and not self.tokens[self.at].quoted:
            self.at += 1
            return True
        return False

    def items(self) -> list[list[Token]]:
        """Return the items of a list, or the one item that stands here; an item ends at a comma or a blank.

        Signs, ranges and things in parentheses belong to the item.
        """
        if not self._take("{"):
            return [self._item()]
        found, depth = [], 1
        while depth and self.at < len(self.tokens):
            if self._take("{"):
                depth += 1
            elif self._take("}"):
                depth -= 1
            elif not self._take(","):
                found.append(self._item())
        return found

    def _item(self) -> list[Token]:
        found = [self._next()]
        while found[-1].text in ("!", "=", "!=", "<", "<=", ">", ">="):
            found.append(self._next())
        if found[-1].text == "(":
            found[-1:] = self._parenthesised()
        elif found[-1].text in ("}", ")", "{"):
            raise ValueError("a list is empty or malformed")
        if found[-1].text == "route" or self._peek() in ("-", "><", "<>"):
            found.append(self._next())
            if found[-1].text in ("-", "><", "<>"):
                found.append(self._next())
        return found

    def _parenthesised(self) -> list[Token]:
        inner = []
        while not self._take(")"):
            inner.append(self._next())
        if not inner:
            raise ValueError("empty parentheses")
        return [Token("".join(one.text for one in inner), inner[0].line, path=inner[0].path)]

    def _group(self) -> str:
        """Return the text of something in brackets or of one word, for people."""
        first = self._next()
        words, depth = [first.text], int(first.text in ("(", "{"))
        while depth and self.at < len(self.tokens):
            token = self._next()
            words.append(token.text)
            depth += (token.text in ("(", "{")) - (token.text in (")", "}"))
        return " ".join(words)

    def rest(self) -> str:
        """Return everything up to the next clause as text."""
        words = []
        while self.at < len(self.tokens) and (self._peek() not in _STOPS or self.tokens[self.at].quoted):
            words.append(self._group())
        return redact(" ".join(words))

    # --- clauses -------------------------------------------------------------------------------------------

    def _detail(self, token: Token) -> None:
        word = f" {self._next().text}" if token.text == "set" else ""
        self.draft.details.append(f"{token.text}{word} {self.rest()}".strip())

    def direction(self) -> None:
        """Read in or out."""
        self.draft.direction = self.tokens[self.at - 1].text

    def log(self) -> None:
        """Read log and its options."""
        options = self._group() if self._peek() == "(" else ""
        self.draft.logging = f"log {options}".strip()

    def family(self) -> None:
        """Read inet or inet6."""
        self.draft.family = self.tokens[self.at - 1].text

    def interfaces(self) -> None:
        """Read interfaces behind on."""
        if self._peek() == "rdomain":
            self._next()
            self.draft.shared(f"rdomain:{self._next().text}", "the routing domain is not known", independent=True)
            return
        items = self.items()
        self.draft.place_text = redact(", ".join("".join(one.text for one in item) for item in items))
        if any(item[-1].text == "any" for item in items):
            return
        self.draft.places = [self.place(item) for item in items]

    def place(self, item: Sequence[Token]) -> Place:
        """Return the interfaces of one item of a list."""
        lacks, name = item[0].text == "!" or item[0].text.startswith("!"), item[-1].text.lstrip("!")
        found = values.interface(name)
        if found is not None:
            return Place(EVERY_INTERFACE - found if lacks else found)
        reason = f"the members of interface group {name} are not known"
        test = Condition(
            redact(f"group:{name}"), redact(reason), self.draft.origin, not lacks, None, self.independent_groups
        )
        return Place(EVERY_INTERFACE, test)

    def received(self) -> None:
        """Read received-on."""
        for item in self.items():
            place = self.place(item)
            text = f"received-on {item[-1].text}"
            if place.condition is not None:
                self.draft.conditions.append(place.condition)
            self.draft.constraints.append(Constraint(Field.IN_INTERFACE, place.values, text, self.draft.origin))

    def proto(self) -> None:
        """Read protocols."""
        self.draft.protocols = list(dict.fromkeys(values.protocol(item[-1].text) for item in self.items()))

    def source(self) -> None:
        """Read the source with its ports."""
        self.draft.source, self.draft.source_text, self.draft.source_ports = self._side()
        if self._take("os"):
            self.os()

    def destination(self) -> None:
        """Read the destination with its ports."""
        self.draft.destination, self.draft.destination_text, self.draft.destination_ports = self._side()

    def os(self) -> None:
        """Read operating systems."""
        text = redact(", ".join("".join(one.text for one in item) for item in self.items()))
        self.draft.shared(f"os:{text}", f"whether the sender runs {text} is not known", independent=True)

    def _side(self) -> tuple[tuple[Element, ...] | None, str, IntervalSet | None]:
        elements: tuple[Element, ...] | None = None
        text = "any"
        if self._peek() != "port":
            start = self.at
            items = self.items()
            text = redact(" ".join(one.text for one in self.tokens[start : self.at]))
            elements = self._elements(items)
        found = None
        if self._take("port"):
            found = IntervalSet.union_of(
                values.ports(tuple(one.text for one in item)) for item in self.items() if item[0].text != "any"
            )
        return elements, text, found

    def _elements(self, items: Sequence[list[Token]]) -> tuple[Element, ...] | None:
        words = [one for item in items for one in item]
        key = " ".join(one.text for one in words)
        if not all(one.text == "!" or one.text.startswith("<") for one in words):
            return self._listed(items)
        self.draft.tables += [one.text.strip("<>").partition(":")[0] for one in words if one.text != "!"]
        if key not in self.hosts.lists:
            self.hosts.lists[key] = self._listed(items) or ()
        return self.hosts.lists[key]

    def _listed(self, items: Sequence[list[Token]]) -> tuple[Element, ...] | None:
        found: list[Element] = []
        for item in items:
            words = item[1:] if item[0].text == "!" else item
            if item[0].text == "any":
                return None
            if item[0].text == "!" and words[:1] and words[0].text == "any":
                raise ValueError("'! any' matches nothing")
            self.draft.tables += [one.text.strip("<>").partition(":")[0] for one in words if one.text.startswith("<")]
            elements = self.hosts.element(words)
            found += self._others(elements, item) if len(words) != len(item) else elements
        return tuple(found)

    def _others(self, elements: tuple[Element, ...], item: Sequence[Token]) -> tuple[Element, ...]:
        """Return the addresses outside of a negated host, of its own family where it has only one."""
        text = "".join(one.text for one in item)
        origin = self.hosts.origin(item[0], text)
        families = [one for one in (FAMILIES["inet"], FAMILIES["inet6"]) if all(e.values <= one for e in elements)]
        single = not item[1].text.startswith("<") and len(families) == 1
        kept = negated(elements, text, origin, families[0] if single else FAMILIES[""])
        if kept is None:
            self.draft.problem("RC602", f"{text} is too complicated")
            return (Element(text, FAMILIES[""], origin, self.draft.conditions[-1]),)
        return kept

    def icmp_types(self) -> None:
        """Read ICMP types and codes."""
        family = 4 if self.tokens[self.at - 1].text == "icmp-type" else 6
        number = 1 if family == 4 else 58
        found = IntervalSet()
        listed = self._peek() == "{"
        depth = int(self._take("{"))
        while self.at < len(self.tokens):
            kind = self._next().text
            code = self._next().text if self._take("code") else ""
            found |= values.icmp(kind, code, family)
            self._take(",")
            depth -= int(listed and self._take("}"))
            if not depth:
                break
        self.draft.icmp[number] = found

    def tcp_flags(self) -> None:
        """Read TCP flags."""
        self.draft.flags = values.flags(self._next().text)
        self.draft.flags_written = True

    def state(self) -> None:
        """Read how the rule keeps state."""
        kind = self.tokens[self.at - 1].text
        if not self._take("state"):
            self.draft.problem("RC602", f"{kind!r} without state was not understood")
            return
        self.draft.state = kind
        options = self._group() if self._peek() == "(" else ""
        if kind != "keep" or options:
            self.draft.details.append(redact(f"{kind} state {options}".strip()))

    def negation(self) -> None:
        """Read what follows an exclamation mark."""
        if self._take("tagged"):
            self.tagged(holds=False)
        else:
            self.draft.problem("RC602", f"'! {self._peek()[:40]}' was not understood")

    def tagged(self, *, holds: bool = True) -> None:
        """Read a tag that the packet must have."""
        tag = redact(self._next().text)
        self.draft.shared(f"tagged:{tag}", f"whether the packet is tagged {tag} is not known", holds=holds)

    def owner(self) -> None:
        """Read users or groups."""
        kind = self.tokens[self.at - 1].text
        text = redact(", ".join(" ".join(one.text for one in item) for item in self.items()))
        self.draft.shared(f"{kind}:{text}", f"the {kind} of the socket is not known", independent=True)

    def tos(self) -> None:
        """Read a type of service."""
        text = self._next().text
        self.draft.constraints.append(Constraint(Field.TOS, values.tos(text), f"tos {text}", self.draft.origin))

    def probability(self) -> None:
        """Read a probability."""
        self.draft.unique(f"it matches with a probability of {self._next().text}", independent=True)

    def once(self) -> None:
        """Read once."""
        self.draft.unique("it is removed after its first match", independent=True)

    def rate(self) -> None:
        """Read a packet rate."""
        self.draft.unique(f"it has a limit of packets: {self._next().text}", independent=True)

    def prio(self) -> None:
        """Read a priority."""
        text = self._next().text
        self.draft.shared(f"prio:{text}", "the priority of the packet is not known", independent=True)

    def fragment(self) -> None:
        """Read fragment."""
        self.draft.fragment = True

    def label(self) -> None:
        """Read a label, which names the rule."""
        self.draft.name = redact(self._next().text)

    def skip_word(self) -> None:
        """Pass over a value that does not matter."""
        self._next()

    def nothing(self) -> None:
        """Read a word that says nothing."""
        return

    def target(self) -> None:
        """Read a translation behind an arrow."""
        words = [one.text for one in self.tokens[self.at :]]
        self.at = len(self.tokens)
        self.draft.details.append(redact(f"-> {' '.join(words)}"))


_HANDLERS: dict[str, Callable[[Clauses], None]] = {
    "in": Clauses.direction, "out": Clauses.direction, "log": Clauses.log, "log-all": Clauses.log,
    "on": Clauses.interfaces, "inet": Clauses.family, "inet6": Clauses.family, "proto": Clauses.proto,
    "from": Clauses.source, "to": Clauses.destination, "all": Clauses.nothing, "os": Clauses.os,
    "icmp-type": Clauses.icmp_types, "icmp6-type": Clauses.icmp_types, "flags": Clauses.tcp_flags,
    "keep": Clauses.state, "modulate": Clauses.state, "synproxy": Clauses.state, "no": Clauses.state,
    "!": Clauses.negation, "tagged": Clauses.tagged, "user": Clauses.owner, "group": Clauses.owner,
    "tos": Clauses.tos, "dscp": Clauses.tos, "probability": Clauses.probability, "once": Clauses.once,
    "max-pkt-rate": Clauses.rate, "prio": Clauses.prio, "fragment": Clauses.fragment, "label": Clauses.label,
    "ridentifier": Clauses.skip_word, "received-on": Clauses.received, "->": Clauses.target,
    "quick": Clauses.nothing,
}  # fmt: skip
