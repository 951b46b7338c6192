"""Reading one input into lines: every guard between an untrusted file and a parser.

The bytes are read as a stream, so that a file that is refused costs little time and memory.
"""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from parsers.base import ConfigText
from rulecheck.model.finding import InputError

STDIN_NAME = "<stdin>"
"""The name under which standard input appears in reports."""

MAX_BYTES = 512 * 1024 * 1024
MAX_LINE = 1_000_000
"""Longest line in characters: far above any configuration, far below what hurts. JSON and XML, which programs
often write on one line, may have longer ones."""

_CHUNK = 1 << 20
_MAX_LINE_BYTES = 4 * MAX_LINE
"""No encoding that is read here needs more than four bytes for a character."""

_MAX_CONTROL_SHARE = 0.02
_TEXT_BYTES = bytes(sorted({*b"\t\n\f\r\b\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)}))
"""Bytes of text, with the backspace and escape characters that terminal captures contain."""

_EXPORT_AGAIN = "export the configuration as text and name that file"

_SPECIAL = (
    (stat.S_ISFIFO, "is a named pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


class ReadError(Exception):
    """An input cannot be read or recognised; :attr:`error` says what is wrong and what to do."""

    def __init__(self, path: str, line: int, message: str, remedy: str) -> None:
        super().__init__(path, line, message, remedy)
        self.error = InputError(path, line, message, remedy)

    def __str__(self) -> str:
        return f"{self.error.path}: {self.error.message}; {self.error.remedy}"


def read_file(path: str) -> ConfigText:
    """Read and decode a regular file. Lines end with LF, CR LF or CR; a byte order mark is dropped.

    Raises:
        ReadError: it does not exist, may not be read, is no regular file, is empty, binary, larger than
            :data:`MAX_BYTES`, or has a line longer than :data:`MAX_LINE` characters.
    """
    try:
        _refuse_special(path, Path(path).stat().st_mode)
        # O_NONBLOCK: should the file be swapped for a pipe meanwhile, opening it does not hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb", buffering=0) as stream:
            _refuse_special(path, os.fstat(stream.fileno()).st_mode)
            return read_stream(stream, path)
    except (OSError, ValueError) as problem:
        raise ReadError(path, 0, *_os_problem(problem)) from None


def read_stdin() -> ConfigText:
    """Read and decode standard input to its end.

    Raises:
        ReadError: as for :func:`read_file`, or standard input is closed.
    """
    if sys.stdin is None:
        raise ReadError(STDIN_NAME, 0, "standard input is closed", "pipe a configuration in or name a file")
    try:
        return read_stream(sys.stdin.buffer)
    except OSError as problem:
        raise ReadError(STDIN_NAME, 0, *_os_problem(problem)) from None


def read_stream(stream: BinaryIO, name: str = STDIN_NAME) -> ConfigText:
    """Read and decode a binary stream to its end; ``name`` is the path to show.

    Raises:
        ReadError: as for :func:`read_file`.
    """
    digest = sha256()
    parts: list[bytes] = []
    for chunk in _guarded(stream, name):
        digest.update(chunk)
        parts.append(chunk)
    raw = b"".join(parts)
    parts.clear()
    structured = _is_structured(raw)
    lines = split_lines(_decode(raw, name))
    if not any(line.strip() for line in lines):
        raise ReadError(name, 0, "the file is empty" if not raw else "the file has only blank lines", _EXPORT_AGAIN)
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE and not structured:
            raise _long_line(name, number)
    return ConfigText(path=name, sha256=digest.hexdigest(), lines=lines)


def split_lines(text: str) -> tuple[str, ...]:
    """Split at LF, CR LF and CR only: form feeds and Unicode separators stay in their line."""
    lines: list[str] = []
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        lines.extend(bare.split("\r") if "\r" in bare else (bare,))
    if lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def _guarded(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the stream in chunks; stop as soon as it cannot be a configuration."""
    size = 0
    line = 1
    open_line = 0
    wide = structured = False
    while chunk := stream.read(_CHUNK):
        if not size:
            wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            structured = _is_structured(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MB"
            raise ReadError(name, 0, message, "name the configuration itself, not an archive or a log")
        if not wide and (position := chunk.find(0)) >= 0:
            raise _binary(name, line + chunk.count(b"\n", 0, position))
        first, last = _line_ends(chunk)
        open_line += len(chunk) if first < 0 else first
        if open_line > _MAX_LINE_BYTES and not structured:
            raise _long_line(name, line)
        if last >= 0:
            open_line = len(chunk) - last - 1
        line += chunk.count(b"\n")
        yield chunk


def _is_structured(raw: bytes) -> bool:
    """Return whether a text starts like JSON or XML."""
    return raw[:1024].removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[", b"<")


def _line_ends(chunk: bytes) -> tuple[int, int]:
    """Return the positions of the first and the last line end in ``chunk``, -1 for none."""
    ends = [position for position in (chunk.find(b"\n"), chunk.find(b"\r")) if position >= 0]
    return (min(ends) if ends else -1), max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def _decode(raw: bytes, name: str) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or else Latin-1, in which every byte is a character."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = raw.decode("utf-16")
        except UnicodeDecodeError:
            message = "the file starts like UTF-16 but is not valid UTF-16"
            raise ReadError(name, 0, message, "save it as UTF-8") from None
        _refuse_control(text.encode("utf-8"), name)
        return text
    _refuse_control(raw, name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _refuse_control(raw: bytes, name: str) -> None:
    if b"\0" in raw or len(raw.translate(None, _TEXT_BYTES)) > _MAX_CONTROL_SHARE * len(raw):
        raise _binary(name, 0)


def _refuse_special(path: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise ReadError(path, 0, "is a folder where a file is expected", "name the files in it")
    for is_kind, message in _SPECIAL:
        if is_kind(mode):
            raise ReadError(path, 0, f"{message}, not a file", "name a file, or pipe the text in and name -")


def _os_problem(problem: Exception) -> tuple[str, str]:
    """Return what is wrong, and what to do, for an error of the operating system."""
    match problem:
        case FileNotFoundError():
            return "the file does not exist", "check the path"
        case PermissionError():
            return "the file may not be read", "give yourself read permission or run as a user who has it"
        case OSError():
            return f"the file cannot be read: {problem.strerror or problem}", "check the path and the disk"
        case _:
            return f"the path cannot be used: {problem}", "check the path"


def _binary(name: str, line: int) -> ReadError:
    return ReadError(name, line, "the file is binary, not text", _EXPORT_AGAIN)


def _long_line(name: str, line: int) -> ReadError:
    message = f"the line is longer than {MAX_LINE:,} characters"
    return ReadError(name, line, message, f"its line ends were lost or it is no configuration: {_EXPORT_AGAIN}")
