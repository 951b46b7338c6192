"""JSON with line numbers: every object, array and scalar of a text knows where it starts and ends.

Reads RFC 8259 without recursion, in linear time, and refuses what is nested too deeply. Several documents may
follow one another (concatenated, or one a line). A key that occurs twice is reported; its last value counts.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.reading import ReadError

MAX_DEPTH = 200
"""Deepest nesting of objects and arrays that is read: many times what any export has."""

MAX_DIGITS = 40
"""Longest whole number kept as an ``int``: enough for an IPv6 address. A longer one becomes a ``float``."""

_HEAD = 20_000
_EXPORT_AGAIN = "export it again and keep it as it was written"

_TOKEN = re.compile(
    r'"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)"'
    r"|(?P<mark>[\[\]{},:])"
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?+)(?![\w.+-])"
    r"|(?P<word>true|false|null)(?!\w)"
    r"|(?P<wrong>[^ \t])"
)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_STRING, _MARK, _NUMBER, _WORD = (_TOKEN.groupindex[name] for name in ("string", "mark", "number", "word"))
_CUT_WORD = re.compile(r"(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|-?[0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?)?)\s*")


class JsonError(ReadError):
    """The text is no JSON, or JSON that cannot be read. ``truncated``: it ends in the middle."""

    def __init__(self, path: str, line: int, message: str, remedy: str, *, truncated: bool = False) -> None:
        super().__init__(path, line, message, remedy)
        self.truncated = truncated


@dataclass(slots=True, eq=False)
class JsonNode:
    """One value of a JSON text. ``line`` and ``end`` are the 1-based lines in which it starts and ends.

    Numbers are always finite. Strings never hold lone surrogates.
    """

    value: dict[str, JsonNode] | list[JsonNode] | str | int | float | bool | None
    line: int
    end: int

    @property
    def kind(self) -> str:
        """Return what it is: object, array, string, number, boolean or null."""
        match self.value:
            case dict():
                return "object"
            case list():
                return "array"
            case str():
                return "string"
            case bool():
                return "boolean"
            case None:
                return "null"
            case _:
                return "number"

    @property
    def members(self) -> dict[str, JsonNode]:
        """Return the members of an object; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[JsonNode]:
        """Return the items of an array; none for anything else."""
        return self.value if isinstance(self.value, list) else []

    def get(self, key: str) -> JsonNode | None:
        """Return a member of an object; None where there is none, or this is no object."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def at(self, *keys: str) -> JsonNode | None:
        """Return the member at the end of a path of keys, or None."""
        node: JsonNode | None = self
        for key in keys:
            node = node.get(key) if node is not None else None
        return node

    def text(self, key: str) -> str | None:
        """Return a member that is a string, or None."""
        found = self.get(key)
        return found.value if found is not None and isinstance(found.value, str) else None

    def whole(self, key: str) -> int | None:
        """Return a member that is a whole number, or None."""
        found = self.get(key)
        return found.as_whole() if found is not None else None

    def flag(self, key: str) -> bool | None:
        """Return a member that is true or false, or None."""
        found = self.get(key)
        return found.value if found is not None and isinstance(found.value, bool) else None

    def as_whole(self) -> int | None:
        """Return the value where it is a whole number (``7``; not ``true``, not ``7.0``), or None."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    @property
    def lines(self) -> range:
        """Return the numbers of all lines on which a part of the value stands."""
        return range(self.line, self.end + 1)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that an object has more than once; ``line`` is where it occurs again."""

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class JsonText:
    """The documents of a text, usually one, and the keys that occur twice in an object."""

    documents: tuple[JsonNode, ...]
    duplicates: tuple[Duplicate, ...]


def read_json(config: ConfigText) -> JsonText:
    """Read all JSON documents of a text.

    Raises:
        JsonError: it is malformed, ends early, or is nested deeper than :data:`MAX_DEPTH`.
    """
    builder = _Builder(config)
    for number, line in enumerate(config.lines, start=1):
        builder.read_line(number, line)
    return builder.finish()


def json_head(config: ConfigText, limit: int = _HEAD) -> str:
    """Return the beginning of a text that can be JSON, empty for any other: cheap, for recognising a platform."""
    parts: list[str] = []
    room = limit
    for line in config.lines:
        if not parts and not line.strip():
            continue
        if not parts and line.lstrip()[:1] not in ("{", "["):
            return ""
        parts.append(line[:room])
        room -= len(parts[-1]) + 1
        if room <= 0:
            break
    return "\n".join(parts)


def walk(node: JsonNode) -> Iterator[JsonNode]:
    """Yield a node and everything below it, outer before inner, in the order of the text."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.items or list(one.members.values())))


