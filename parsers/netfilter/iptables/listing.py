"""Listings of ``iptables -L``: tables and chains as from a dump, each rule turned back into options.

Without ``-v`` a listing leaves out the interfaces, so that no rule of it is exact. Counters are rounded
(``120K`` are 120,000 packets, as iptables counts them) unless ``-x`` was given.

Source: iptables(8), and what the print functions of iptables' extensions write.
"""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.netfilter.iptables.dump import BASE_CHAINS, LONGEST_LINE, Chain, Table
from parsers.netfilter.iptables.grammar import Statement, read_statement
from parsers.netfilter.iptables.listing_words import Rest, options_of, quoted
from rulecheck.model.device import Severity

_CHAIN = re.compile(
    r"Chain (?P<name>\S+) \((?:policy (?P<policy>\w+)(?: \S+ packets, \S+ bytes)?|(?P<calls>\d+) references)\)\s*\Z"
)
_HEADER = re.compile(
    r"\s*(?:num\s+)?(?P<counted>pkts\s+bytes\s+)?target\s+prot\s+opt\s+(?P<faces>in\s+out\s+)?source\b"
)
_COUNTER = re.compile(r"(\d{1,20})([KMGT]?)\Z")
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
_ADDRESS = re.compile(
    r"!?(?:anywhere|[0-9A-Fa-f.]*(?:\.|:)[0-9A-Fa-f.:]*(?:/[\d.:a-fA-F]+)?|[\w-]+(?:\.[\w-]+)+(?:/\d+)?)\Z"
)
_OPT = frozenset(("--", "-f", "!f"))
_WILD = frozenset(("*", "any"))
_EVERYWHERE = frozenset(("0.0.0.0/0", "::/0", "anywhere", "default"))
_PROMPT = re.compile(r"\S{0,100}[#$>]\s|\[?\S+@\S+")

HIDDEN = (
    "the listing was made without -v: it hides the interfaces of all rules, so that none of them is exact;"
    " export with iptables-save -c, or list with iptables -L -n -v -x"
)


