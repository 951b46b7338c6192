"""The lines of an input that are nft's: all of them, or those that a shell script hands to nft."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from parsers.base import ConfigText
from parsers.ledger import Ledger
from rulecheck.model.device import Severity

_SHELL = re.compile(r"#!\s*\S*/(?:env\s+)?(?:ba|da|a|k|z)?sh\b")
_HERE = re.compile(r"<<(-?)\s*(['\"]?)(\w+)\2")
_COMMAND = re.compile(r"\s*(?:sudo\s+)?(?:\S*/)?nft\s+(?!-|list\b)(?=\S)")
_PROMPT = re.compile(r"[^\s#$>]{0,80}[^#$>]{0,40}[#$>]\s+(?:sudo\s+)?nft\s.*\blist\b")
_NFT = re.compile(r"\s*(?:table|chain|add|flush|delete|destroy|create|insert|define|set|map)\s+[\w\"]")

_MESSAGE = (
    "this is a shell script: only the rules that it hands to nft were read, as if each was loaded once and in this"
    " order; export the running rule set with nft list ruleset"
)


def nft_lines(config: ConfigText, ledger: Ledger) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines to be read; account for all others."""
    if _is_script(config):
        ledger.report("RC605", Severity.MEDIUM, 0, _MESSAGE, affects_verdicts=True)
        yield from _script_lines(config, ledger)
        return
    for number, line in enumerate(config.lines, start=1):
        if _PROMPT.match(line):
            ledger.ignored(number)
        elif _COMMAND.match(line):
            yield number, _unquoted(line)
        else:
            yield number, line


def _is_script(config: ConfigText) -> bool:
    first = next((line for line in config.lines if line.strip()), "")
    return bool(_SHELL.match(first))


def _script_lines(config: ConfigText, ledger: Ledger) -> Iterator[tuple[int, str]]:
    """Yield nft commands, and the here-documents that hold nft's language."""
    end, inside = "", False
    for number, line in enumerate(config.lines, start=1):
        if end and line.strip() == end:
            end, inside = "", False
            ledger.ignored(number)
        elif end:
            if inside:
                yield number, line
            else:
                ledger.ignored(number)
        elif here := _HERE.search(line):
            end = here[3]
            inside = _holds_rules(config, number, end)
            ledger.ignored(number)
        elif _COMMAND.match(line):
            yield number, _unquoted(line)
        elif line.strip() and not line.lstrip().startswith("#"):
            ledger.ignored(number)
        else:
            ledger.blank(number)


def _holds_rules(config: ConfigText, start: int, end: str) -> bool:
    """Return whether a here-document starts like a rule set: looks at its first lines only."""
    for line in config.lines[start : start + 40]:
        if line.strip() == end:
            return False
        if _NFT.match(line):
            return True
    return False


def _unquoted(line: str) -> str:
    """Return what nft gets of a command line: words without the shell's quotes, joined by spaces."""
    found = _COMMAND.match(line)
    rest = line[found.end() :] if found else line
    try:
        return " ".join(shlex.split(rest, comments=True))
    except ValueError:
        return rest
