"""The one-line commands that build a configuration: ``set``, ``deactivate``, ``delete``, ``insert`` and others."""

from __future__ import annotations

from parsers.juniper.tokens import command_words
from parsers.juniper.tree import Node, at, descend
from parsers.ledger import Ledger
from rulecheck.model.device import Severity

MOST_WORDS = 60
"""Words of one path; Junos needs about 25."""

MOST_MOVES = 20_000_000
"""Steps spent on ``insert`` and ``rename``, which rebuild the list that they change."""

_QUIET = frozenset({"commit", "rollback", "run", "show", "status", "quit", "load", "annotate", "protect", "unprotect"})
_EDITING = frozenset({"edit", "top", "up", "exit"})
_CHANGES = frozenset({"set", "deactivate", "activate", "delete", "insert", "rename", "replace"})
VERBS = _CHANGES | _QUIET | _EDITING | {"copy"}
"""First words of lines that are commands."""

_ORDER = ("before", "after")
_LOW = Severity.LOW


class Commands:
    """Runs commands on a tree, in their order."""

    def __init__(self, root: Node, ledger: Ledger) -> None:
        self._root = root
        self._ledger = ledger
        self._edit: list[str] | None = []
        self._places: list[list[str] | None] = []
        self._switched: list[tuple[list[str], int]] = []
        self._effort = MOST_MOVES

    def run(self, text: str, number: int) -> Node | None:
        """Run one command; return the node that it wrote, or None when the line is accounted for already."""
        words = command_words(text)
        verb, rest = words[0], words[1:]
        if verb in _QUIET:
            self._ledger.blank(number)
        elif verb in _EDITING:
            self._move(verb, rest, number)
        elif self._edit is None:
            message = "this command is relative to a place that is not known"
            self._ledger.unknown(number, message, affects_verdicts=True)
        elif len(rest) + len(self._edit) > MOST_WORDS and "[" not in rest:
            self._ledger.unknown(number, "this command has too many words to be one of Junos", affects_verdicts=True)
        elif verb == "set":
            return self._set([*self._edit, *rest], number)
        elif verb == "copy" or not rest:
            self._ledger.unknown(number, f"this {verb} command was not understood", affects_verdicts=True)
        else:
            self._change(verb, [*self._edit, *rest], number)
        return None

    def finish(self) -> None:
        """Switch off what was deactivated before it was set."""
        for path, number in self._switched:
            node = at(self._root, path)
            if node is None:
                self._ledger.report("RC603", _LOW, number, "what this command deactivates does not exist")
            else:
                node.active = False

    def _set(self, words: list[str], number: int) -> Node | None:
        values: list[str] = []
        if "[" in words:
            first = words.index("[")
            values = [word for word in words[first:] if word not in ("[", "]")]
            words = words[:first]
        words = [word.removeprefix("\0") for word in words]
        if not words or len(words) > MOST_WORDS:
            self._ledger.unknown(number, "this set command was not understood", affects_verdicts=True)
            return None
        node = descend(self._root, words, number)
        for value in values:
            node.child(value.removeprefix("\0"), number)
        return node

    def _move(self, verb: str, words: list[str], number: int) -> None:
        """``edit`` goes down and ``exit`` back; how many words ``up`` takes away, only the device knows."""
        self._ledger.blank(number)
        if verb == "edit":
            self._places.append(self._edit)
            self._edit = None if self._edit is None or len(self._edit) > MOST_WORDS else [*self._edit, *words]
        elif verb == "exit" and self._places:
            self._edit = self._places.pop()
        else:
            self._edit = None if verb == "up" else []

    def _change(self, verb: str, path: list[str], number: int) -> None:
        """Run a command that changes what is there."""
        self._ledger.understood(number)
        if verb == "insert":
            self._insert(path, number)
        elif verb == "rename":
            self._rename(path, number)
        elif (node := at(self._root, path)) is None:
            if verb == "deactivate":
                self._switched.append((path, number))
            elif verb == "delete":
                self._ledger.report("RC603", _LOW, number, "what this command deletes does not exist before it")
        elif verb == "delete" and node.parent is not None:
            node.take(whole=True)
            del node.parent.children[node.word]
        elif verb == "replace":
            node.clear()
        else:
            node.active = verb == "activate"

    def _insert(self, path: list[str], number: int) -> None:
        """``insert … policy A before policy B``: put A in front of B."""
        split = next((i for i in range(len(path) - 1, 0, -1) if path[i] in _ORDER), 0)
        node = at(self._root, path[:split])
        if node is None or node.parent is None or split + 1 >= len(path):
            self._ledger.unknown(number, "this insert command moves nothing that is known", affects_verdicts=True)
            return
        siblings = node.parent.children
        target = path[-1]
        self._effort -= len(siblings)
        if target not in siblings or target == node.word or self._effort < 0:
            self._ledger.unknown(
                number, "this insert command was not run: its neighbour is not known", affects_verdicts=True
            )
            return
        order = [one for one in siblings.values() if one is not node]
        place = next(i for i, one in enumerate(order) if one.word == target) + (path[split] == "after")
        order.insert(place, node)
        node.parent.children = {one.word: one for one in order}

    def _rename(self, path: list[str], number: int) -> None:
        """``rename … policy A to policy B``: A becomes B at the same place."""
        split = next((i for i in range(len(path) - 1, 0, -1) if path[i] == "to"), 0)
        node = at(self._root, path[:split])
        if node is None or node.parent is None or split + 1 >= len(path) or path[-1] in node.parent.children:
            self._ledger.unknown(number, "this rename command was not understood", affects_verdicts=True)
            return
        siblings = list(node.parent.children.values())
        self._effort -= len(siblings)
        if self._effort < 0:
            self._ledger.unknown(number, "too many rename commands: this one was not run", affects_verdicts=True)
            return
        node.word = path[-1]
        node.parent.children = {one.word: one for one in siblings}
