"""Lines around and between the statements of a configuration that the router platforms have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Protocol

from parsers.cisco.blocks import Block

_PREAMBLE = re.compile(
    r"Building configuration|Current configuration|Last configuration change|Using \d+ out of|Load for |Time source "
    r"|NVRAM config last|[\w.\-/:]{1,64}(?:\([\w-]+\))?[#>]|-{3,}|={3,}"
)
_ACL_WORDS = re.compile(
    r"\b(?:access-list|access-group|access-class|traffic-filter|object-group|permit|deny)\b", re.IGNORECASE
)
_ENTRY = re.compile(r"(?:sequence \d+ |\d+ )?(?:permit|deny|remark|evaluate|dynamic)\b", re.IGNORECASE)
_MEMBER = re.compile(
    r"(?:host|range|group-object|any|tcp|udp|tcp-udp|icmp|network-object|service-object|protocol-object)\b"
    r"|(?:\d+ )?(?:eq|gt|lt|neq) \w|\d{1,3}\.\d{1,3}\.|[0-9a-f]{0,4}:[0-9a-f:]+/",
    re.IGNORECASE,
)
_GROUP = re.compile(r"object-group \S+ \S")


class HasPattern(Protocol):
    """A heading: its ``regex`` matches the statement that begins a list."""

    @property
    def regex(self) -> re.Pattern[str]:
        """Return the pattern."""
        ...


@cache
def first_words(platform: str = "") -> frozenset[str]:
    """Return the first words of commands that do not filter: the common ones and those of a platform's folder."""
    folders = ["parsers.cisco.acl", *([f"parsers.cisco.{platform}"] if platform else [])]
    text = "\n".join(files(folder).joinpath("commands.txt").read_text(encoding="utf-8") for folder in folders)
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def is_preamble(text: str) -> bool:
    """Return whether a line is a prompt or a heading of the terminal session around the configuration."""
    return _PREAMBLE.match(text) is not None


def prompt_name(text: str) -> str | None:
    """Return the host name in a prompt with a command behind it (``edge1#show ip access-lists``)."""
    found = re.match(r"(?:RP/\d+/\w+/CPU\d+:)?([\w.\-]{1,64})(?:\([\w-]+\))?[#>]\s*sh", text)
    return found.group(1) if found else None


def mentions_lists(text: str) -> bool:
    """Return whether a line has words of access lists, so that not knowing it may change a verdict."""
    return _ACL_WORDS.search(text) is not None


def adopt(blocks: Iterable[Block], headings: Sequence[HasPattern]) -> list[Block]:
    """Return the blocks with the entries and members that follow their heading without indentation."""
    result: list[Block] = []
    pending: list[Block] = []
    wanted: re.Pattern[str] | None = None
    for block in blocks:
        if wanted is not None and wanted.match(block.text):
            pending.append(block)
            continue
        _close(result, pending)
        result.append(block)
        wanted = _children_of(block.text, headings)
    _close(result, pending)
    return result


def _children_of(text: str, headings: Sequence[HasPattern]) -> re.Pattern[str] | None:
    """Return what the children of a block look like where a file has lost its indentation."""
    if _GROUP.match(text):
        return _MEMBER
    plain = " ".join(text.split())
    return _ENTRY if "ccess" in plain and any(one.regex.match(plain) for one in headings) else None


def _close(result: list[Block], pending: list[Block]) -> None:
    if pending:
        owner = result[-1]
        result[-1] = Block(owner.line, owner.text, (*owner.children, *pending), owner.literal)
        pending.clear()
