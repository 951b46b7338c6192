"""Statements into tables: which section and entry each one belongs to, and what it changes there."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.base import ConfigText
from parsers.fortinet.fortios.lines import LineReader, Statement
from parsers.fortinet.fortios.sections import IGNORED_NESTED, KNOWN_ROOTS, NOT_MODELLED, READ, REFERENCES
from parsers.fortinet.fortios.tree import GLOBAL, Entry, Reference, Setting, Table, Tree
from parsers.ledger import Ledger
from rulecheck.model.device import Severity


@dataclass(slots=True)
class _Frame:
    """One open ``config`` or ``edit``. ``table`` and ``entry`` are None in sections that are not read."""

    kind: str
    path: str
    line: int
    table: Table | None = None
    entry: Entry | None = None
    name: str = ""


class TreeReader:
    """Builds the tree of one input and accounts for its lines."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._config = config
        self._ledger = ledger
        self._stack: list[_Frame] = []
        self._scope = GLOBAL
        self.tree = Tree()

    def read(self) -> Tree:
        """Read the whole input."""
        for statement in LineReader(self._config, self._ledger).read():
            self._take(statement)
        if self._stack:
            frame = self._stack[-1]
            what = f"{frame.kind} {frame.path or frame.name}".strip()
            message = f"the file ends inside of {what[:120]!r} (line {frame.line}); what follows is missing"
            self._ledger.report("RC607", Severity.MEDIUM, len(self._config.lines), message, affects_verdicts=True)
        return self.tree

    def _take(self, statement: Statement) -> None:
        match statement.verb:
            case "config":
                self._config_statement(statement)
            case "edit":
                self._edit(statement)
            case "next":
                self._next(statement)
            case "end" | "abort":
                self._end(statement)
            case _:
                self._change(statement)

    def _mark(self, statement: Statement, *, read: bool) -> None:
        for line in range(statement.line, statement.last + 1):
            if read:
                self._ledger.understood(line)
            else:
                self._ledger.ignored(line)

    # --- structure ------------------------------------------------------------------------------------------

    def _config_statement(self, statement: Statement) -> None:
        path = " ".join(statement.words())
        top = self._stack[-1] if self._stack else None
        if top is None or top.kind == "vdom":
            if top is None and path in ("vdom", "global"):
                self._stack.append(_Frame("config", path, statement.line))
                self._scope = GLOBAL
                self._mark(statement, read=True)
                return
            self._open(statement, path)
        elif top.kind == "config" and top.path == "global":
            self._open(statement, path)
        else:
            self._open_nested(statement, path, top)

    def _open(self, statement: Statement, path: str) -> None:
        frame = _Frame("config", path, statement.line)
        if path in READ:
            key = (self._scope, path)
            if key not in self.tree.tables:
                self.tree.tables[key] = Table(path, statement.line)
            frame.table = self.tree.tables[key]
            frame.entry = frame.table.settings
        elif path in NOT_MODELLED:
            message = f"{path} is not modelled: {NOT_MODELLED[path]}"
            self._ledger.report("RC601", Severity.LOW, statement.line, message)
        elif path.partition(" ")[0] not in KNOWN_ROOTS:
            self._ledger.unknown(statement.line, f"the section {path[:80]!r} is not known; it is passed over")
        self._mark(statement, read=frame.table is not None)
        self._stack.append(frame)

    def _open_nested(self, statement: Statement, path: str, top: _Frame) -> None:
        frame = _Frame("config", f"{top.path} {path}".strip()[:200], statement.line)
        if top.entry is not None and path not in IGNORED_NESTED:
            frame.table = top.entry.nested.setdefault(path, Table(path, statement.line))
            frame.entry = frame.table.settings
        self._mark(statement, read=frame.table is not None)
        self._stack.append(frame)

    def _edit(self, statement: Statement) -> None:
        name = " ".join(statement.words())
        top = self._stack[-1] if self._stack else None
        if top is not None and top.kind in ("edit", "vdom"):
            self._ledger.report(
                "RC607", Severity.MEDIUM, statement.line, "an entry begins before the one above it has ended"
            )
            self._stack.pop()
            top = self._stack[-1] if self._stack else None
        if top is None:
            self._ledger.unknown(statement.line, "edit stands outside of any section", affects_verdicts=True)
            return
        if top.path == "vdom" and len(self._stack) == 1:
            self._enter_vdom(statement, name)
            return
        frame = _Frame("edit", top.path, statement.line, name=name)
        if top.table is not None:
            frame.entry = top.table.edit(name, statement.line)
            frame.table = top.table
        self._mark(statement, read=frame.entry is not None)
        self._stack.append(frame)

    def _enter_vdom(self, statement: Statement, name: str) -> None:
        self._scope = name
        if name not in self.tree.vdoms:
            self.tree.vdoms.append(name)
        self._stack.append(_Frame("vdom", "", statement.line, name=name))
        self._mark(statement, read=True)

    def _next(self, statement: Statement) -> None:
        top = self._stack[-1] if self._stack else None
        if top is not None and top.kind in ("edit", "vdom"):
            self._mark(statement, read=top.entry is not None or top.kind == "vdom")
            self._stack.pop()
            self._leave_vdom(top)
        elif top is not None and top.table is None:
            self._mark(statement, read=False)
        else:
            self._ledger.unknown(statement.line, "next stands outside of any entry")

    def _end(self, statement: Statement) -> None:
        if not self._stack:
            self._ledger.unknown(statement.line, "end stands outside of any section")
            return
        top = self._stack.pop()
        if top.kind in ("edit", "vdom"):
            self._leave_vdom(top)
            self._stack.pop()
        self._mark(statement, read=top.table is not None or top.kind == "vdom" or top.path in ("global", "vdom"))

    def _leave_vdom(self, frame: _Frame) -> None:
        if frame.kind == "vdom":
            self._scope = GLOBAL

    # --- changes --------------------------------------------------------------------------------------------

    def _change(self, statement: Statement) -> None:
        top = self._stack[-1] if self._stack else None
        if top is None:
            self._ledger.unknown(statement.line, "this line stands outside of any section")
            return
        if top.entry is None:
            self._mark(statement, read=False)
            self._reference(statement, top)
            return
        assert top.table is not None
        done = _apply(statement, top, statement.words())
        self._mark(statement, read=True)
        if done:
            self._ledger.report("RC601", Severity.MEDIUM, statement.line, done, affects_verdicts=True)

    def _reference(self, statement: Statement, top: _Frame) -> None:
        key = statement.rest.partition(" ")[0]
        if statement.verb not in ("set", "append") or not REFERENCES.search(key):
            return
        words = statement.words()[1:]
        place = next((f"{one.path} {one.name}" for one in self._stack if one.kind == "edit"), top.path).strip()
        self.tree.references.append(Reference(self._scope, place[:120], tuple(words[:1000])))


