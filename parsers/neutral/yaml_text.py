"""YAML 1.2 with line numbers, as the same tree that JSON is read into.

Duplicate keys are reported, aliases are followed as long as they do not multiply the text, and nothing is
constructed: a tag has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsers.base import ConfigText
from parsers.json_text import MAX_DIGITS, Duplicate, JsonNode, JsonText
from parsers.reading import ReadError

MAX_DEPTH = 100
MAX_GROWTH = 10
"""How many times larger than the text itself a document may become by its aliases."""

_FREE_NODES = 10_000
_NO_BREAKS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
"""Line ends of YAML 1.1 that are none in YAML 1.2, nor in the lines of the file."""

_REMEDY = "correct the file: it has to be YAML 1.2"
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(rf"[-+]?[0-9]{{1,{MAX_DIGITS}}}", re.ASCII)


def read_yaml(config: ConfigText) -> JsonText:
    """Read all documents of a YAML text.

    Raises:
        ReadError: it is malformed, nested deeper than :data:`MAX_DEPTH`, or grows too much by its aliases.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(config)
    try:
        for event in YAML(typ="safe", pure=True).parse("\n".join(config.lines).translate(_NO_BREAKS) + "\n"):
            builder.take(event)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        message = f"the YAML text is malformed: {problem.problem or problem.context or 'syntax error'}"
        line = min(mark.line + 1, len(config.lines)) if mark else 0
        raise ReadError(config.path, line, message, _REMEDY) from None
    except (YAMLError, ValueError, IndexError, AttributeError) as problem:
        message = f"the YAML text is malformed: {str(problem).splitlines()[0] if str(problem) else 'syntax error'}"
        raise ReadError(config.path, 0, message, _REMEDY) from None
    return JsonText(tuple(builder.documents), tuple(builder.duplicates))


@dataclass(slots=True)
class _Open:
    """A collection that is being read. ``key`` is that of the value that comes next."""

    node: JsonNode
    size: int = 1
    key: str | None = None
    anchor: str | None = None


@dataclass(slots=True)
class _Builder:
    config: ConfigText
    documents: list[JsonNode] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[JsonNode, int]] = field(default_factory=dict)
    _written: int = 0
    _size: int = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - the library has no types
        kind = type(event).__name__
        line = min(event.start_mark.line + 1, len(self.config.lines))
        if kind == "ScalarEvent":
            self._scalar(event, line)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(JsonNode({} if kind[0] == "M" else [], line, line), event.anchor)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end(event)
        elif kind == "AliasEvent":
            self._alias(event.anchor, line)
        elif kind == "DocumentStartEvent":
            self._anchors.clear()

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401
        if event.tag is not None and not str(event.tag).startswith("tag:yaml.org,2002:"):
            raise ReadError(self.config.path, line, "a value starts with ! outside quotes", "put it into quotes")
        plain = event.implicit[0] and event.style in (None, "")
        value = _resolved(event.value) if plain else _clean(event.value)
        last = event.end_mark.line + (1 if event.end_mark.column or event.end_mark.line < line else 0)
        node = JsonNode(value, line, min(max(line, last), len(self.config.lines)))
        if event.anchor:
            self._anchors[event.anchor] = (node, 1)
        self._add(node, 1, key=_clean(event.value))

    def _start(self, node: JsonNode, anchor: str | None) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = f"the YAML text is nested deeper than {MAX_DEPTH} levels"
            raise ReadError(self.config.path, node.line, message, "no rule table is: check what the file is")
        if self._open and isinstance(self._open[-1].node.value, dict) and self._open[-1].key is None:
            raise ReadError(self.config.path, node.line, "a key is no plain text", _REMEDY)
        self._open.append(_Open(node, anchor=anchor))

    def _end(self, event: Any) -> None:  # noqa: ANN401
        done = self._open.pop()
        node, mark = done.node, event.end_mark
        inner = (one.end for one in _inner(node) if one.line >= node.line)
        closing = mark.line + 1 if mark.column and mark.index > event.start_mark.index else node.line
        node.end = min(max(node.line, closing, *inner, 0), len(self.config.lines))
        if done.anchor:
            self._anchors[done.anchor] = (node, done.size)
        self._add(node, done.size)

    def _alias(self, anchor: str, line: int) -> None:
        found = self._anchors.get(anchor)
        if found is None:
            raise ReadError(self.config.path, line, "an alias names no anchor before it", _REMEDY)
        node, size = found
        key = _clean(node.value) if isinstance(node.value, str) else None
        self._add(node, size, key=key)

    def _add(self, node: JsonNode, size: int, key: str | None = None) -> None:
        self._written += 1
        if size > MAX_GROWTH * self._written + _FREE_NODES:
            message = "the aliases of the YAML text multiply it too much"
            raise ReadError(self.config.path, node.line, message, "write the values out instead of repeating aliases")
        if not self._open:
            self.documents.append(node)
            return
        owner = self._open[-1]
        owner.size += size
        if isinstance(owner.node.value, list):
            owner.node.value.append(node)
        elif isinstance(owner.node.value, dict) and owner.key is None:
            if key is None:
                raise ReadError(self.config.path, node.line, "a key is no plain text", _REMEDY)
            owner.key = key
        elif isinstance(owner.node.value, dict):
            if owner.key in owner.node.value:
                self.duplicates.append(Duplicate(owner.key or "", node.line))
            owner.node.value[owner.key or ""] = node
            owner.key = None


def _inner(node: JsonNode) -> Iterator[JsonNode]:
    yield from node.items
    yield from node.members.values()


def _resolved(text: str) -> str | int | bool | None:
    """Return a plain scalar as YAML's core schema reads it, with floating point numbers left as text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else _clean(text)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
