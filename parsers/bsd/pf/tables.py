"""Tables: the longest entry that holds an address decides whether it belongs to the table."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.bsd.pf.hosts import Hosts, Table
from parsers.bsd.pf.tokens import Statement, Token
from rulecheck.model.device import Severity
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Element

_FLAGS = frozenset({"persist", "const", "counters"})


def read_table(hosts: Hosts, statement: Statement) -> None:
    """Take one ``table`` statement."""
    tokens = statement.tokens
    if len(tokens) < 2 or not tokens[1].text.startswith("<"):
        hosts.ledger.unknown(statement.line, "the table has no name in angle brackets", affects_verdicts=True)
        return
    name = tokens[1].text.strip("<>").partition(":")[0]
    table = Table(name, statement.line, (), written=False)
    at, problem = 2, ""
    entries: list[tuple[Element, bool]] = []
    while at < len(tokens):
        text = tokens[at].text
        if text in _FLAGS:
            table.constant |= text == "const"
            at += 1
        elif text == "file":
            table.file, at = True, at + 2
            table.written = True
        elif text == "{":
            table.written = True
            at, problem = _entries(hosts, tokens, at + 1, entries, name)
        else:
            problem = f"{text[:40]!r} was not understood in a table"
            at += 1
        if problem:
            hosts.ledger.report("RC602", Severity.MEDIUM, statement.line, problem, affects_verdicts=True)
            table.file, problem = True, ""
    earlier = hosts.tables.get(name)
    table.elements = (*(earlier.elements if earlier else ()), *_resolved(entries))
    hosts.tables[name] = table


def _entries(
    hosts: Hosts, tokens: Sequence[Token], at: int, entries: list[tuple[Element, bool]], name: str
) -> tuple[int, str]:
    problem = ""
    while at < len(tokens) and tokens[at].text != "}":
        lacks = tokens[at].text == "!"
        at += lacks
        if at >= len(tokens) or tokens[at].text in (",", "}"):
            at += at < len(tokens) and tokens[at].text == ","
            continue
        word = tokens[at]
        at += 1
        if word.text.startswith("!"):
            lacks, word = True, Token(word.text[1:], word.line, word.quoted, word.path)
        words = [word]
        if at + 1 < len(tokens) and tokens[at].text == "-":
            words += tokens[at : at + 2]
            at += 2
        try:
            found = hosts.element(words)
        except ValueError as error:
            problem = f"table <{name}>: {error}"
            continue
        entries += [(Element(one.text, one.values, one.origin, one.condition), lacks) for one in found]
    return at + 1, problem


def _resolved(entries: list[tuple[Element, bool]]) -> tuple[Element, ...]:
    """Return the members: without negated entries as written, else what is left of them."""
    certain = [(one, lacks) for one, lacks in entries if one.condition is None]
    doubtful = tuple(one for one, lacks in entries if one.condition is not None and not lacks)
    if not any(lacks for _, lacks in certain):
        return (*(one for one, _ in certain), *doubtful)
    members = IntervalSet()
    for one, lacks in sorted(certain, key=lambda pair: -pair[0].values.size):
        members = members - one.values if lacks else members | one.values
    kept = [Element(one.text, one.values & members, one.origin) for one, lacks in certain if not lacks]
    return (*(one for one in kept if one.values and one.values != ADDRESS_ALL), *doubtful)
