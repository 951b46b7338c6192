"""From an input to the root of its tree, whichever form it has and however much of a configuration it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.paloalto.panos.curly_text import CurlyReader
from parsers.paloalto.panos.layout import CONFIG_PARTS, DEVICE_PARTS, OBJECTS, RULEBASES, sections
from parsers.paloalto.panos.set_text import LOCAL, VSYS, SetReader
from parsers.paloalto.panos.tree import Node, Word, XmlNode
from parsers.xml_text import XmlElement, read_xml
from rulecheck.model.device import Severity

_SET = re.compile(r"(?:.*[>#]\s*)?(?:set|delete|move|rename|copy) \S")
_CURLY = re.compile(r'\s*[\w."/-][^;{}]*\{\s*$')
_COMMENT = re.compile(r"\s*<!--.*-->\s*$")
_SAMPLE = 2_000

_DEVICE = ("devices", LOCAL)
_IN_VSYS = (*_DEVICE, "vsys", VSYS)
_SCOPE_PARTS = frozenset({*OBJECTS, *RULEBASES, "zone", "tag", "profile-group"})
_WRAPPERS = frozenset({"response", "result"})


class Wrapper:
    """A node that is not in the input, around parts of a configuration that came without their surroundings."""

    def __init__(self, key: str, children: tuple[Node, ...]) -> None:
        self.key = key
        self._children = children

    @property
    def line(self) -> int:
        """Return the line of the first child."""
        return self._children[0].line if self._children else 0

    def __iter__(self) -> Iterator[Node]:
        """Yield the children."""
        return iter(self._children)

    def at(self, *path: str) -> Node | None:
        """Return the node below the keys of ``path``, or None."""
        found = next((child for child in self._children if child.key == path[0]), None)
        return found if found is None or len(path) == 1 else found.at(*path[1:])

    def words(self) -> list[Word]:
        """Return the keys of the children."""
        return [Word(child.key, child.line) for child in self._children]

    def word(self, *path: str) -> str:
        """Return the first value below ``path``, or an empty text."""
        found = self.at(*path)
        values = found.words() if found is not None else ()
        return values[0].text if values else ""

    def lines(self) -> Iterable[int]:
        """Return the lines of the children."""
        return [line for child in self._children for line in child.lines()]

    def edges(self) -> Iterable[int]:
        """Return no line: the node is not in the input."""
        return ()


def read_tree(config: ConfigText, ledger: Ledger) -> Node:
    """Return the root ``config`` of the configuration in an input, and report what cannot be read.

    Raises:
        ReadError: the input is XML that is refused (see :func:`parsers.xml_text.read_xml`).
    """
    sample = [line for line in config.lines[:_SAMPLE] if line.strip()]
    if any(line.lstrip().startswith("<") for line in sample) and not any(_SET.match(line) for line in sample):
        return _read_xml(config, ledger)
    if any(_SET.match(line) for line in sample) or not any(_CURLY.match(line) for line in sample):
        return SetReader(config, ledger).read()
    return CurlyReader(config, ledger).read()


def _read_xml(config: ConfigText, ledger: Ledger) -> Node:
    document = read_xml(config)
    for number, line in enumerate(config.lines, start=1):
        if not line.strip() or _COMMENT.match(line):
            ledger.blank(number)
    root = document.root
    for number in range(1, root.line):
        ledger.ignored(number)
    for problem in document.problems:
        severity = Severity.HIGH if problem.code == "RC607" else Severity.MEDIUM
        affects = problem.code == "RC607" or not _in_settings(root, problem.line)
        ledger.report(problem.code, severity, problem.line, problem.message, affects_verdicts=affects)
    return _rooted(root, ledger)


def _in_settings(root: XmlElement, line: int) -> bool:
    """Return whether a line is inside a part of the configuration that has nothing to do with rules."""
    here = root
    while True:
        inside = next((child for child in here if child.line <= line <= child.end_line), None)
        if inside is None:
            return False
        if inside.tag in sections("settings"):
            return True
        here = inside


def _rooted(element: XmlElement, ledger: Ledger) -> Node:
    """Unwrap the answer of the XML API, and put parts of a configuration where they belong."""
    while element.tag in _WRAPPERS:
        for line in (element.line, element.end_line):
            ledger.understood(line)
        children = list(element)
        if len(children) != 1:
            return _placed([XmlNode(child) for child in children])
        (element,) = children
    return XmlNode(element) if element.tag == "config" else _placed([XmlNode(element)])


def _placed(nodes: list[XmlNode]) -> Node:
    parts: dict[tuple[str, ...], list[Node]] = {}
    for node in nodes:
        parts.setdefault(_place(node), []).append(node)
    tree: dict[str, list[Node]] = {}
    for path, found in parts.items():
        if path:
            tree.setdefault(path[0], []).append(_wrapped(path, tuple(found)))
        else:
            for one in found:
                tree.setdefault(one.key, []).append(one)
    return Wrapper("config", tuple(node for found in tree.values() for node in found))


def _wrapped(path: tuple[str, ...], nodes: tuple[Node, ...]) -> Node:
    here = Wrapper(path[-1], nodes)
    for key in reversed(path[:-1]):
        here = Wrapper(key, (here,))
    return here


def _place(node: XmlNode) -> tuple[str, ...]:
    """Return the path of the nodes around a part of a configuration."""
    tag = node.element.tag
    if tag in CONFIG_PARTS:
        return ()
    if tag in _SCOPE_PARTS:
        return _IN_VSYS
    if tag in DEVICE_PARTS:
        return _DEVICE
    if tag == "security":
        return (*_IN_VSYS, "rulebase")
    if tag == "rules":
        return (*_IN_VSYS, "rulebase", "security")
    if tag == "entry":
        return _place_of_entry(node)
    return ()


def _place_of_entry(node: XmlNode) -> tuple[str, ...]:
    keys = {child.key for child in node}
    if keys & {"action", "from", "to", "source", "destination"}:
        return (*_IN_VSYS, "rulebase", "security", "rules")
    if keys & {"vsys", "deviceconfig", "network"}:
        return ("devices",)
    if keys & {"pre-rulebase", "post-rulebase", "devices"}:
        return (*_DEVICE, "device-group")
    return (*_DEVICE, "vsys") if keys & _SCOPE_PARTS else ()
