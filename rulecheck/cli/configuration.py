"""``rulecheck.toml``: which checks run, how severe their findings are, thresholds, and what lies outside."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from rulecheck.checks import documentation
from rulecheck.checks.observing import CODES
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings, Thresholds
from rulecheck.model.device import Severity
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.finding import InputError
from rulecheck.model.intervals import IntervalSet

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MANUAL = "see docs/configuration.md"
_DIAGNOSTICS = "RC6"
_LARGEST = 1_000_000
_FAMILY = re.compile(r"RC([234])xx", re.IGNORECASE)


class ConfigurationError(Exception):
    """A configuration file cannot be used. ``error`` says where, why, and what to do."""

    def __init__(self, error: InputError) -> None:
        super().__init__(error.message)
        self.error = error


def _optional_codes(listed: list[str]) -> list[str]:
    """Return codes that can be switched, with RC2xx, RC3xx and RC4xx for all of their family.

    Raises:
        ValueError: a code does not exist, or is a proof about rules or a diagnostic, which cannot be switched off.
    """
    return [code for one in listed for code in _expand(one)]


def _expand(one: str) -> Sequence[str]:
    family = _FAMILY.fullmatch(one)
    if family:
        return [code for code in CODES if code.startswith(f"RC{family[1]}")]
    if one.upper() in CODES:
        return [one.upper()]
    if one.upper() in documentation():
        raise ValueError(f"{one} cannot be switched on or off, only RC2xx, RC3xx and RC4xx can")
    raise ValueError(f"there is no check {one!r}; `rulecheck explain` lists them")


def _severities(given: dict[str, Severity]) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    for code, severity in given.items():
        if code.upper() not in documentation() or code.upper().startswith(_DIAGNOSTICS):
            raise ValueError(f"there is no finding {code!r}; `rulecheck explain` lists them, RC6xx are diagnostics")
        found[code.upper()] = severity
    return found


def _names(listed: list[str]) -> list[str]:
    return [name.strip().lower() for name in listed]


def _networks(listed: list[str]) -> list[str]:
    for one in listed:
        ip_network(one)
    return listed


_Codes = Annotated[list[str], AfterValidator(_optional_codes)]
_Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], AfterValidator(_names)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _ThresholdsPart(_Part):
    ports: int = Field(default=Thresholds().ports, ge=2, le=65_536)
    ipv4_prefix: int = Field(default=Thresholds().ipv4_prefix, ge=0, le=32)
    ipv6_prefix: int = Field(default=Thresholds().ipv6_prefix, ge=0, le=128)
    examples: int = Field(default=Thresholds().examples, ge=1, le=_LARGEST)


class _RequirePart(_Part):
    log: bool = False
    description: bool = False


_SeverityWord = Literal["critical", "high", "medium", "low", "info"]


class _ChecksPart(_Part):
    enable: _Codes | None = None
    disable: _Codes = []
    severity: Annotated[
        dict[str, _SeverityWord],
        AfterValidator(lambda given: _severities({code: Severity(word) for code, word in given.items()})),
    ] = {}
    thresholds: _ThresholdsPart = _ThresholdsPart()
    require: _RequirePart = _RequirePart()


class _ZonesPart(_Part):
    outside: _Names | None = None
    inside: _Names | None = None
    own_addresses: Annotated[list[str], AfterValidator(_networks)] = []


class _File(_Part):
    checks: _ChecksPart = _ChecksPart()
    zones: _ZonesPart = _ZonesPart()


def read_settings(path: Path, today: date) -> Settings:
    """Return the settings that a configuration file asks for.

    Raises:
        ConfigurationError: the file cannot be read, is no TOML, or says something that is not known.
    """
    text = _text(path)
    try:
        given = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise _error(path, _toml_line(text, problem), f"is not valid TOML: {problem}", "correct it there") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        raise _error(path, _line(text, first["loc"]), _message(first), _MANUAL) from None
    return _settings(given, today)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise _error(path, 0, f"cannot be read: {reason}", "name another file with --config") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _error(path, 0, "is not UTF-8 text", "save it as UTF-8") from None


def _error(path: Path, line: int, message: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(InputError(str(path), line, message, remedy))


def _settings(given: _File, today: date) -> Settings:
    checks, zones = given.checks, given.zones
    off = set(checks.disable)
    if checks.enable is not None:
        off |= set(CODES) - set(checks.enable)
    return Settings(
        disabled=frozenset(off),
        severities={code: Severity(word) for code, word in checks.severity.items()},
        thresholds=Thresholds(**checks.thresholds.model_dump()),
        log_everywhere=checks.require.log,
        describe_everywhere=checks.require.description,
        outside=DEFAULT_SETTINGS.outside if zones.outside is None else frozenset(zones.outside),
        inside=DEFAULT_SETTINGS.inside if zones.inside is None else frozenset(zones.inside),
        own=IntervalSet.merged(map(_interval, map(ip_network, zones.own_addresses))),
        today=today,
    )


def _interval(network: IPv4Network | IPv6Network) -> tuple[int, int]:
    base = 0 if network.version == 4 else IPV6_BASE
    return base + int(network.network_address), base + int(network.broadcast_address)


def _message(first: ErrorDetails) -> str:
    """Return what is wrong with which key, in one phrase."""
    key = ".".join(str(part) for part in first["loc"] if isinstance(part, str)) or "the file"
    if first["type"] == "extra_forbidden":
        return f"there is no setting {key}"
    if first["type"] == "value_error":
        return f"{key}: {first['ctx']['error']}"
    text = str(first["msg"])
    return f"{key}: {text[:1].lower()}{text[1:]}"


_TABLE = re.compile(r"\s*\[+\s*([^\]#]+?)\s*\]+")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.\- ]+?)\s*=")


def _line(text: str, location: Iterable[str | int]) -> int:
    """Return the line of the key at ``location``, or of the nearest table that holds it; 0 where there is none."""
    wanted = [part for part in location if isinstance(part, str)]
    best, depth = 0, 0
    for number, path in _keys(text):
        common = 0
        while common < min(len(path), len(wanted)) and path[common] == wanted[common]:
            common += 1
        if common == len(path) > depth:
            best, depth = number, common
    return best


def _keys(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that begins a table or a key, with the names that lead to it."""
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        heading, key = _TABLE.match(line), _KEY.match(line)
        if heading:
            table = _split(heading[1])
            yield number, table
        elif key:
            yield number, [*table, *_split(key[1])]


def _split(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _toml_line(text: str, problem: tomllib.TOMLDecodeError) -> int:
    found = re.search(r"at line (\d+)", str(problem))
    return int(found[1]) if found else len(text.splitlines())