def _apply(statement: Statement, top: _Frame, words: list[str]) -> str:
    """Carry out one change; return what is wrong with it, or nothing."""
    entry, table = top.entry, top.table
    assert entry is not None
    assert table is not None
    key = words[0] if words else ""
    match statement.verb:
        case "set" | "select" if key:
            _set(
                entry,
                key,
                Setting([word for word in words[1:] if word != "''"], statement.line, broken=statement.broken),
            )
            entry.lines.append(statement.line)
        case "append" if key:
            known = entry.settings.setdefault(key, Setting([], statement.line))
            known.add(words[1:])
            known.broken = known.broken or statement.broken
            entry.lines.append(statement.line)
        case "unselect" | "clear" if key and key in entry.settings:
            entry.settings[key].remove(words[1:])
            entry.lines.append(statement.line)
        case "unset" if key:
            entry.settings.pop(key, None)
            if key == "icmptype":
                entry.settings.pop("icmpcode", None)
        case _ if top.kind == "config":
            return _rearrange(statement, table, words)
        case _:
            return "this line was not understood"
    return ""


def _set(entry: Entry, key: str, setting: Setting) -> None:
    if key == "protocol" and entry.value(key) not in ("", " ".join(setting.words)):
        for gone in ("protocol-number", "icmptype", "icmpcode", "tcp-portrange", "udp-portrange", "sctp-portrange"):
            entry.settings.pop(gone, None)
    entry.settings[key] = setting


def _rearrange(statement: Statement, table: Table, words: list[str]) -> str:
    match statement.verb, words:
        case "delete", [name]:
            done = table.delete(name)
        case "move", [name, where, anchor]:
            done = table.move(name, where, anchor)
        case "rename", [old, "to", new]:
            done = table.rename(old, new, statement.line)
        case "clone", [old, "to", new]:
            done = table.clone(old, new, statement.line)
        case "purge", _:
            for name in list(table.entries):
                table.delete(name)
            done = True
        case _:
            return "this line was not understood"
    taken = ", or its new name is taken" if statement.verb in ("rename", "clone") else ""
    return "" if done else f"{statement.verb} was not possible: the entry does not exist{taken}"
