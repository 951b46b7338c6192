"""Start-up: what ``--help`` imports, and packages of the same name elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rulecheck import __version__, startup
from rulecheck.startup import misplaced_package
from tests.conftest import ROOT, RunRulecheck

HEAVY = ("pandas", "networkx", "ollama", "httpx", "numpy", "ciscoconfparse", "pydantic", "jinja2", "rich")

IMPORTS = """
import sys
from rulecheck.cli import main
sys.argv = ["rulecheck", *{arguments!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *(name for name in {heavy!r} if name in sys.modules))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["analyze", "--help"], ["explain", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = IMPORTS.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_check_of_imports_would_notice() -> None:
    script = "import numpy\n" + IMPORTS.format(arguments=["--help"], heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded: numpy"


def test_the_version_is_the_package_version(rulecheck: RunRulecheck) -> None:
    assert rulecheck("--version").stdout == f"rulecheck {__version__}\n"


def test_here_the_packages_lie_beside_each_other() -> None:
    assert misplaced_package() is None


@pytest.mark.parametrize(
    ("shadow", "package"),
    [("parsers.py", "parsers"), ("parsers/__init__.py", "parsers"), ("reports/__init__.py", "reports")],
)
def test_a_file_that_hides_a_package_is_named_and_never_run(
    rulecheck: RunRulecheck, tmp_path: Path, shadow: str, package: str
) -> None:
    hidden = tmp_path / shadow
    hidden.parent.mkdir(exist_ok=True)
    hidden.write_text("print('the wrong module ran')\n")
    done = rulecheck("--version")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"rulecheck: {hidden} hides rulecheck's own package {package} in {ROOT / package}; ")
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_without_python_hides_nothing(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "january.txt").write_text("x")
    assert rulecheck("--version").returncode == 0


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(startup, "COMPANIONS", ("parsers", "no_such_package"))
    assert "the package no_such_package is missing" in (misplaced_package() or "")
    monkeypatch.setattr(startup, "__file__", str(tmp_path / "rulecheck" / "startup.py"))
    assert "hides rulecheck's own package parsers" in (misplaced_package() or "")
