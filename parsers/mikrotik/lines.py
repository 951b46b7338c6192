"""Lines into commands: continued lines, menus, quoted values, prompts and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.mikrotik.menus import KNOWN_ROOTS, READ

VERBS = frozenset(
    {"add", "set", "remove", "move", "enable", "disable", "unset", "edit", "comment", "reset", "print", "export"}
    | {"find", "get", "import", "monitor", "info", "warning", "error", "reset-counters", "reset-counters-all"}
)
"""Words that end a menu path and start a command."""

_PROMPT = re.compile(r"\[[^\]\s]+@[^\]]+\] (/?[^>]{0,80})> ?")
_NOISE = re.compile(r"\d\d:\d\d:\d\d echo: |\(\d+ messages? discarded\)|\[Q quit|-- \[")
_DEEPEST = 12
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "_": " "}
_KEY = re.compile(r"(!?[a-z][\w.-]*)=", re.IGNORECASE)


@dataclass(slots=True)
class Command:
    """One command. ``menu`` is where it works ("ip firewall filter"); ``line`` to ``last`` are its lines.

    ``values`` are its ``name=value`` pairs, ``unset`` the names given as ``!name``, ``plain`` the other words;
    a word in brackets keeps them. ``broken`` says what is wrong with it.
    """

    menu: str
    verb: str
    line: int
    last: int
    values: dict[str, str] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    broken: str = ""


class CommandReader:
    """Yields the commands of one input and accounts for lines that are none."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._lines = config.lines
        self._ledger = ledger
        self._menu: tuple[str, ...] = ()

    def read(self) -> Iterator[Command]:
        """Yield every command in order."""
        position = 0
        while position < len(self._lines):
            first = position + 1
            text, position = self._logical(position)
            found = self._command(text, first, position)
            if found is not None:
                yield found

    def _logical(self, position: int) -> tuple[str, int]:
        """Return one command with its continuation lines, and the position behind them."""
        line = self._lines[position]
        position += 1
        if not line.rstrip().endswith("\\") or line.lstrip().startswith("#"):
            return line.strip(), position
        parts = [line.strip()]
        while parts[-1].endswith("\\") and position < len(self._lines):
            parts[-1] = parts[-1][:-1]
            parts.append(self._lines[position].strip() if len(parts) < 100_000 else "")
            position += 1
        parts[-1] = parts[-1].removesuffix("\\")
        return "".join(parts), position

    def _command(self, text: str, first: int, last: int) -> Command | None:
        if not text or text.startswith("#"):
            self._mark_blank(first, last)
            return None
        prompt = _PROMPT.match(text)
        if prompt:
            self._menu = tuple(prompt.group(1).replace("/", " ").split())
            text = text[prompt.end() :].strip()
        if _NOISE.match(text) or (prompt and not text):
            self._ignore(first, last)
            return None
        words, broken = _words(text)
        command = self._parse(text, words, first, last)
        if command is not None:
            command.broken = broken or command.broken
        return command

    def _parse(self, text: str, words: list[str], first: int, last: int) -> Command | None:
        base = () if text.startswith("/") else self._menu
        steps, rest = _path(words)
        menu = base
        for step in steps:
            menu = menu[:-1] if step == ".." else (*menu, step)
        here = " ".join(self._menu)
        if len(menu) > _DEEPEST or not all(_is_menu_word(part) for part in menu):
            return Command(here, "", first, last, plain=words, broken="this line was not understood")
        if not rest:
            absolute = text.startswith("/") or ".." in steps
            if absolute:
                self._menu, here = menu, " ".join(menu)
            if not _is_known(menu, absolute=absolute):
                return Command(here, "", first, last, plain=words, broken="this line was not understood")
            self._menu = menu
            self._ignore(first, last)
            return None
        if rest[0] not in VERBS:
            return Command(" ".join(menu), "", first, last, plain=rest, broken="there is no command on this line")
        command = Command(" ".join(menu), rest[0], first, last)
        for word in rest[1:]:
            _take(command, word)
        return command

    def _mark_blank(self, first: int, last: int) -> None:
        for line in range(first, last + 1):
            self._ledger.blank(line)

    def _ignore(self, first: int, last: int) -> None:
        for line in range(first, last + 1):
            self._ledger.ignored(line)


def _path(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the steps of the menu that a line begins with, and the words from the command on."""
    steps: list[str] = []
    for count, word in enumerate(words):
        if word in VERBS or "=" in word or word[:1] in ('"', "[") or len(steps) > _DEEPEST:
            return steps, words[count:]
        parts = [part for part in word.split("/") if part]
        if "/" in word and parts and parts[-1] in VERBS:
            return [*steps, *parts[:-1]], [parts[-1], *words[count + 1 :]]
        steps += parts
    return steps, []


def _is_known(menu: tuple[str, ...], *, absolute: bool) -> bool:
    """Return whether there can be such a menu; one that is named without its root must be one that is read."""
    if absolute:
        return not menu or menu[0] in KNOWN_ROOTS
    path = " ".join(menu)
    return any(one == path or one.startswith(f"{path} ") for one in READ)


def _is_menu_word(word: str) -> bool:
    return word.isascii() and word.replace("-", "").replace("_", "").isalnum() and len(word) < 40


def _take(command: Command, word: str) -> None:
    found = _KEY.match(word)
    if found:
        key, value = found.group(1), word[found.end() :]
        if key.startswith("!"):
            key, value = key[1:], f"!{value}"
        command.values[key] = value
    elif word.startswith("!") and len(word) > 1:
        command.unset.append(word[1:])
    else:
        command.plain.append(word)


def _words(text: str) -> tuple[list[str], str]:
    """Return the words of a command with quotes removed, and what is wrong with the line (or nothing)."""
    if '"' not in text and "[" not in text:
        return text.split(), ""
    words: list[str] = []
    current: list[str] = []
    depth, position, started, broken = 0, 0, False, ""
    while position < len(text):
        char = text[position]
        if char == '"':
            value, position, closed = _quoted(text, position + 1)
            current.append(f'"{value}"' if depth else value)
            started = True
            broken = broken if closed else "its quotes do not match"
            continue
        position += 1
        if char == "[":
            depth += 1
        elif char == "]" and depth:
            depth -= 1
        if char.isspace() and not depth:
            if started:
                words.append("".join(current))
                current, started = [], False
            continue
        current.append(char)
        started = True
    if started:
        words.append("".join(current))
    return words, broken or ("its brackets do not match" if depth else "")


def _quoted(text: str, position: int) -> tuple[str, int, bool]:
    """Return the value of a quoted text, the position behind it, and whether it is closed."""
    found: list[str] = []
    while position < len(text):
        char = text[position]
        if char == '"':
            return "".join(found), position + 1, True
        if char == "\\" and position + 1 < len(text):
            code = text[position + 1 : position + 3]
            if _HEX.fullmatch(code) and code.upper() == code:
                found.append(chr(int(code, 16)))
                position += 3
                continue
            found.append(_ESCAPES.get(text[position + 1], text[position + 1]))
            position += 2
            continue
        found.append(char)
        position += 1
    return "".join(found), position, False
