"""Objects that FortiOS has from the factory, from ``predefined.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _tables() -> Mapping[str, Any]:
    source = files(__package__).joinpath("predefined.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def service(name: str) -> tuple[str, ...] | None:
    """Return the parts of a predefined service ("tcp/80"), None for a name that is none."""
    found = _tables()["services"].get(name)
    return None if found is None else tuple(found)


def group(name: str) -> tuple[str, ...] | None:
    """Return the members of a predefined service group, None for a name that is none."""
    found = _tables()["groups"].get(name)
    return None if found is None else tuple(found)


def is_factory(kind: str, name: str) -> bool:
    """Return whether every VDOM has an object of this section (``firewall address``) and name."""
    tables = _tables()
    if "service" in kind:
        return name in tables["services"] or name in tables["groups"]
    if "schedule" in kind:
        return name in tables["factory"]["schedules"]
    return "addr" in kind and name in tables["factory"]["addresses"]
