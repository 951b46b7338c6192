"""From words to clauses: what one line says, before any value is interpreted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.netfilter.iptables.modules import (
    BASE_OPTIONS,
    COMMANDS,
    IMPLIED,
    MODULE_ALIASES,
    MODULES,
    OPTION_ALIASES,
)
from parsers.netfilter.iptables.targets import TARGETS
from parsers.netfilter.iptables.tokens import Words, split_words

_COUNTERS = re.compile(r"\[(\d{1,20}):(\d{1,20})\]\Z")
_OPERANDS = {"-A": 1, "-I": 2, "-N": 1, "-P": 2, "-D": 1, "-F": 1, "-X": 1, "-Z": 1, "-R": 2, "-E": 2}


@dataclass(frozen=True, slots=True)
class Clause:
    """One option with its values: ``! --dport 80``."""

    option: str
    values: tuple[str, ...] = ()
    negated: bool = False

    @property
    def plain(self) -> str:
        """Return the clause without its negation."""
        return " ".join((self.option, *self.values))

    @property
    def text(self) -> str:
        """Return the clause as it would be written today."""
        return f"! {self.plain}" if self.negated else self.plain


@dataclass(slots=True)
class Group:
    """The options of one ``-m`` or ``-j``. ``known`` False: the module or target is not in the tables."""

    name: str
    options: dict[str, int]
    known: bool = True
    clauses: list[Clause] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """One line. ``problems`` are (code, message) pairs about clauses that could not be read.

    ``hidden``: it comes from a listing that leaves out the interfaces.
    """

    command: str = ""
    operands: list[str] = field(default_factory=list)
    counters: tuple[int, int] | None = None
    base: list[Clause] = field(default_factory=list)
    matches: list[Group] = field(default_factory=list)
    target: Group | None = None
    goto: bool = False
    problems: list[tuple[str, str]] = field(default_factory=list)
    hidden: bool = False

    @property
    def chain(self) -> str:
        """Return the chain that the command is about, or nothing."""
        return self.operands[0] if self.operands else ""


def read_statement(line: str) -> Statement:
    """Read one line; whatever cannot be read is named in ``problems``."""
    words = split_words(line)
    statement = _Reader(words).read()
    if words.broken:
        statement.problems.append(("RC606", "a quote is not closed; the line may be cut off"))
    return statement


class _Reader:
    def __init__(self, words: Words) -> None:
        self._words = words.words
        self._quoted = words.quoted
        self._at = 0
        self._negated = False
        self._contexts: list[Group] = []
        self._out = Statement()

    def read(self) -> Statement:
        if self._words and (counters := _COUNTERS.match(self._words[0])):
            self._out.counters = (int(counters[1]), int(counters[2]))
            self._at = 1
        while self._at < len(self._words):
            self._word()
        if self._negated:
            self._problem("RC606", "an exclamation mark at the end negates nothing")
        self._out.matches = [one for one in self._out.matches if one.clauses or not one.known or not one.options]
        return self._out

    def _problem(self, code: str, message: str) -> None:
        self._out.problems.append((code, message))

    def _word(self) -> None:
        word, literal = self._words[self._at], self._at in self._quoted
        self._at += 1
        if word == "!" and not literal:
            if self._negated:
                self._problem("RC606", "two exclamation marks in a row")
            self._negated = True
        elif word.startswith("-") and len(word) > 1 and not literal:
            self._flag(word)
            self._negated = False
        else:
            self._problem("RC602", f"the word {word[:60]!r} does not belong to any option")
            self._negated = False

    def _flag(self, written: str) -> None:
        inline: tuple[str, ...] = ()
        if written.startswith("--") and "=" in written:
            written, _, value = written.partition("=")
            inline = (value,)
        option = OPTION_ALIASES.get(written, written)
        if option != written and any(written in group.options for group in self._contexts):
            option = written
        if option in COMMANDS and not self._out.command:
            self._out.command = option
            self._out.operands = self._operands(_OPERANDS[option])
        elif option in ("-m", "-j", "-g"):
            self._open(option, inline)
        elif option in BASE_OPTIONS:
            self._base(option, inline)
        else:
            self._extension(option, inline)

    def _operands(self, most: int) -> list[str]:
        """Take the words up to the next flag, ``most`` at most."""
        taken: list[str] = []
        while len(taken) < most and self._at < len(self._words) and not self._is_flag(self._at):
            if most == 2 and len(taken) == 1 and self._out.command in ("-I", "-R") and not self._peek().isdecimal():
                break
            taken.append(self._peek())
            self._at += 1
        return taken

    def _peek(self) -> str:
        return self._words[self._at]

    def _is_negation(self) -> bool:
        return self._peek() == "!" and self._at not in self._quoted

    def _is_flag(self, position: int) -> bool:
        word = self._words[position]
        return position not in self._quoted and (word == "!" or (word.startswith("-") and len(word) > 1))

    def _values(self, option: str, count: int, inline: tuple[str, ...]) -> tuple[str, ...] | None:
        """Take the values of an option; a ``!`` before them negates it. None when some are missing."""
        if not count:
            if inline:
                self._problem("RC606", f"{option} takes no value")
            return ()
        if not inline and self._at < len(self._words) and self._is_negation():
            if self._negated:
                self._problem("RC606", f"{option} is negated twice")
            self._negated = True
            self._at += 1
        end = self._at + count - len(inline)
        if end > len(self._words):
            self._problem("RC606", f"{option} needs {count} value{'s' if count != 1 else ''}")
            self._at = len(self._words)
            return None
        values = inline + self._words[self._at : end]
        self._at = end
        return values

    def _open(self, option: str, inline: tuple[str, ...]) -> None:
        values = self._values(option, 1, inline)
        if values is None:
            return
        if self._negated:
            self._problem("RC606", f"{option} cannot be negated")
        if option == "-m":
            self._open_match(MODULE_ALIASES.get(values[0], values[0]))
            return
        if self._out.target is not None:
            self._problem("RC606", "the line has more than one target")
            return
        known = TARGETS.get(values[0])
        group = Group(values[0], known.options if known else {}, known is not None)
        self._out.target, self._out.goto = group, option == "-g"
        self._contexts.append(group)

    def _open_match(self, name: str) -> None:
        known = MODULES.get(name)
        group = Group(name, known.options if known else {}, known is not None)
        if known is None:
            self._problem("RC602", f"the match module {name[:40]!r} is not known")
        self._out.matches.append(group)
        self._contexts.append(group)

    def _base(self, option: str, inline: tuple[str, ...]) -> None:
        values = self._values(option, BASE_OPTIONS[option], inline)
        if values is None:
            return
        if option == "-c" and all(value.isdecimal() and len(value) <= 20 for value in values):
            self._out.counters = (int(values[0]), int(values[1]))
        if any(one.option == option for one in self._out.base):
            self._problem("RC606", f"{option} is given twice")
        self._out.base.append(Clause(option, values, self._negated))
        if option == "-p" and not self._negated and (implied := IMPLIED.get(values[0].lower())):
            group = Group(implied, MODULES[implied].options)
            self._out.matches.append(group)
            self._contexts.append(group)

    def _extension(self, option: str, inline: tuple[str, ...]) -> None:
        for group in reversed(self._contexts):
            if option in group.options:
                values = self._values(option, group.options[option], inline)
                if values is not None:
                    group.clauses.append(Clause(option, values, self._negated))
                return
        self._skip_values()
        target = self._out.target
        if target is not None and not target.known:
            target.clauses.append(Clause(option))
        elif all(group.known for group in self._contexts):
            self._problem("RC602", f"the option {option[:60]!r} is not known here")

    def _skip_values(self) -> None:
        while self._at < len(self._words) and not self._is_flag(self._at):
            self._at += 1
