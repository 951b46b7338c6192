"""Reading an input: what is accepted, what is refused, and what the refusal says."""

from __future__ import annotations

import io
import os
import socket
from hashlib import sha256
from pathlib import Path

import pytest

from parsers import reading
from parsers.reading import MAX_LINE, ReadError, read_file, read_stream, split_lines


def _write(folder: Path, data: bytes) -> str:
    path = folder / "input.cfg"
    path.write_bytes(data)
    return str(path)


def _refusal(path: str | Path) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_file(str(path))
    return caught.value


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\n", ("a", "b")),
        (b"a\nb", ("a", "b")),
        (b"a\r\nb\r\n", ("a", "b")),
        (b"a\rb\r", ("a", "b")),
        (b"a\rb\rc", ("a", "b", "c")),
        (b"a\r\r\nb\r\r\n", ("a", "b")),
        (b"a\n\nb\n\n", ("a", "", "b", "")),
        (b"a\r\n\r\nb\r\n", ("a", "", "b")),
        (b"hidden\rb\nc\n", ("hidden", "b", "c")),
        (b"\xef\xbb\xbfa\nb\n", ("a", "b")),
        ("käse\nb\n".encode(), ("käse", "b")),
        ("käse\nb\n".encode("latin-1"), ("käse", "b")),
        ("käse\nb\n".encode("utf-16"), ("käse", "b")),
        ("\ufeffkäse\r\nb".encode("utf-16-be"), ("käse", "b")),
        ("form\x0cfeed\u2028separator\x85next\n".encode(), ("form\x0cfeed\u2028separator\x85next",)),
    ],
)
def test_text_is_decoded_and_split(tmp_path: Path, data: bytes, lines: tuple[str, ...]) -> None:
    config = read_file(_write(tmp_path, data))
    assert config.lines == lines
    assert config.sha256 == sha256(data).hexdigest()
    assert config.path == str(tmp_path / "input.cfg")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n\t\n", "the file has only blank lines"),
        (b"hostname x\n\x7fELF\x00\x01\n", "the file is binary, not text"),
        (bytes(range(1, 32)) * 10, "the file is binary, not text"),
        ("text".encode("utf-32"), "the file is binary, not text"),
        (b"\xff\xfea", "the file starts like UTF-16 but is not valid UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    error = _refusal(_write(tmp_path, data)).error
    assert error.message == message
    assert error.remedy


def test_a_nul_byte_is_reported_with_its_line(tmp_path: Path) -> None:
    assert _refusal(_write(tmp_path, b"a\nb\nc\0\n")).error.line == 3


def test_terminal_captures_with_escapes_are_text(tmp_path: Path) -> None:
    data = b"<--- More --->\x08\x08\x08\x08\x1b[2K" * 20 + b"\nhostname fw\n"
    assert len(read_file(_write(tmp_path, data)).lines) == 2


def test_a_line_at_the_bound_is_read_and_one_above_is_not(tmp_path: Path) -> None:
    assert read_file(_write(tmp_path, b"a\n" + b"x" * MAX_LINE)).lines[1] == "x" * MAX_LINE
    structured = b'{"a": "' + b"x" * MAX_LINE + b'"}'
    assert read_file(_write(tmp_path, structured)).lines == (structured.decode(),)
    error = _refusal(_write(tmp_path, b"a\n" + b"x" * (MAX_LINE + 1) + b"\nb\n")).error
    assert (error.line, error.message) == (2, "the line is longer than 1,000,000 characters")


class _Endless(io.RawIOBase):
    """A stream of one line that never ends; it counts what was taken from it."""

    def __init__(self, start: bytes = b"") -> None:
        self.start = start
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = (self.start + b"x" * len(buffer))[: len(buffer)]
        self.start = b""
        buffer[: len(data)] = data
        self.given += len(data)
        return len(data)


@pytest.mark.parametrize("start", [b"", b"hostname fw\n", b"\xff\xfe"])
def test_an_endless_line_is_refused_after_a_few_megabytes(start: bytes) -> None:
    stream = _Endless(start)
    with pytest.raises(ReadError, match="longer than 1,000,000 characters"):
        read_stream(stream)  # type: ignore[arg-type]
    assert stream.given < 8 * MAX_LINE


def test_a_file_above_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 3 << 20)
    assert read_file(_write(tmp_path, b"0123456\n" * (3 << 17))).lines[0] == "0123456"
    error = _refusal(_write(tmp_path, b"0123456\n" * (3 << 17) + b"x")).error
    assert error.message == "the file is larger than 3 MB"


def test_many_carriage_returns_are_split_in_linear_steps() -> None:
    assert split_lines("\r" * 300_000 + "x\r" * 300_000) == ("",) * 300_000 + ("x",) * 300_000


def test_a_missing_file_a_folder_and_a_bad_path_are_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none").error.message == "the file does not exist"
    assert _refusal(tmp_path).error.message == "is a folder where a file is expected"
    assert _refusal("bad\0path").error.message.startswith("the path cannot be used")
    (tmp_path / "loop").symlink_to("loop")
    assert _refusal(tmp_path / "loop").error.message.startswith("the file cannot be read")


def test_pipes_sockets_and_devices_are_refused_without_opening_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert _refusal(tmp_path / "pipe").error.message == "is a named pipe, not a file"
    assert _refusal("/dev/zero").error.message == "is a device, not a file"
    with socket.socket(socket.AF_UNIX) as server:
        place = os.path.relpath(tmp_path / "sock")
        server.bind(place)
        assert _refusal(place).error.message == "is a socket, not a file"


def test_a_file_without_read_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    path = _write(tmp_path, b"a\n")
    monkeypatch.setattr(os, "open", refuse)
    error = _refusal(path).error
    assert error.message == "the file may not be read"
    assert "permission" in error.remedy
