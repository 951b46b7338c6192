"""Reading the ``set`` form: commands become a tree that is laid out like the XML configuration.

``delete``, ``move``, ``rename`` and ``copy`` change the tree as they do on the device.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.paloalto.panos.clauses import Token, split_clauses
from parsers.paloalto.panos.quoting import OpenQuoteError, split_words
from parsers.paloalto.panos.tree import SetNode

LOCAL = "localhost.localdomain"
VSYS = "vsys1"

_PROMPT = re.compile(r"\s*[\w.-]+@[\w.-]+(?:\([\w -]+\))?[>#]\s*")
_COMMAND = re.compile(r"\s*(set|delete|move|rename|copy)\s+(?=\S)")
_NEW_COMMAND = re.compile(r"\s*(?:set|delete|move|rename|copy)\s+[a-z]|\s*[\w.-]+@[\w.-]+(?:\([\w -]+\))?[>#]")
_NOISE = re.compile(r"\s*(?:[#!].*|\[edit.*\]|exit|quit|configure|commit.*|show.*|set cli .*|Entering config.*)?\s*$")
_TOP = frozenset({"mgt-config", "shared", "devices", "readonly", "panorama", "policy", "predefined"})
_DEVICE = frozenset({
    *("deviceconfig", "network", "vsys", "device-group", "template", "template-stack", "log-collector", "ha"),
    *("log-collector-group", "plugins", "platform", "vm-info", "wildfire-appliance", "wildfire-appliance-cluster"),
    "cluster",
})  # fmt: skip
_MAX_WORDS = 100
_MAX_LINES = 500
_MAX_WORK = 500_000


class SetReader:
    """Reads one input in ``set`` form into a tree with the root ``config``."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._lines = config.lines
        self._ledger = ledger
        self.root = SetNode("config", 1)
        self._work = 0

    def read(self) -> SetNode:
        """Read all commands and return the root of the tree."""
        number = 0
        while number < len(self._lines):
            number += 1
            line = self._lines[number - 1]
            prompt = _PROMPT.match(line)
            text = line[prompt.end() :] if prompt else line
            command = _COMMAND.match(text)
            if _NOISE.match(text):
                self._ledger.blank(number)
            elif command is not None:
                number = self._command(command[1], text[command.end() :], number)
        return self.root

    def _command(self, verb: str, text: str, number: int) -> int:
        """Take in one command; return the number of its last line."""
        words, last = self._words(text, number)
        if words is None:
            return last
        clauses = split_clauses(canonical(words)) if words and len(words) <= _MAX_WORDS else None
        if clauses is None:
            self._ledger.unknown(number, "this command cannot be read", affects_verdicts=True)
        elif verb == "set":
            for path, values in clauses:
                self._set(path, values, number, last)
        elif len(clauses) == 1 and self._change(verb, *clauses[0]):
            for line in range(number, last + 1):
                self._ledger.understood(line)
        else:
            message = f"the {verb} command cannot be followed: it names nothing that the commands before it define"
            self._ledger.unknown(number, message, affects_verdicts=True)
        return last

    def _words(self, text: str, number: int) -> tuple[list[Token] | None, int]:
        """Return the words of a command and its last line: a quoted text may go on over several lines."""
        for last in range(number, min(number + _MAX_LINES, len(self._lines)) + 1):
            if last > number:
                following = self._lines[last - 1]
                if _NEW_COMMAND.match(following):
                    break
                text += "\n" + following
            if last > number and '"' not in following and "'" not in following:
                continue
            try:
                return split_words(text), last
            except OpenQuoteError:
                continue
        self._ledger.unknown(number, "a quote or bracket is not closed; the line may be cut off", affects_verdicts=True)
        return None, number

    def _set(self, path: list[str], values: list[str] | None, number: int, last: int) -> None:
        node = self.root.add(path, number)
        for value in values or ():
            node.add((value,), number)
        node.own.extend(range(number, last + 1))

    def _change(self, verb: str, path: list[str], values: list[str] | None) -> bool:
        if verb == "delete":
            done = [self._delete([*path, value]) for value in values or ()]
            return all(done) if values else self._delete(path)
        if verb == "move":
            return self._move(path)
        return self._rename(path, keep=verb == "copy")

    def _delete(self, path: list[str]) -> bool:
        parent = self.root.at(*path[:-1])
        if parent is None or path[-1] not in parent.children:
            return False
        self._account(parent.children.pop(path[-1]))
        return True

    def _account(self, node: SetNode) -> None:
        for line in node.lines():
            self._ledger.understood(line)

    def _move(self, path: list[str]) -> bool:
        """Take in ``move <path> top|bottom`` and ``move <path> before|after <other>``."""
        if path[-1] in ("top", "bottom"):
            *place, name, where = path
            other = ""
        elif len(path) > 2 and path[-2] in ("before", "after"):
            *place, name, where, other = path
        else:
            return False
        parent = self.root.at(*place)
        if parent is None or name not in parent.children or (other and other not in parent.children) or other == name:
            return False
        if not self._affords(len(parent.children)):
            return False
        parent.children = _moved(parent.children, name, where, other)
        return True

    def _affords(self, steps: int) -> bool:
        """Return whether changes that touch this many nodes are within what is spent on one input."""
        self._work += steps
        return self._work <= _MAX_WORK

    def _rename(self, path: list[str], *, keep: bool) -> bool:
        """Take in ``rename <path> to <name>`` and ``copy <path> to <name>``."""
        if len(path) < 4 or path[-2] != "to":
            return False
        *place, name, _, target = path
        parent = self.root.at(*place)
        if parent is None or name not in parent.children or target in parent.children:
            return False
        if not self._affords(len(parent.children)) or not self._affords(parent.children[name].size()):
            return False
        twin = _copied(parent.children[name], target)
        if keep:
            parent.children[target] = twin
        else:
            parent.children = {
                (target if key == name else key): (twin if key == name else node)
                for key, node in parent.children.items()
            }
        return True


def canonical(words: Sequence[Token]) -> list[Token]:
    """Return a path from the root of the XML configuration: ``set address …`` is about the first vsys."""
    words = words[1:] if words[0] == "config" and len(words) > 1 else words
    if isinstance(words[0], list):
        return list(words)
    if words[0] in _TOP:
        return list(words)
    if words[0] in _DEVICE:
        return ["devices", LOCAL, *words]
    return ["devices", LOCAL, "vsys", VSYS, *words]


def _moved(children: dict[str, SetNode], name: str, where: str, other: str) -> dict[str, SetNode]:
    names = [key for key in children if key != name]
    place = {"top": 0, "bottom": len(names)}.get(where)
    if place is None:
        place = names.index(other) + (where == "after")
    names.insert(place, name)
    return {key: children[key] for key in names}


def _copied(node: SetNode, key: str) -> SetNode:
    """Return a copy of a subtree under another key."""
    twin = SetNode(key, node.line)
    stack = [(node, twin)]
    while stack:
        old, new = stack.pop()
        new.own = list(old.own)
        for below in old.children.values():
            child = new.children[below.key] = SetNode(below.key, below.line)
            stack.append((below, child))
    return twin
