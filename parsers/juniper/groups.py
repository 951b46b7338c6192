"""Configuration groups: ``apply-groups`` copies what a group says into the place where it is applied.

Source: Junos CLI User Guide, "Use Configuration Groups to Quickly Configure Devices". Statements of the target win
over inherited ones, the first group over later ones; ``<*>`` and other patterns apply to what exists.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache

from parsers.juniper.tree import INHERITANCE, Mark, Node
from parsers.ledger import Ledger
from rulecheck.model.device import Severity

MOST_COPIES = 1_000_000
"""Nodes that groups may add; real configurations add a few thousand."""

_DECIDING = ("security", "firewall", "applications", "schedulers", "policy-options", "logical-systems", "tenants")
_NODE_VARIABLES = {"${node}": "node0", "${re}": "re0"}


class Groups:
    """Applies the groups of one configuration."""

    def __init__(self, root: Node, ledger: Ledger) -> None:
        self._root = root
        self._ledger = ledger
        self._left = MOST_COPIES
        self._copies: list[Node] = []
        found = root.children.get("groups")
        self._groups = {one.word: one for one in found.live()} if found and found.active else {}

    def apply(self) -> None:
        """Apply all groups everywhere."""
        stack: list[tuple[Node, frozenset[str]]] = [(self._root, frozenset())]
        while stack:
            node, refused = stack.pop()
            if "apply-groups-except" in node.children:
                refused |= set(self._names(node, "apply-groups-except"))
            if "apply-groups" in node.children:
                self._apply_at(node, refused)
            stack.extend(
                (child, refused)
                for child in node.children.values()
                if child.children and child.word not in INHERITANCE and not self._is_groups(child)
            )
        if self._left < 0:
            message = f"configuration groups add more than {MOST_COPIES:,} statements; the rest was not applied"
            self._ledger.report("RC606", Severity.MEDIUM, 0, message, affects_verdicts=True)

    def _is_groups(self, node: Node) -> bool:
        return node.parent is self._root and node.word == "groups"

    def _names(self, node: Node, word: str) -> list[str]:
        found = node.children[word]
        found.take(whole=True)
        return [one.word for one in found.live()] if found.active else []

    def _apply_at(self, node: Node, refused: frozenset[str]) -> None:
        path = node.path()
        for name in self._names(node, "apply-groups"):
            group = self._groups.get(_NODE_VARIABLES.get(name, name))
            if name in refused:
                continue
            if group is None:
                if name not in _NODE_VARIABLES and name != "junos-defaults":
                    message = f"the configuration group {name} is not defined"
                    line = node.children["apply-groups"].children[name].line
                    matters = not path or path[0] in _DECIDING
                    self._ledger.report("RC603", Severity.MEDIUM, line, message, affects_verdicts=matters)
                continue
            for place in self._places(group, path):
                self._merge(node, place, group.word)

    def _places(self, group: Node, path: list[str]) -> list[Node]:
        """Return the nodes of a group that speak about the place ``path``."""
        found = [group]
        for word in path if self._left >= 0 else ():
            step: list[Node] = []
            for node in found:
                node.take()
                self._left -= 1 + len(node.children)
                exact = node.children.get(word)
                if exact is not None and exact.active:
                    step.append(exact)
                step.extend(
                    one
                    for one in node.children.values()
                    if one.word.startswith("<") and one.active and pattern(one.word).fullmatch(word)
                )
            found = step
        return found

    def _merge(self, target: Node, group: Node, name: str) -> None:
        """Copy what ``group`` says into ``target``."""
        work = [(target, group)]
        while work and self._left >= 0:
            target, group = work.pop()
            if name in _children(target, "apply-groups-except"):
                continue
            patterns: list[Node] = []
            for theirs in group.children.values():
                if theirs.word in INHERITANCE:
                    continue
                if theirs.word.startswith("<"):
                    patterns.append(theirs)
                    continue
                self._left -= 1
                mine = target.children.get(theirs.word)
                if mine is None:
                    mine = _copy(theirs, target)
                    self._copies.append(mine)
                else:
                    theirs.take()
                work.append((mine, theirs))
            for theirs in patterns:
                accepts = pattern(theirs.word)
                theirs.take()
                for mine in list(target.children.values()):
                    self._left -= 1
                    if mine.word not in INHERITANCE and accepts.fullmatch(mine.word):
                        work.append((mine, theirs))

    def account(self) -> None:
        """Account for the ``groups`` section, after everything else was read.

        A statement is what its copies are; one that was never copied does not matter.
        """
        found = self._root.children.get("groups")
        if found is None:
            return
        found.take()
        copied = set()
        for mine in self._copies:
            theirs = mine.source
            if theirs is not None and not theirs.mark:
                theirs.mark = mine.outcome()
                copied.add(id(theirs))
        for node in found.walk():
            if not node.mark and id(node) not in copied:
                node.mark = Mark.IGNORED


def _children(node: Node, word: str) -> dict[str, Node]:
    found = node.children.get(word)
    return found.children if found is not None and found.active else {}


def _copy(theirs: Node, target: Node) -> Node:
    mine = Node(theirs.word, theirs.line, target)
    mine.inherited, mine.source = True, theirs
    mine.active, mine.note = theirs.active, theirs.note
    target.adopt(mine)
    return mine


@lru_cache(maxsize=4096)
def pattern(word: str) -> re.Pattern[str]:
    """Return the expression for a pattern like ``<ge-*>``."""
    inner = word[1:-1] if word.endswith(">") else word[1:]
    try:
        return re.compile(translate(inner))
    except re.error:
        return re.compile(re.escape(inner))