def objects(node: JsonNode) -> Iterator[JsonNode]:
    """Yield every object in a node, outer before inner, in the order of the text: faster than :func:`walk`."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        value = one.value
        if isinstance(value, dict):
            yield one
            waiting.extend([inner for inner in reversed(value.values()) if isinstance(inner.value, (dict, list))])
        elif isinstance(value, list):
            waiting.extend([inner for inner in reversed(value) if isinstance(inner.value, (dict, list))])


_VALUE, _FIRST_ITEM, _KEY, _FIRST_KEY, _COLON, _NEXT, _DOCUMENT = range(7)
_WANTED = {
    _VALUE: "a value",
    _FIRST_ITEM: "a value or ]",
    _KEY: "a key in double quotes",
    _FIRST_KEY: "a key in double quotes or }",
    _COLON: "a colon",
    _NEXT: "a comma or the closing bracket",
    _DOCUMENT: "a JSON value",
}
_TAKES_VALUE = frozenset({_VALUE, _FIRST_ITEM, _DOCUMENT})


@dataclass(slots=True)
class _Builder:
    """Builds the tree token by token; the open containers are on an explicit stack."""

    config: ConfigText
    documents: list[JsonNode] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    _open: list[JsonNode] = field(default_factory=list)
    _top: JsonNode | None = None
    _key: str = ""
    _state: int = _DOCUMENT

    def read_line(self, number: int, line: str) -> None:
        for token in _TOKEN.finditer(line):
            kind = token.lastindex
            if kind == _STRING:
                self._string(token[_STRING], number)
            elif kind == _MARK:
                self._mark(token[_MARK], number)
            elif kind == _NUMBER:
                self._add(_number(token[_NUMBER]), number, token)
            elif kind == _WORD:
                self._add(_WORDS[token[_WORD]], number, token)
            else:
                raise self._wrong(line, number, token)

    def finish(self) -> JsonText:
        if self._open:
            top = self._open[-1]
            message = f"the JSON text ends early: the {top.kind} that starts in line {top.line} is not closed"
            raise JsonError(self.config.path, len(self.config.lines), message, _EXPORT_AGAIN, truncated=True)
        return JsonText(tuple(self.documents), tuple(self.duplicates))

    def _string(self, raw: str, number: int) -> None:
        text = raw if "\\" not in raw else self._unescape(raw, number)
        if not text.isascii():
            text = _without_lone_surrogates(text)
        if self._state in _TAKES_VALUE:
            self._attach(JsonNode(text, number, number))
        elif self._state in (_KEY, _FIRST_KEY):
            self._key = sys.intern(text)
            self._state = _COLON
        else:
            raise self._unexpected("a string", number)

    def _mark(self, mark: str, number: int) -> None:
        state = self._state
        if mark == "," and state == _NEXT:
            self._state = _KEY if self._top is not None and isinstance(self._top.value, dict) else _VALUE
        elif mark == ":" and state == _COLON:
            self._state = _VALUE
        elif mark in "{[" and state in _TAKES_VALUE:
            self._start(JsonNode({} if mark == "{" else [], number, number))
        elif mark in "}]" and self._closes(mark):
            self._end(number)
        else:
            raise self._unexpected(mark, number)

    def _closes(self, mark: str) -> bool:
        if self._top is None or isinstance(self._top.value, dict) is not (mark == "}"):
            return False
        return self._state in (_NEXT, _FIRST_KEY if mark == "}" else _FIRST_ITEM)

    def _start(self, node: JsonNode) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = f"the JSON text is nested deeper than {MAX_DEPTH} levels"
            raise JsonError(self.config.path, node.line, message, "no export is: check what the file is")
        self._attach(node)
        self._open.append(node)
        self._top = node
        self._state = _FIRST_KEY if isinstance(node.value, dict) else _FIRST_ITEM

    def _end(self, number: int) -> None:
        self._open.pop().end = number
        self._top = self._open[-1] if self._open else None
        self._state = _NEXT if self._open else _DOCUMENT

    def _add(self, value: float | None, number: int, token: re.Match[str]) -> None:
        if self._state not in _TAKES_VALUE:
            raise self._unexpected(token[0][:40], number)
        self._attach(JsonNode(value, number, number))

    def _attach(self, node: JsonNode) -> None:
        top = self._top
        if top is None:
            self.documents.append(node)
            return
        if isinstance(top.value, dict):
            if self._key in top.value:
                self.duplicates.append(Duplicate(self._key, node.line))
            top.value[self._key] = node
        elif isinstance(top.value, list):
            top.value.append(node)
        self._state = _NEXT

    def _unescape(self, raw: str, number: int) -> str:
        try:
            return str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            message = "a string has an escape sequence that JSON does not know"
            raise JsonError(self.config.path, number, message, _EXPORT_AGAIN) from None

    def _unexpected(self, found: str, number: int) -> JsonError:
        message = f"the JSON text has {found} where {_WANTED[self._state]} is expected"
        return JsonError(self.config.path, number, message, _EXPORT_AGAIN)

    def _wrong(self, line: str, number: int, token: re.Match[str]) -> JsonError:
        """Return the error for a character that starts no token: a cut off last line says so."""
        start = token.start()
        is_last = number == len(self.config.lines)
        if is_last and (token[0] == '"' or _CUT_WORD.fullmatch(line, start)):
            message = "the JSON text ends early, in the middle of a value"
            return JsonError(self.config.path, number, message, _EXPORT_AGAIN, truncated=True)
        if token[0] == '"':
            return JsonError(self.config.path, number, "a string is not closed on its line", _EXPORT_AGAIN)
        if line.startswith(("NaN", "Infinity", "-Infinity"), start):
            return JsonError(self.config.path, number, "NaN and Infinity are no JSON numbers", _EXPORT_AGAIN)
        if token[0] in "-0123456789":
            return JsonError(self.config.path, number, "a number is malformed", _EXPORT_AGAIN)
        shown = token[0] if token[0].isprintable() else f"character {ord(token[0]):#x}"
        return self._unexpected(shown, number)


def _number(text: str) -> int | float:
    """Return a number; beyond the range of a ``float`` the largest one stands for it."""
    if len(text) <= MAX_DIGITS and text.lstrip("-").isdigit():
        return int(text)
    largest = sys.float_info.max
    return min(max(float(text), -largest), largest)


def _without_lone_surrogates(text: str) -> str:
    """Replace halves of surrogate pairs, which no encoding can write, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
