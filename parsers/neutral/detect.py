"""How strongly a text looks like a rule table, and in which of its three forms it is."""

from __future__ import annotations

import re

from parsers.base import ConfigText
from parsers.json_text import json_head
from parsers.neutral.columns import FORMAT
from parsers.neutral.table import delimiter_of, header_line

_LINES_READ = 400
_LONGEST_HEADER = 10_000
_CERTAIN, _LIKELY = 98, 75
_YAML_SECTION = re.compile(r"(?:rules|policies)\s*:\s*(?:#.*)?$")
_YAML_KEYS = tuple(
    re.compile(rf"[\s\-{{,\"']*(?:{words})[\"']?\s*:\s") for words in ("action", "source|src", "destination|dst")
)
_JSON_SECTION = re.compile(r'\s*(?:\{|\[\s*\{).{0,4000}?"(?:rules|policies|action)"\s*:\s*["\[{]', re.DOTALL)
_JSON_KEYS = tuple(re.compile(rf'"(?:{words})"\s*:\s*["\[]') for words in ("action", "source|src", "destination|dst"))
_FOREIGN = re.compile(
    r'"(?:uid|rulebase|objects-dictionary|nftables|Resources|SecurityGroups?|IpPermissions|NetworkAcls|securityRules|'
    r'sourceRanges|sourceRule|findings|schema)"\s*:'
)


def form(config: ConfigText) -> str:
    """Return ``json``, ``yaml`` or ``csv``: what the text is, taken as a rule table."""
    if json_head(config, 64):
        return "json"
    number = header_line(config.lines)
    header = config.lines[number - 1] if number is not None else ""
    return "csv" if len(header) <= _LONGEST_HEADER and delimiter_of(header) is not None else "yaml"


def score(config: ConfigText) -> int:
    """Return 0 (no rule table) to 100 (certainly one)."""
    head = json_head(config)
    if head:
        return _json(head)
    number = header_line(config.lines[:_LINES_READ])
    if number is None:
        return 0
    header = config.lines[number - 1]
    if len(header) <= _LONGEST_HEADER and delimiter_of(header) is not None:
        return _LIKELY
    return _yaml([line[:200] for line in config.lines[:_LINES_READ]])


def _json(head: str) -> int:
    if f'"{FORMAT}"' in head:
        return _CERTAIN
    if _FOREIGN.search(head) or not _JSON_SECTION.match(head):
        return 0
    return _LIKELY if all(key.search(head) for key in _JSON_KEYS) else 0


def _yaml(lines: list[str]) -> int:
    if any(re.match(rf"format\s*:\s*[\"']?{re.escape(FORMAT)}", line) for line in lines):
        return _CERTAIN
    listed = bool(lines) and any(line.startswith("- ") for line in lines)
    if not listed and not any(_YAML_SECTION.match(line) for line in lines):
        return 0
    return _LIKELY if all(any(key.match(line) or key.search(line) for line in lines) for key in _YAML_KEYS) else 0
