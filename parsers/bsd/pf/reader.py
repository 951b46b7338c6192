"""Rules, one by one: what kind each is, what it matches, and what it does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.bsd.events import Place
from parsers.bsd.pf.clauses import Clauses
from parsers.bsd.pf.draft import NEW_CONNECTION, Draft, Operands
from parsers.bsd.pf.hosts import Hosts
from parsers.bsd.pf.order import Around
from parsers.bsd.pf.tokens import Statement, Token
from parsers.ledger import Ledger
from parsers.redact import redact, redact_text, show
from rulecheck.model.device import ObjectUse, Severity
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.match import Alternative, Condition, Constraint, Match, on_side
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, Hits, Logging, Outcome, Rule, Verb

TRANSLATIONS = frozenset({"nat", "rdr", "binat"})
_RETURNS = frozenset({"return", "return-rst", "return-icmp", "return-icmp6"})
_COUNTERS = re.compile(r"\[ Evaluations: (\d{1,20})\s+Packets: (\d{1,20})\s+Bytes: (\d{1,20})\s+States: \d+\s*\]")


@dataclass(slots=True)
class Reader:
    """Turns statements into rules of the model."""

    config: ConfigText
    ledger: Ledger
    hosts: Hosts
    block_policy: str = "drop"
    independent_groups: bool = False
    uses: list[ObjectUse] = field(default_factory=list)
    operands: Operands = field(default_factory=dict)

    def rule(self, statement: Statement, index: int, policy: str, around: Around = ()) -> Rule:
        """Return one rule of a list."""
        draft = self._draft(statement)
        tokens = statement.tokens
        if statement.head == "antispoof":
            match, outcome = self._antispoof(statement, draft)
        elif statement.head == "set":
            self._read(tokens[3:] if len(tokens) > 2 and tokens[2].text == "on" else tokens[2:], draft, skip=True)
            match, outcome = draft.match(), Outcome(Verb.PERMIT, ("no state",))
        elif statement.head in ("anchor", "include", "load"):
            match, outcome = self._unknown_rules(statement, draft)
        elif statement.head in TRANSLATIONS or statement.head == "no":
            match, outcome = self._translation(tokens, draft)
        else:
            match, outcome = self._filter(tokens, draft)
        for code, message in draft.problems:
            self.ledger.report(code, Severity.MEDIUM, statement.line, message, affects_verdicts=True)
        if around:
            match = Match(match.source, match.destination, match.services, match.constraints, match.conditions,
                          (*around, *match.choices))  # fmt: skip
        self.uses.extend(ObjectUse(policy, index, "table", redact(name)) for name in dict.fromkeys(draft.tables))
        return Rule(
            index,
            draft.origin,
            match,
            outcome,
            name=draft.name or None,
            logging=Logging(draft.logging) if draft.logging else None,
            description=redact_text(statement.comment),
            hits=_hits(statement),
        )

    def anchor_match(self, statement: Statement) -> Match:
        """Return what an anchor with rules restricts them to."""
        draft = self._draft(statement)
        self._read(_behind_name(statement.tokens), draft)
        for code, message in draft.problems:
            self.ledger.report(code, Severity.MEDIUM, statement.line, message, affects_verdicts=True)
        return draft.match()

    def _draft(self, statement: Statement) -> Draft:
        lines = self.config.lines[statement.line - 1 : min(statement.last, statement.line + 8)]
        text = " ".join(one.strip().rstrip("\\").strip() for one in lines)
        origin = Origin(self.config.path, statement.line, show(text))
        draft = Draft(origin, f"line {statement.line}", operands=self.operands)
        if statement.problem:
            draft.problem("RC602", statement.problem)
        return draft

    def _read(self, tokens: list[Token], draft: Draft, *, skip: bool = False) -> None:
        clauses = Clauses(self.hosts, tokens, draft, self.independent_groups)
        if skip:
            try:
                draft.places = [clauses.place(item) for item in clauses.items()]
                draft.place_text = " ".join(one.text for one in tokens)
            except ValueError as error:
                draft.problem("RC606", str(error))
            return
        clauses.read()

    def _filter(self, tokens: list[Token], draft: Draft) -> tuple[Match, Outcome]:
        action = tokens[0].text
        how, start = self._blocking(tokens) if action == "block" else ("", 1)
        self._read(tokens[start:], draft)
        if action == "pass" and not draft.flags_written and draft.state != "no" and _may_be_tcp(draft):
            draft.flags = NEW_CONNECTION
        match = draft.match()
        details = tuple(sorted(draft.details))
        if action == "match":
            changes = [one for one in details if one.startswith(("nat-to", "rdr-to", "binat-to", "af-to"))]
            if changes:
                message = "later rules see the packet as this rule translates it: that is not followed"
                draft.problems.append(("RC602", message))
            return match, Outcome(Verb.CONTINUE, ("match", *details))
        if action == "pass":
            return match, Outcome(Verb.PERMIT, details)
        return match, DENY if how == "drop" else Outcome(Verb.REJECT, (how,))

    def _blocking(self, tokens: list[Token]) -> tuple[str, int]:
        """Return how a rule blocks, and where its clauses start."""
        word = tokens[1].text if len(tokens) > 1 else ""
        if word == "drop":
            return "drop", 2
        if word not in _RETURNS:
            return self.block_policy, 1
        if len(tokens) > 2 and tokens[2].text == "(":
            end = next((at for at, one in enumerate(tokens) if one.text == ")"), len(tokens) - 1)
            return " ".join(one.text for one in tokens[1 : end + 1]), end + 1
        return word, 2

    def _translation(self, tokens: list[Token], draft: Draft) -> tuple[Match, Outcome]:
        lacks = tokens[0].text == "no"
        kind = tokens[lacks].text if len(tokens) > lacks else "nat"
        rest = tokens[lacks + 1 :]
        passes = bool(rest) and rest[0].text == "pass"
        self._read(rest[passes:], draft)
        if kind != "binat":
            draft.direction = "out" if kind == "nat" else "in"
        match = draft.match()
        if lacks:
            return match, Outcome(Verb.TRANSLATE, (f"no {kind}",))
        return match, Outcome(Verb.TRANSLATE, (f"{kind}{' pass' if passes else ''}", *draft.details))

    def _unknown_rules(self, statement: Statement, draft: Draft) -> tuple[Match, Outcome]:
        """Return a rule for rules that are not in the text: they may decide any packet that reaches them."""
        tokens = statement.tokens
        name = redact(tokens[1].text) if len(tokens) > 1 else "(none)"
        what = f"{statement.head} {name}"
        if statement.head == "anchor":
            self._read(_behind_name(tokens), draft)
        else:
            message = f"the rules of {what} are not in the text: add them to the file"
            draft.problems.append(("RC607", message))
        reason = f"the rules of {what} are not in the text"
        fresh = False if statement.head == "anchor" else None
        draft.conditions.append(Condition(f"{what} of {draft.mark}", reason, draft.origin, fresh=fresh))
        return draft.match(), Outcome(Verb.OTHER, (what,))

    def _antispoof(self, statement: Statement, draft: Draft) -> tuple[Match, Outcome]:
        tokens = [one for one in statement.tokens[1:] if one.text not in ("log", "quick")]
        draft.logging = "log" if any(one.text == "log" for one in statement.tokens) else ""
        choice: list[Alternative] = []
        if tokens and tokens[0].text == "for":
            clauses = Clauses(self.hosts, tokens[1:], draft, self.independent_groups)
            try:
                for item in clauses.items():
                    choice += self._spoofed(item[-1], clauses.place([item[-1]]), draft)
            except ValueError as error:
                draft.problem("RC606", str(error))
            rest = tokens[1 + clauses.at :]
            self._read(rest, draft)
        else:
            draft.problem("RC602", "antispoof names no interface")
        draft.direction = "in"
        match = draft.match((tuple(choice),) if choice else ())
        return match, DENY

    def _spoofed(self, token: Token, place: Place, draft: Draft) -> list[Alternative]:
        """Return what is blocked for one interface: its network elsewhere, and its own address everywhere.

        To show that another rule is in use, the addresses of the interface are taken not to be those of that rule.
        """
        name = token.text.strip("()")
        tests = []
        for part, words in ((f"{name}:network", "the network of"), (name, "the addresses of")):
            reason = f"{words} {name} are not in the text" if part == name else f"{words} {name} is not in the text"
            tests.append(on_side(Condition(f"address:{part}", reason, draft.origin, fresh=False), Field.SOURCE))
        outside = Constraint(Field.IN_INTERFACE, DOMAIN[Field.IN_INTERFACE] - place.values, f"! {name}", draft.origin)
        if place.condition is not None:
            other = Condition(f"in {place.condition.key}", place.condition.reason, draft.origin, holds=False)
            return [Alternative((), (other, tests[0])), Alternative((), (tests[1],))]
        return [Alternative((outside,), (tests[0],)), Alternative((), (tests[1],))]


def _may_be_tcp(draft: Draft) -> bool:
    if draft.fragment or (draft.protocols is None and draft.icmp):
        return False
    return draft.protocols is None or 6 in draft.protocols


def _behind_name(tokens: list[Token]) -> list[Token]:
    """Return the clauses of an anchor, which may have no name."""
    named = len(tokens) > 1 and (tokens[1].quoted or "/" in tokens[1].text or tokens[1].text not in _FIRST)
    return tokens[1 + named :]


_FIRST = frozenset({"in", "out", "on", "inet", "inet6", "proto", "from", "to", "all", "quick", "log"})


def _hits(statement: Statement) -> Hits | None:
    for _, text in statement.counters:
        found = _COUNTERS.search(text)
        if found:
            return Hits(int(found.group(2)), int(found.group(3)), "since the rules were loaded")
    return None