class ListingReader:
    """Reads the lines of a listing into tables and accounts for each in the ledger."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._config = config
        self._ledger = ledger
        self._tables: list[Table] = []
        self._chain: Chain | None = None
        self._counted = self._faces = False
        self._hidden_from = 0

    def read(self) -> list[Table]:
        """Return the tables in the order of the file; their names follow from the chains that they have."""
        for number, raw in enumerate(self._config.lines, start=1):
            self._line(number, raw)
        for table in self._tables:
            table.name = _table_name(table)
        if self._hidden_from:
            self._ledger.report("RC602", Severity.MEDIUM, self._hidden_from, HIDDEN, affects_verdicts=True)
        return self._tables

    def _line(self, number: int, raw: str) -> None:
        line = raw.strip() if len(raw) <= LONGEST_LINE else ""
        if not raw.strip():
            self._ledger.blank(number)
        elif found := _CHAIN.match(line):
            self._ledger.understood(number)
            self._start(number, found["name"], found["policy"])
        elif header := _HEADER.match(line):
            self._ledger.understood(number)
            self._counted, self._faces = bool(header["counted"]), bool(header["faces"])
        elif self._chain is not None and line and not _PROMPT.match(line):
            self._rule(number, line)
        elif line and _PROMPT.match(line):
            self._ledger.ignored(number)
        else:
            self._ledger.unknown(number, "the line is outside a chain", affects_verdicts=False)

    def _start(self, number: int, name: str, policy: str | None) -> None:
        if not self._tables or name in self._tables[-1].chains:
            self._tables.append(Table("filter", number, None, commit=True))
        self._chain = Chain(name, number, policy or "-", declared=True)
        self._tables[-1].chains[name] = self._chain

    def _rule(self, number: int, line: str) -> None:
        assert self._chain is not None
        statement = self._statement(line)
        if statement is None:
            self._ledger.unknown(number, "this is neither a chain nor a rule of a listing", affects_verdicts=True)
            return
        self._ledger.understood(number)
        self._chain.rules.append((number, statement))

    def _statement(self, line: str) -> Statement | None:
        words = line.split()
        source = next((at for at, word in enumerate(words[:12]) if _is_address(words, at)), -1)
        if source < 1 or source + 1 >= len(words):
            return None
        head = _Head(words[:source], counted=self._counted, faces=self._faces)
        if not head.protocol:
            return None
        rest = re.split(r"\s+", line, maxsplit=source + 2)[source + 2 :]
        statement = read_statement(self._options(head, words[source], words[source + 1], rest[0] if rest else ""))
        statement.counters = head.counters
        if not self._faces:
            statement.hidden = True
            self._hidden_from = self._hidden_from or self._chain_line()
        return statement

    def _chain_line(self) -> int:
        return self._chain.line if self._chain else 0

    def _options(self, head: _Head, source: str, destination: str, extra: str) -> str:
        """Return a rule as ``iptables-save`` writes it."""
        assert self._chain is not None
        found = ["-A", quoted(self._chain.name)]
        found += _flag("-p", head.protocol, frozenset(("all", "0", "ip")))
        if head.fragment:
            found += ["!", "-f"] if head.fragment.startswith("!") else ["-f"]
        found += _flag("-i", head.inside, _WILD)
        found += _flag("-o", head.outside, _WILD)
        found += _flag("-s", source, _EVERYWHERE)
        found += _flag("-d", destination, _EVERYWHERE)
        options: Rest = options_of(extra, head.target)
        found += options.matches
        if head.target:
            found += ["-g" if options.goto else "-j", quoted(head.target), *options.target]
        return " ".join(found)


def _is_address(words: list[str], at: int) -> bool:
    """Return whether a source and a destination start here."""
    return at + 1 < len(words) and bool(_ADDRESS.match(words[at]) and _ADDRESS.match(words[at + 1]))


def _flag(option: str, value: str, wild: frozenset[str]) -> list[str]:
    """Return an option with its value, which a listing negates by a mark before it."""
    plain = value.removeprefix("!")
    if not plain or (plain in wild and plain == value):
        return []
    return ["!", option, quoted(plain)] if plain != value else [option, quoted(plain)]


class _Head:
    """The columns of a rule before its addresses; the target and the options may be empty."""

    def __init__(self, words: list[str], *, counted: bool, faces: bool) -> None:
        self.inside = self.outside = self.target = self.fragment = ""
        self.counters: tuple[int, int] | None = None
        if faces and len(words) >= 2:
            *words, self.inside, self.outside = words
        words = self._without_counters(words, counted=counted)
        if words and words[-1] in _OPT:
            last = words.pop()
            self.fragment = "" if last == "--" else last
        self.protocol = words.pop() if words else ""
        if words:
            self.target = words.pop()

    def _without_counters(self, words: list[str], *, counted: bool) -> list[str]:
        numbers = 0
        while numbers < len(words) and numbers < 3 and _COUNTER.match(words[numbers]):
            numbers += 1
        if not counted:
            return words[1:] if numbers and len(words) > 2 else words
        if numbers < 2:
            return words
        if numbers == 3 and len(words) == 4 and words[3] in _OPT:
            numbers = 2
        self.counters = (_count(words[numbers - 2]), _count(words[numbers - 1]))
        return words[numbers:]


def _count(text: str) -> int:
    found = _COUNTER.match(text)
    return int(found[1]) * _UNITS[found[2]] if found else 0


def _table_name(table: Table) -> str:
    """Tell the table from its chains: only mangle has all five, nat has no FORWARD, raw two."""
    there = BASE_CHAINS & set(table.chains)
    if "POSTROUTING" in there:
        return "mangle" if "FORWARD" in there else "nat"
    return "raw" if "PREROUTING" in there else "filter"
