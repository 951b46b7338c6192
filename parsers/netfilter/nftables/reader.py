"""Statements of nft's language as a rule set: tables, chains, sets, definitions, commands.

Source: nft(8). A file may hold blocks (``table inet filter { … }``, the output of ``nft list ruleset``) and
commands (``add rule …``); both may be mixed.
"""

from __future__ import annotations

from collections.abc import Callable

from parsers.ledger import Ledger
from parsers.netfilter.nftables.bodies import read_chain_option, read_set_statement
from parsers.netfilter.nftables.defines import Expander, TooLargeError
from parsers.netfilter.nftables.ruleset import FAMILIES, Chain, NamedObject, Ruleset, RuleText, SetText, Table
from parsers.netfilter.nftables.tokens import Group, Item, Token, first_line, last_line, statements
from rulecheck.model.device import Severity

_OBJECTS = ("counter", "quota", "limit", "flowtable", "secmark", "synproxy", "tunnel")
_CT_OBJECTS = ("helper", "timeout", "expectation")
_VERBS = ("add", "create", "insert", "replace", "delete", "destroy", "flush", "reset", "rename", "list")


class BadStatementError(ValueError):
    """A statement that cannot be read; the message says why."""


class Reader:
    """Reads the statements of one input in their order."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.ruleset = Ruleset()
        self._expander = Expander(self.ruleset)

    def read(self, root: Group) -> Ruleset:
        """Return the rule set of all items."""
        for statement in statements(root.items, blocks=True):
            self._guard(self._top, statement)
        return self.ruleset

    def command(self, verb: str, items: list[Item], line: int, end: int) -> None:
        """Read one command whose words are given without its verb (from JSON)."""
        self._guard(self._top, [Token(verb, line), *items, Token(";", end)])

    def _guard(self, read: Callable[[list[Item]], None], items: list[Item]) -> None:
        """Read one statement; one that cannot be read is reported with all of its lines."""
        line, end = first_line(items), last_line(items)
        try:
            read(items)
        except (BadStatementError, TooLargeError) as error:
            self._ledger.unknown(line, str(error), affects_verdicts=True)
        for number in range(line, end + 1):
            self._ledger.understood(number)

    # --- top level ------------------------------------------------------------------------------------------

    def _top(self, items: list[Item]) -> None:
        words = _Words(items)
        head = words.next()
        if head in _VERBS:
            self._command(head, words)
        elif head in ("define", "redefine"):
            self._define(items)
        elif head == "include":
            self._include(items)
        elif head == "table":
            self._table(words)
        elif head in ("undefine", "monitor", "describe", "export"):
            return
        else:
            raise BadStatementError(f"{head[:40]!r} starts no statement that is known")

    def _include(self, items: list[Item]) -> None:
        message = (
            "the included file is not part of this input, so its rules and definitions are missing;"
            " export the running rule set with nft list ruleset"
        )
        self._ledger.unknown(first_line(items), message, affects_verdicts=True)

    def _define(self, items: list[Item]) -> None:
        if len(items) < 3 or not _is(items[2], "=") or not isinstance(items[1], Token):
            raise BadStatementError("a definition is written: define name = value")
        self._expander.define(items[1].text, items[0].line, items[3:])

    def _command(self, verb: str, words: _Words) -> None:
        kind = words.next()
        if verb in ("reset", "list"):
            return
        if verb in ("delete", "destroy", "flush"):
            self._remove(verb, kind, words)
        elif verb in ("replace", "rename"):
            raise BadStatementError(f"the command {verb} changes rules in a way that is not read")
        elif kind == "table":
            self._table(words)
        elif kind == "rule" or (verb == "add" and kind in FAMILIES):
            self._rule_command(verb, kind, words)
        elif kind == "element":
            self._elements(words)
        else:
            self._declare(kind, words, self._place(words))

    def _remove(self, verb: str, kind: str, words: _Words) -> None:
        """Flush or delete what was read so far; what a file removes before it defines it is not there yet."""
        tables = self.ruleset.tables
        if kind == "ruleset":
            family = words.next() if words.left else ""
            for key in [key for key in tables if family in ("", key[0])]:
                del tables[key]
            return
        family, name = words.family(), words.next()
        table = tables.get((family, name))
        if table is None:
            return
        if kind == "table" and verb == "flush":
            for one in table.chains.values():
                one.rules.clear()
        elif kind == "table":
            del tables[family, name]
        elif kind in ("chain", "set", "map"):
            self._remove_part(table, verb, kind, words.next())
        else:
            raise BadStatementError(f"the command {verb} {kind[:40]} changes rules in a way that is not read")

    def _remove_part(self, table: Table, verb: str, kind: str, name: str) -> None:
        chain, given = table.chains.get(name), table.sets.get(name)
        if kind == "chain" and verb == "flush" and chain:
            chain.rules.clear()
        elif kind == "chain":
            table.chains.pop(name, None)
        elif verb == "flush" and given:
            given.groups.clear()
        else:
            table.sets.pop(name, None)

    def _place(self, words: _Words) -> Table:
        family = words.family()
        return self.ruleset.table(family, words.next(), words.line)

    def _rule_command(self, verb: str, kind: str, words: _Words) -> None:
        if kind in FAMILIES:
            words.back()
        table = self._place(words)
        chain = self._chain(table, words.next(), words.line, declared=False)
        position: int | None = 0 if verb == "insert" else None
        while words.peek() in ("position", "handle", "index"):
            by, value = words.next(), words.next()
            if by != "index" or not (value.isascii() and value.isdecimal() and len(value) < 8):
                raise BadStatementError(f"the place of the rule ({by} {value[:20]}) is not known in this file")
            position = int(value) + (0 if verb == "insert" else 1)
        rule = self._rule(words.rest)
        chain.rules.insert(len(chain.rules) if position is None else position, rule)

    def _elements(self, words: _Words) -> None:
        table = self._place(words)
        name, line = words.next(), words.line
        rest, _ = self._expander.expand(words.rest)
        group = rest[0] if rest else None
        if not isinstance(group, Group):
            raise BadStatementError("the elements of a set stand in braces")
        table.sets.setdefault(name, SetText(name, line)).groups.append(group)

    # --- blocks ---------------------------------------------------------------------------------------------

    def _table(self, words: _Words) -> None:
        table = self._place(words)
        body = words.group()
        if body is None:
            return
        for statement in statements(body.items, blocks=True):
            self._guard(lambda items: self._table_statement(table, items), statement)

    def _table_statement(self, table: Table, items: list[Item]) -> None:
        words = _Words(items)
        head = words.next()
        if head == "flags":
            table.dormant = "dormant" in [words.next() for _ in range(words.left)]
        elif head in ("define", "redefine"):
            self._define(items)
        elif head == "include":
            self._include(items)
        elif head not in ("comment", "undefine"):
            self._declare(head, words, table)

    def _declare(self, kind: str, words: _Words, table: Table) -> None:
        line = words.line
        if kind == "ct":
            kind = f"ct {words.next()}"
        name = words.next()
        if kind == "chain":
            self._chain_block(self._chain(table, name, line), words)
        elif kind in ("set", "map", "meter"):
            self._set_block(table, name, line, kind == "map", words)
        elif kind in _OBJECTS or kind in {f"ct {one}" for one in _CT_OBJECTS}:
            table.objects[kind, name] = NamedObject(kind, name, line)
        else:
            raise BadStatementError(f"{kind[:40]!r} is nothing that a table can have")

    def _chain(self, table: Table, name: str, line: int, *, declared: bool = True) -> Chain:
        chain = table.chains.setdefault(name, Chain(name, line, table.family, declared=declared))
        if declared and not chain.declared:
            chain.declared, chain.line = True, line
        return chain

    def _chain_block(self, chain: Chain, words: _Words) -> None:
        body = words.group()
        if body is None:
            return
        for statement in statements(body.items):
            self._guard(lambda items: self._chain_statement(chain, items), statement)

    def _chain_statement(self, chain: Chain, items: list[Item]) -> None:
        head = _Words(items).peek()
        if head == "include":
            self._include(items)
        elif head in ("define", "redefine"):
            self._define(items)
        elif head == "comment" and len(items) <= 2:
            return
        else:
            expanded, _ = self._expander.expand(items)
            try:
                is_option = read_chain_option(chain, expanded)
            except ValueError as error:
                self._ledger.report("RC606", Severity.MEDIUM, items[0].line, str(error), affects_verdicts=True)
                return
            if not is_option:
                chain.rules.append(self._rule(items))

    def _set_block(self, table: Table, name: str, line: int, is_map: bool, words: _Words) -> None:  # noqa: FBT001
        given = table.sets.setdefault(name, SetText(name, line))
        given.is_map, given.line = is_map, line
        body = words.group()
        if body is None:
            return
        for statement in statements(body.items):
            self._guard(lambda items: self._set_statement(given, items), statement)

    def _set_statement(self, given: SetText, items: list[Item]) -> None:
        expanded, _ = self._expander.expand(items)
        if not read_set_statement(given, expanded):
            raise BadStatementError("this is nothing that a set can have")

    def _rule(self, items: list[Item]) -> RuleText:
        expanded, used = self._expander.expand(items)
        return RuleText(expanded, first_line(items), last_line(items), defines=used)


def _is(item: Item, text: str) -> bool:
    return isinstance(item, Token) and item.is_mark(text)


class _Words:
    """The words of a statement, taken one by one."""

    def __init__(self, items: list[Item]) -> None:
        self._items = items
        self._position = 0
        self.line = first_line(items)

    @property
    def left(self) -> int:
        """Return how many plain words follow."""
        return sum(isinstance(item, Token) for item in self._items[self._position :])

    @property
    def rest(self) -> list[Item]:
        """Return all that follows, without a semicolon at the end."""
        found = self._items[self._position :]
        return found[:-1] if found and _is(found[-1], ";") else found

    def peek(self) -> str:
        """Return the next word without taking it, empty where there is none."""
        item = self._items[self._position] if self._position < len(self._items) else None
        return item.text if isinstance(item, Token) else ""

    def back(self) -> None:
        """Give the last word back."""
        self._position -= 1

    def next(self) -> str:
        """Take the next word.

        Raises:
            BadStatementError: there is none.
        """
        item = self._items[self._position] if self._position < len(self._items) else None
        if not isinstance(item, Token):
            raise BadStatementError("the statement ends early")
        self._position += 1
        return item.text

    def family(self) -> str:
        """Take the address family where one is written; the default is ip."""
        if self.peek() in FAMILIES and self._position + 1 < len(self._items):
            return self.next()
        return "ip"

    def group(self) -> Group | None:
        """Return the group in braces that follows, if one does.

        Raises:
            BadStatementError: something else follows.
        """
        rest = self.rest
        if not rest:
            return None
        if isinstance(rest[0], Group) and rest[0].kind == "{":
            return rest[0]
        raise BadStatementError("a block in braces was expected")
