"""The lock files: everything pinned with hashes, nothing that names a registry, nothing out of date."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("build.txt", "dev.txt", "fuzz.txt", "peers.txt", "runtime.txt")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def _lines(name: str) -> list[str]:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()


def _pins(name: str) -> dict[str, Requirement]:
    pins = [Requirement(line.removesuffix(" \\")) for line in _lines(name) if not line.startswith(" ")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def _wanted() -> dict[str, list[Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = [Requirement(text) for text in project["dependencies"]]
    groups = project["optional-dependencies"]
    peers = [Requirement(text) for text in groups["peers"]]
    fuzz = [Requirement(text) for text in groups["fuzz"]]
    extras = [Requirement(text) for name in ("test", "dev") for text in groups[name]]
    build = [
        Requirement(line)
        for line in (ROOT / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    others = [one for one in extras if one.name != project["name"]]
    return {
        "runtime.txt": runtime,
        "dev.txt": [*runtime, *others, *build],
        "fuzz.txt": [*runtime, *fuzz],
        "peers.txt": [*runtime, *peers],
        "build.txt": build,
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_pins_and_hashes_only(name: str) -> None:
    previous = ""
    for line in _lines(name):
        if line.startswith(" "):
            assert HASH.fullmatch(line), line
        else:
            assert re.fullmatch(r"[a-z0-9.-]+==[^ ]+( ; [^\\]+)? \\", line), line
            assert not previous.endswith("\\"), f"{previous} has no hash"
        previous = line
    assert not previous.endswith("\\")


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_pinned_within_its_range(name: str) -> None:
    pins = _pins(name)
    for wanted in _wanted()[name]:
        pin = pins[canonicalize_name(wanted.name)]
        (version,) = pin.specifier
        assert wanted.specifier.contains(version.version), f"{wanted} is pinned to {version}: run make lock"


def test_the_locks_agree_with_each_other() -> None:
    everything = _pins("dev.txt")
    for name in ("build.txt", "runtime.txt"):
        for package, pin in _pins(name).items():
            assert str(everything[package].specifier) == str(pin.specifier), package
    for name in ("fuzz.txt", "peers.txt"):
        for package, pin in _pins(name).items():
            assert str(everything.get(package, pin).specifier) == str(pin.specifier), package
