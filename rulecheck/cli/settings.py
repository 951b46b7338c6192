"""The settings of one run: from ``rulecheck.toml`` and the command line. Without a file nothing heavy is imported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.cli.messages import say, say_error

FILE_NAME = "rulecheck.toml"
"""The name under which a configuration file is looked for."""


def find_configuration(start: Path) -> Path | None:
    """Return the nearest ``rulecheck.toml`` in ``start`` or a folder above it."""
    for folder in (start, *start.parents):
        path = folder / FILE_NAME
        if path.is_file():
            return path
    return None


def settings_for(config: str | None, today: date) -> Settings | None:
    """Return the settings from the named file, or from the one that is found; None, and says why, if it is unusable."""
    try:
        path = Path(config) if config is not None else find_configuration(Path.cwd())
    except OSError as problem:
        say(f"the working directory cannot be read: {problem.strerror}; name a configuration file with --config")
        return None
    if path is None:
        return replace(DEFAULT_SETTINGS, today=today)
    from rulecheck.cli.configuration import ConfigurationError, read_settings

    try:
        return read_settings(path, today)
    except ConfigurationError as problem:
        say_error(problem.error)
        return None
