"""Services that every management server has, for exports that name them without defining them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from parsers.checkpoint.catalogue import Item
from parsers.json_text import JsonNode


def predefined(name: str) -> Item | None:
    """Return a predefined service by its name, or None."""
    return _table().get(name)


@cache
def _table() -> dict[str, Item]:
    source = files(__package__).joinpath("predefined.toml")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    found: dict[str, Item] = {}
    for kind, services in tables.items():
        for name, value in services.items():
            found[name] = _item(f"service-{kind}", name, value)
    return found


_KEYS = {"icmp": "icmp-type", "icmp6": "icmp-type", "other": "ip-protocol"}


def _item(kind: str, name: str, value: int | str | list[str]) -> Item:
    members: dict[str, JsonNode] = {}
    if kind == "service-group":
        parts = [JsonNode(one, 0, 0) for one in value] if isinstance(value, list) else []
        members["members"] = JsonNode(parts, 0, 0)
    elif isinstance(value, list):
        members["source-port"], members["port"] = JsonNode(value[0], 0, 0), JsonNode(value[1], 0, 0)
    else:
        key = _KEYS.get(kind.removeprefix("service-"), "port")
        members[key] = JsonNode(value if key != "port" else str(value), 0, 0)
    return Item(name, name, kind, JsonNode(members, 0, 0), builtin=True)
