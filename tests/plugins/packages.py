"""Packages that add platforms, made in a folder as an installer would leave them there: modules and a dist-info."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from parsers.plugins import GROUP
from tests.conftest import ROOT

MANUAL = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")

WORKING = """
from parsers.base import ConfigText
from rulecheck.model.device import Device, LineCounts, SourceFile


class Echo:
    platform = {platform!r}
    title = "Echo"
    reads = ("Texts.",)
    not_modelled = ("All of them.",)

    def score(self, config):
        return 90 if config.lines[0] == "echo" else 0

    def parse(self, config):
        lines = LineCounts(len(config.lines), 0, 0, 0)
        return (Device("echo", self.platform, SourceFile(config.path, config.sha256, lines)),)


PARSER = Echo()
"""
"""A parser in a few lines; ``platform`` has to be filled in."""


def examples() -> dict[str, str]:
    """Return the files that the manual shows, by name."""
    blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
    return dict(blocks)


def install(folder: Path, package: str, module: str, source: str, points: dict[str, str], version: str = "1.0") -> None:
    """Put a module and its metadata into a folder of Python's path. ``points`` maps platform ids to targets."""
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    info = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{name} = {target}" for name, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def install_example(folder: Path) -> None:
    """Install the package of the manual with the metadata of its own pyproject.toml."""
    files = examples()
    project = tomllib.loads(files["pyproject.toml"])["project"]
    (module,) = [name for name in files if name.endswith(".py")]
    points = project["entry-points"][GROUP]
    install(folder, project["name"], module.removesuffix(".py"), files[module], points, project["version"])
