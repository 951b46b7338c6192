"""Helpers of the Check Point tests: small answers of the management API in, model out. Names serve as uids."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parsers.base import ConfigText
from parsers.checkpoint import PARSER
from parsers.reading import split_lines
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match
from rulecheck.model.rule import Rule

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "checkpoint"
ANY = "97aeb369-9aea-11d5-bd16-0090272ccb30"
Json = dict[str, Any]


def config(text: str, path: str = "policy.json") -> ConfigText:
    return ConfigText(path, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), split_lines(text))


def read(value: object, path: str = "policy.json", indent: int | None = 1) -> Device:
    text = value if isinstance(value, str) else json.dumps(value, indent=indent)
    found = config(text, path)
    (device,) = PARSER.parse(found)
    assert device.source.lines.total == len(found.lines)
    return device


def thing(kind: str, name: str, **members: object) -> Json:
    """Return an object; underscores in the names of members stand for hyphens."""
    more = {key.rstrip("_").replace("_", "-"): value for key, value in members.items()}
    return {"uid": f"uid-{name}", "name": name, "type": kind, **more}


def rule(number: int = 1, /, **columns: object) -> Json:
    """Return an access rule; columns name objects by their names."""
    found: Json = {"uid": f"rule-{number}", "type": "access-rule", "rule-number": number}
    for key in ("source", "destination", "service"):
        found[key] = columns.pop(key, [ANY])
    found["action"] = columns.pop("action", "Accept")
    found.update({key.replace("_", "-"): value for key, value in columns.items()})
    return found


def layer(
    *rules: Json, objects: Sequence[Json] = (), name: str = "Network", cleanup: str = "drop", **more: object
) -> Json:
    """Return a whole layer with its objects."""
    own = [thing("access-layer", name, implicit_cleanup_action=cleanup)] if cleanup else []
    head = {"uid": f"uid-{name}", "name": name, "rulebase": list(rules), "objects-dictionary": [*own, *objects]}
    return {**head, "from": 1, "to": len(rules), "total": len(rules), **more}


def policy(device: Device, name: str = "Network") -> Policy:
    (found,) = (one for one in device.policies if one.name == name)
    return found


def one_rule(*objects: Json, **columns: object) -> Rule:
    """Read a layer with one rule."""
    (found,) = policy(read(layer(rule(**columns), objects=objects))).rules
    return found


def match(*objects: Json, **columns: object) -> Match:
    return one_rule(*objects, **columns).match


def codes(device: Device) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in device.diagnostics]


def four(first: str, last: str | None = None) -> IntervalSet:
    low, high = (int.from_bytes(bytes(map(int, text.split("."))), "big") for text in (first, last or first))
    return IntervalSet(((low, high),))


def six(low: int, high: int) -> IntervalSet:
    return IntervalSet(((IPV6_BASE + low, IPV6_BASE + high),))


def values(found: Match, side: str = "source") -> IntervalSet:
    """Return all addresses that an operand may hold."""
    operand = found.source if side == "source" else found.destination
    return IntervalSet.union_of(part.values for part in operand.parts)
