"""ASA commands that do not filter traffic by rules: lines that are knowingly left out of the model."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def commands() -> frozenset[str]:
    """Return the first words of configuration commands that carry no filter rules (``commands.txt``)."""
    text = files(__package__).joinpath("commands.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


REMOVES_RULES = re.compile(
    r"(?:no|clear configure|clear config) +(?:access-list|access-group|object|object-group|name|ipv6 access-list)\b"
)
"""Commands of a script that take rules or objects away: what the device then has is not known."""

SEPARATOR = re.compile(
    r"\s*(?::.*|[Cc]ryptochecksum:.*|-{3,}.*|={3,}.*|=~=.*|\*{3,}.*|<--- More --->\s*"
    r"|[\w./-]{1,64}(?:\([\w-]{1,40}\))?[>#]\s*(?:(?:sh|show|more|ter|terminal|en|enable|ex|exit|wr|write|conf|config|cat)\b.*)?)$"
)
"""Lines that a device or terminal prints around a configuration: not part of it."""
