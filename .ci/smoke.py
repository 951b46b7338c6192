"""Smoke test of the distribution: what users install is what the repository builds, and it runs anywhere.

Builds the sdist and from it the wheel, compares the wheel's file list with the stored one, installs the
wheel with the locked dependencies in a new environment, and runs the command from the root folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
FILE_LIST = ROOT / "tests" / "packaging" / "wheel-files.txt"
SAMPLE = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
"""


def main() -> None:
    """Run every step; the first failure ends the process with a message."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--update-file-list", action="store_true", help="store the wheel's file list and stop")
    update = options.parse_args().update_file_list
    with tempfile.TemporaryDirectory(prefix="rulecheck-smoke-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        if update:
            FILE_LIST.write_text(listing(wheel), encoding="utf-8")
            print(f"stored {FILE_LIST.relative_to(ROOT)}")
            return
        compare(wheel)
        exercise(install(wheel, folder / "venv"), folder)
    print("smoke test passed: sdist, wheel, clean install, and the command from /")


def build(target: Path) -> Path:
    """Build the sdist, and the wheel from the sdist; return the wheel."""
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)], ROOT)
    sdists, wheels = list(target.glob("*.tar.gz")), list(target.glob("*.whl"))
    if len(sdists) != 1 or len(wheels) != 1:
        sys.exit(f"expected one sdist and one wheel, got {sorted(path.name for path in target.iterdir())}")
    return wheels[0]


def listing(wheel: Path) -> str:
    """Return the wheel's file names, one a line, without the version."""
    version = wheel.name.split("-")[1]
    with ZipFile(wheel) as archive:
        names = sorted(name.replace(f"-{version}.dist-info", ".dist-info") for name in archive.namelist())
    return "".join(f"{name}\n" for name in names)


def compare(wheel: Path) -> None:
    """Compare the wheel's file list with the stored one."""
    stored, built = set(FILE_LIST.read_text(encoding="utf-8").split()), set(listing(wheel).split())
    if stored != built:
        for name in sorted(built - stored):
            print(f"  only in the wheel: {name}", file=sys.stderr)
        for name in sorted(stored - built):
            print(f"  missing in the wheel: {name}", file=sys.stderr)
        sys.exit("the wheel's files are not those of tests/packaging/wheel-files.txt; if meant: make wheel-files")


def install(wheel: Path, folder: Path) -> Path:
    """Install the locked dependencies and the wheel in a new environment; return its folder of commands."""
    venv.create(folder, with_pip=True)
    commands = folder / "bin"
    pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "runtime.txt")], folder)
    run([*pip, "--no-deps", "--no-index", str(wheel)], folder)
    run([str(commands / "python"), "-m", "pip", "check"], folder)
    return commands


def exercise(commands: Path, folder: Path) -> None:
    """Run the installed command from ``/`` the way a user does."""
    command = str(commands / "rulecheck")
    expect(run([command, "--version"]).startswith("rulecheck "), "--version names the tool")
    expect("analyze" in run([command, "--help"]), "--help lists the commands")
    expect("iptables" in run([command, "parsers"]), "parsers lists the platforms")
    expect("RC101" in run([command, "explain", "shadowed"]), "explain knows the code")
    sample, page = folder / "sample.rules", folder / "out" / "report.html"
    sample.write_text(SAMPLE, encoding="utf-8")
    text = run([command, "analyze", str(sample), "--format", "json", "-o", str(page)])
    kinds = [finding["kind"] for finding in json.loads(text)["findings"]]
    expect(kinds == ["covered"], f"analyze finds the covered rule, not {kinds}")
    expect(page.read_text(encoding="utf-8").lower().startswith("<!doctype html"), "the HTML report is there")
    expect(run([str(commands / "python"), "-m", "rulecheck", "--version"]).startswith("rulecheck "), "python -m works")


def run(command: list[str], folder: Path = Path("/")) -> str:
    """Run a command without this environment's Python settings and return its standard output."""
    settings = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 - an assertion that python -O keeps
    """End the process unless ``holds``."""
    if not holds:
        sys.exit(f"smoke test: this does not hold: {what}")


if __name__ == "__main__":
    main()
