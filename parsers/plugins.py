"""Platforms of other packages: found through their entry points, checked, and kept from harming the others.

A package adds a platform with an entry point of the group :data:`GROUP`: its name is the platform id, its value the
``module:attribute`` of an object with the attributes and methods of :class:`parsers.base.Parser`. Nothing of a
plug-in is imported before its platform is needed.
"""

from __future__ import annotations

import os
import re
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from typing import TypeVar

from parsers.base import ConfigText, Parser
from parsers.reading import ReadError
from rulecheck.model.device import Device

GROUP = "rulecheck.parsers"
"""The entry point group (see the packaging specification "Entry points")."""

TRACEBACK_VARIABLE = "RULECHECK_TRACEBACK"
"""Environment variable that, when it is not empty, shows the authors of a plug-in where it failed."""

REMEDY = "repair, update or uninstall that package"

_PLATFORM = re.compile(r"[a-z][a-z0-9_]*")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_SHOWN = 200
_Answer = TypeVar("_Answer")


class PluginError(Exception):
    """A plug-in cannot be used, or failed. The text says which, of which package, and why."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A platform of another package: ``target`` is ``module:attribute``, ``package`` its name and version."""

    platform: str
    target: str
    package: str

    @property
    def label(self) -> str:
        """Return the plug-in as messages name it."""
        return f"the plug-in {self.platform} of {self.package}"


@dataclass(frozen=True, slots=True)
class Installed:
    """The usable plug-ins by platform id, and what is wrong with the others: platform id ("" for all), sentence."""

    plugins: Mapping[str, Plugin]
    problems: tuple[tuple[str, str], ...] = ()


def installed(built_in: Collection[str]) -> Installed:
    """Return the plug-ins of this environment. None may take the id of a built-in platform or of another plug-in."""
    found, problems = _entries()
    owners = Counter(one.platform for one in found)
    plugins: dict[str, Plugin] = {}
    refused = [("", problem) for problem in problems]
    for one in found:
        reason = _refusal(one, built_in, owners)
        if reason:
            refused.append((one.platform, f"{one.label} is not used: {reason}; {REMEDY}"))
        else:
            plugins[one.platform] = one
    return Installed(plugins, tuple(refused))


def _refusal(plugin: Plugin, built_in: Collection[str], owners: Mapping[str, int]) -> str:
    """Return why a plug-in cannot be used, judging by its entry point alone."""
    if plugin.platform in built_in:
        return f"{plugin.platform} is a built-in platform, which no package may replace"
    if owners[plugin.platform] > 1:
        return "another package adds a platform of that name, too"
    if not _PLATFORM.fullmatch(plugin.platform):
        return "a platform id is made of lower-case letters, digits and underscores"
    if not _TARGET.fullmatch(plugin.target):
        return f"its entry point {plugin.target!r} is not of the form module:attribute"
    return ""


@cache
def _entries() -> tuple[tuple[Plugin, ...], tuple[str, ...]]:
    """Return every entry point of the group, sorted, and packages whose entry points cannot be read."""
    found: set[Plugin] = set()
    problems: set[str] = set()
    for package in _candidates():
        label = _label(package)
        try:
            found.update(
                Plugin(one.name, one.value.strip(), label) for one in package.entry_points if one.group == GROUP
            )
        except Exception as problem:  # noqa: BLE001 - files of another package
            problems.add(f"the entry points of {label} cannot be read: {_reason(problem)}; {REMEDY}")
    return tuple(sorted(found, key=lambda one: (one.platform, one.package))), tuple(sorted(problems))


def _candidates() -> Iterator[Distribution]:
    """Yield the packages that mention the group: of several versions on the path the one that Python imports."""
    for package in distributions():
        try:
            if GROUP not in (package.read_text("entry_points.txt") or ""):
                continue
            first = distribution(package.metadata["Name"])
        except (PackageNotFoundError, KeyError, ValueError):
            first = package
        except Exception:  # noqa: BLE001, S112 - a package that cannot be read has no part in this
            continue
        yield first


def _label(package: Distribution) -> str:
    """Return name and version of a package, as far as its metadata has them."""
    try:
        facts = [package.metadata[key] for key in ("Name", "Version")]
    except Exception:  # noqa: BLE001 - files of another package
        facts = []
    return " ".join(fact for fact in facts if fact) or "a package without a name"


def load(plugin: Plugin) -> Parser:
    """Import a plug-in and return its parser, guarded: whatever it does wrong becomes a :class:`PluginError`.

    Raises:
        PluginError: it cannot be imported, or is no parser.
    """
    found = _loaded(plugin)
    if isinstance(found, PluginError):
        raise found
    return found


@cache
def _loaded(plugin: Plugin) -> Parser | PluginError:
    module, _, path = plugin.target.partition(":")
    try:
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
        flaw = _flaw(found, plugin.platform)
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - code of another package
        _trace(problem)
        return PluginError(f"{plugin.label} cannot be loaded: {_reason(problem)}")
    if flaw:
        return PluginError(f"{plugin.label} cannot be used: {plugin.target} {flaw}")
    return _Guarded(plugin, found)  # type: ignore[arg-type] # checked by _flaw


def _flaw(found: object, platform: str) -> str:
    """Return what keeps an object from being the parser of a platform."""
    if isinstance(found, type):
        return "is a class; it must be an object of it"
    if getattr(found, "platform", None) != platform:
        return f"does not have the platform {platform!r} of its entry point"
    title = getattr(found, "title", None)
    if not isinstance(title, str) or not title:
        return "has no title"
    for name in ("reads", "not_modelled"):
        texts = getattr(found, name, None)
        if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
            return f"has no tuple of sentences named {name}"
    missing = [name for name in ("score", "parse") if not callable(getattr(found, name, None))]
    return f"has no method {missing[0]}" if missing else ""


class _Guarded:
    """A parser of another package, whose mistakes are reported as its own."""

    def __init__(self, plugin: Plugin, parser: Parser) -> None:
        self._plugin = plugin
        self._parser = parser
        self.platform = parser.platform
        self.title = parser.title
        self.reads = parser.reads
        self.not_modelled = parser.not_modelled

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like this platform.

        Raises:
            PluginError: the plug-in failed.
        """
        found = self._guard("recognising the text", lambda: self._parser.score(config))
        if isinstance(found, int) and 0 <= found <= 100:
            return found
        raise PluginError(f"{self._plugin.label} gave a score that is no number from 0 to 100")

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the devices in ``config``.

        Raises:
            PluginError: the plug-in failed.
            ReadError: the plug-in says that the input cannot be read.
        """
        found = self._guard("reading the text", lambda: tuple(self._parser.parse(config)))
        if all(isinstance(one, Device) and one.platform == self.platform for one in found):
            return found
        raise PluginError(f"{self._plugin.label} returned something else than devices of its platform")

    def _guard(self, doing: str, work: Callable[[], _Answer]) -> _Answer:
        try:
            return work()
        except (ReadError, MemoryError):
            raise
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - code of another package
            _trace(problem)
            # The text of the error is left out: it may quote a secret of the configuration.
            raise PluginError(f"{self._plugin.label} failed when {doing}: {type(problem).__name__}") from None


def _reason(problem: BaseException) -> str:
    text = " ".join(str(problem).split())[:_SHOWN]
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__


def _trace(problem: BaseException) -> None:
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(problem)
