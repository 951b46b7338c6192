"""Where fuzzing starts: configurations of each platform, and the words that its parser knows."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

from parsers.reading import ReadError, read_file
from parsers.registry import PARSERS, detect

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "fixtures"
GOLDEN = ".expected.json"

_WORD = re.compile(r"[A-Za-z][\w.-]{1,29}")
_LONGEST_SEED = 60_000
_PIECE = 30
"""Lines."""

_COMMON = (
    *("0", "-1", "255", "256", "65535", "65536", "4294967296", "99999999999999999999", "1-", "-", "²", "٣"),
    *("0.0.0.0", "10.0.0.1", "10.0.0.0/8", "255.255.255.0", "0.0.0.255", "255.0.255.0", "10.0.0.9-10.0.0.1", "/33"),
    *("::", "::1", "2001:db8::/32", "fe80::1%eth0", "any", "\u2028", "\x85", "\t"),
    *",;:!#$\\\"'[](){}<>*",
)


def fixtures(platform: str) -> list[Path]:
    """Return the fixtures of a platform, sorted."""
    return sorted(path for path in (FIXTURES / platform).glob("*") if not path.name.endswith(GOLDEN))


def seeds(platform: str, corpus: Path | None = None) -> list[bytes]:
    """Return the fixtures of a platform, whole and in pieces, and the files of a corpus that are recognised as it."""
    found = [part for path in fixtures(platform) for part in (path.read_bytes(), *_pieces(path))]
    found += [path.read_bytes()[:_LONGEST_SEED] for path in _sorted_by_platform(corpus).get(platform, [])]
    return found


def _pieces(path: Path) -> list[bytes]:
    """Return a file in short pieces, with which many more inputs can be run in the same time."""
    lines = path.read_bytes().splitlines(keepends=True)
    return [b"".join(lines[start : start + _PIECE]) for start in range(0, len(lines), _PIECE)]


@cache
def _sorted_by_platform(corpus: Path | None) -> dict[str, list[Path]]:
    groups: dict[str, list[Path]] = {}
    for path in sorted(corpus.rglob("*")) if corpus else []:
        if not path.is_file():
            continue
        try:
            groups.setdefault(detect(read_file(str(path))), []).append(path)
        except ReadError:
            continue
    return groups


@cache
def words(platform: str) -> tuple[str, ...]:
    """Return the words that a parser knows: those in its strings and data files, and numbers at their bounds."""
    folder = _folder(platform)
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".py":
            found |= _strings(path.read_text(encoding="utf-8"))
        elif path.suffix in {".txt", ".csv", ".json"}:
            found |= set(_WORD.findall(path.read_text(encoding="utf-8"))[:2_000])
    return (*sorted(found), *_COMMON)


def _folder(platform: str) -> Path:
    module = import_module(PARSERS[platform].partition(":")[0])
    assert module.__file__ is not None
    path = Path(module.__file__)
    return path.parent if path.name == "__init__.py" else path


def _strings(source: str) -> set[str]:
    """Return the words in the string constants of a module, without its documentation."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 2_000:
            found |= {word for word in node.value.split() if len(word) <= 30 and word.isprintable()}
    return found


def dictionary(platform: str) -> str:
    """Return the words as a dictionary of libFuzzer: one quoted entry on each line."""
    entries = []
    for word in words(platform):
        escaped = "".join(
            chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode()
        )
        entries.append(f'"{escaped}"')
    return "\n".join(entries) + "\n"
