"""Platforms of other packages, from the command line: the example of the manual, and every way to be broken."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from parsers import plugins
from parsers.base import ConfigText, Parser
from parsers.plugins import Plugin, PluginError
from parsers.reading import ReadError
from tests.conftest import ROOT
from tests.plugins.packages import MANUAL, WORKING, examples, install, install_example

Run: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]

ASA = (
    "ASA Version 9.16(4)\nhostname fw\naccess-list X extended permit ip any any\naccess-group X in interface outside\n"
)
ECHO = WORKING.format(platform="echo")
TARGET = {"echo": "echo_parser:PARSER"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the folder into which packages are installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, site: Path) -> Run:
    """Return a function that runs rulecheck with the installed packages, in a folder with two inputs."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "fw.cfg").write_text(ASA, encoding="utf-8")
    (work / "echo.txt").write_text("echo\n", encoding="utf-8")
    (work / "office.tw").write_text(examples()["office.tw"], encoding="utf-8")

    def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(site))), **variables}
        command = [sys.executable, "-m", "rulecheck", *arguments]
        return subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, timeout=120, check=False)

    return call


def test_the_example_is_analysed(site: Path, run: Run) -> None:
    install_example(site)
    done = run("analyze", "office.tw", "--format", "json", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    (device,) = report["devices"]
    assert (device["name"], device["platform"], device["diagnostics"]) == ("office", "tinywall", [])
    assert device["source"]["understood_lines"] == device["source"]["lines"] == 7
    (shadowed,) = [one for one in report["findings"] if one["kind"] == "shadowed"]
    assert (shadowed["rule"]["index"], shadowed["single_covers"]) == (2, [1])
    assert "rule #2, `allow tcp from 198.51.100.7 …`, is shadowed by rule #1" in MANUAL


def test_the_example_is_listed_as_the_manual_says(site: Path, run: Run) -> None:
    install_example(site)
    listed = run("parsers")
    assert (listed.returncode, listed.stderr) == (0, "")
    start = MANUAL.index("tinywall  Tiny Wall (plug-in of")
    assert MANUAL[start : MANUAL.index("$ rulecheck analyze", start)] in listed.stdout
    facts = {one["platform"]: one["plugin"] for one in json.loads(run("parsers", "--json").stdout)}
    assert facts["tinywall"] == "rulecheck-tinywall 1.0"
    assert facts["cisco_asa"] is None


def test_the_example_reports_what_it_does_not_understand(site: Path, run: Run, tmp_path: Path) -> None:
    install_example(site)
    bad = "tinywall 1 x\nallow tcp from any to 10.0.0.1 port 9 later\nallow any from any to any port 1\nfoo\n"
    (tmp_path / "work" / "bad.tw").write_text(bad, encoding="utf-8")
    done = run("analyze", "bad.tw", "--format", "json", "--strict")
    assert done.returncode == 3
    (device,) = json.loads(done.stdout)["devices"]
    assert [(one["code"], one["line"]) for one in device["diagnostics"]] == [("RC602", 2), ("RC601", 3), ("RC601", 4)]


def test_other_commands_know_the_platform(site: Path, run: Run) -> None:
    install_example(site)
    done = run(
        "query", "office.tw", "--vendor", "tinywall", "--src", "203.0.113.1", "--dst", "192.0.2.10", "--format", "json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tinywall" in run("analyze", "--help").stdout


def test_without_packages_nothing_is_said(run: Run) -> None:
    assert run("analyze", "fw.cfg").stderr == ""
    assert "Tiny Wall" not in run("parsers").stdout
    assert "no supported platform" in run("analyze", "office.tw").stderr


UNUSABLE = [
    ("import no_such_module_here", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_here'"),
    ("raise SystemExit(7)", "cannot be loaded: SystemExit: 7"),
    ("def", "cannot be loaded: SyntaxError"),
    ("", "cannot be loaded: AttributeError: module 'echo_parser' has no attribute 'PARSER'"),
    ("PARSER = 7", "echo_parser:PARSER does not have the platform 'echo'"),
    (WORKING.format(platform="other"), "echo_parser:PARSER does not have the platform 'echo'"),
    (ECHO.replace("PARSER = Echo()", "PARSER = Echo"), "echo_parser:PARSER is a class"),
    (ECHO.replace('title = "Echo"', "title = None"), "echo_parser:PARSER has no title"),
    (ECHO.replace('("Texts.",)', '"Texts."'), "echo_parser:PARSER has no tuple of sentences named reads"),
    (ECHO.replace("def parse", "def parses"), "echo_parser:PARSER has no method parse"),
]


@pytest.fixture
def loaded(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Parser]]:
    """Return a function that loads the plug-in echo with some source in this process."""
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def load(source: str) -> Parser:
        (site / "echo_parser.py").write_text(source, encoding="utf-8")
        return plugins.load(Plugin("echo", "echo_parser:PARSER", f"echo {site.parent.name}"))

    yield load
    sys.modules.pop("echo_parser", None)


@pytest.mark.parametrize(("source", "reason"), UNUSABLE, ids=[reason[-40:] for _, reason in UNUSABLE])
def test_what_is_no_parser_is_refused_with_the_reason(
    loaded: Callable[[str], Parser], source: str, reason: str
) -> None:
    for _ in range(2):
        with pytest.raises(PluginError, match=f"^the plug-in echo of echo .*{re.escape(reason)}"):
            loaded(source)


def test_a_package_that_cannot_be_used_is_named_once(site: Path, run: Run) -> None:
    install(site, "broken-echo", "echo_parser", "import no_such_module_here", TARGET, "2.5")
    done = run("analyze", "fw.cfg", "fw.cfg", "--format", "json")
    assert done.returncode == 0
    assert [one["platform"] for one in json.loads(done.stdout)["devices"]] == ["cisco_asa"]
    assert done.stderr == (
        "rulecheck: the plug-in echo of broken-echo 2.5 cannot be loaded: ModuleNotFoundError: "
        "No module named 'no_such_module_here'; repair, update or uninstall that package\n"
    )


def test_a_broken_platform_that_is_named_is_an_error(site: Path, run: Run) -> None:
    install(site, "broken-echo", "echo_parser", "import no_such_module_here", TARGET)
    done = run("analyze", "fw.cfg", "--vendor", "echo")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("rulecheck: fw.cfg: the plug-in echo of broken-echo 1.0 cannot be loaded: ModuleNotFound")


def test_a_broken_platform_is_missing_from_the_list_and_the_others_are_there(site: Path, run: Run) -> None:
    install(site, "broken-echo", "echo_parser", "import no_such_module_here", TARGET)
    done = run("parsers", "--json")
    assert done.returncode == 0
    listed = {one["platform"] for one in json.loads(done.stdout)}
    assert "cisco_asa" in listed
    assert "echo" not in listed
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("analyze", "fw.cfg"), ("analyze", "fw.cfg", "--vendor", "cisco_asa"), ("parsers",)]
)
def test_a_built_in_platform_is_never_replaced(site: Path, run: Run, arguments: tuple[str, ...]) -> None:
    install(site, "thief", "thief", WORKING.format(platform="cisco_asa"), {"cisco_asa": "thief:PARSER"})
    done = run(*arguments)
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line == (
        "rulecheck: the plug-in cisco_asa of thief 1.0 is not used: cisco_asa is a built-in platform, which no package "
        "may replace; repair, update or uninstall that package"
    )
    assert "Echo" not in done.stdout


def test_packages_that_fight_for_a_name_are_both_refused(site: Path, run: Run) -> None:
    install(site, "one", "one_parser", ECHO, {"echo": "one_parser:PARSER"})
    install(site, "two", "two_parser", ECHO, {"echo": "two_parser:PARSER"})
    done = run("analyze", "fw.cfg")
    assert done.returncode == 0
    assert [line.split(" is not used: ")[0] for line in done.stderr.splitlines()] == [
        "rulecheck: the plug-in echo of one 1.0",
        "rulecheck: the plug-in echo of two 1.0",
    ]
    assert run("analyze", "echo.txt").returncode == 2


@pytest.mark.parametrize(
    ("point", "reason"),
    [({"Echo-1": "echo_parser:PARSER"}, "lower-case letters"), ({"echo": "echo_parser"}, "not of the form")],
)
def test_malformed_entry_points_are_refused(site: Path, run: Run, point: dict[str, str], reason: str) -> None:
    install(site, "odd", "echo_parser", ECHO, point)
    done = run("analyze", "fw.cfg")
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert "of odd 1.0 is not used: " in line
    assert reason in line


def test_a_package_without_metadata_harms_nobody(site: Path, run: Run) -> None:
    install(site, "bare", "echo_parser", ECHO, TARGET)
    (site / "bare-1.0.dist-info" / "METADATA").unlink()
    done = run("analyze", "fw.cfg", "echo.txt", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["platform"] for one in json.loads(done.stdout)["devices"]] == ["cisco_asa", "echo"]


TEXT = ConfigText("echo.txt", "0" * 64, ("echo",))


@pytest.mark.parametrize("answer", ["1 / 0", "'90'", "101", "-1", "None", "exit(3)"])
def test_scores_have_to_be_numbers_from_0_to_100(loaded: Callable[[str], Parser], answer: str) -> None:
    assert loaded(ECHO).score(TEXT) == 90
    sys.modules.pop("echo_parser")
    plugins._loaded.cache_clear()
    with pytest.raises(PluginError, match=r"^the plug-in echo of echo"):
        loaded(ECHO.replace('90 if config.lines[0] == "echo" else 0', answer)).score(TEXT)


@pytest.mark.parametrize("answer", ["1 / 0", "7", "('device',)", "(Device('x', 'cisco_asa', None),)", "exit(3)"])
def test_what_is_read_has_to_be_devices_of_the_platform(loaded: Callable[[str], Parser], answer: str) -> None:
    parser = loaded(ECHO.replace("return (Device(", f"return {answer}\n        return (Device("))
    with pytest.raises(PluginError, match=r"^the plug-in echo of echo"):
        parser.parse(TEXT)


def test_an_input_may_be_called_unreadable(loaded: Callable[[str], Parser]) -> None:
    refuse = "from parsers.reading import ReadError\n        raise ReadError('x', 7, 'it is cut off', 'export again')"
    with pytest.raises(ReadError, match="it is cut off"):
        loaded(ECHO.replace("return (Device(", f"{refuse}\n        return (Device(")).parse(TEXT)


def test_one_that_fails_to_recognise_is_passed_over(site: Path, run: Run) -> None:
    source = ECHO.replace('90 if config.lines[0] == "echo" else 0', "1 / 0")
    install(site, "broken-echo", "echo_parser", source, TARGET)
    done = run("analyze", "fw.cfg", "--format", "json")
    assert done.returncode == 0
    (device,) = json.loads(done.stdout)["devices"]
    (note,) = device["diagnostics"]
    assert (device["platform"], note["code"]) == ("cisco_asa", "RC605")
    failure = "the plug-in echo of broken-echo 1.0 failed when recognising the text: ZeroDivisionError"
    assert note["message"] == f"{failure}; it was passed over"
    assert len(done.stderr.splitlines()) == 1
    unknown = run("analyze", "echo.txt")
    assert unknown.returncode == 2
    assert f"no supported platform recognises the text; {failure}" in unknown.stderr


def test_one_that_fails_to_read_fails_for_its_input_only(site: Path, run: Run) -> None:
    source = ECHO.replace("return (Device(", "1 / 0\n        return (Device(")
    install(site, "broken-echo", "echo_parser", source, TARGET)
    done = run("analyze", "fw.cfg", "echo.txt", "--format", "json")
    assert done.returncode == 2
    assert [one["platform"] for one in json.loads(done.stdout)["devices"]] == ["cisco_asa"]
    (line,) = done.stderr.splitlines()
    failure = "the plug-in echo of broken-echo 1.0 failed when reading the text: ZeroDivisionError"
    assert line == f"rulecheck: echo.txt: {failure}; repair, update or uninstall that package"


def test_errors_do_not_quote_the_configuration_unless_its_authors_ask(site: Path, run: Run) -> None:
    source = ECHO.replace("return (Device(", "raise ValueError('hunter2')\n        return (Device(")
    install(site, "broken-echo", "echo_parser", source, TARGET)
    assert "hunter2" not in run("analyze", "echo.txt").stderr
    assert "hunter2" in run("analyze", "echo.txt", RULECHECK_TRACEBACK="1").stderr


HELP = """
import sys
from rulecheck.cli import main
sys.argv = ["rulecheck", "--help"]
try:
    main()
except SystemExit:
    pass
print(sorted({"importlib.metadata", "parsers.plugins", "echo_parser"} & set(sys.modules)))
"""


def test_help_looks_for_no_packages(site: Path) -> None:
    install(site, "broken-echo", "echo_parser", "raise SystemExit(7)", TARGET)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(site)))}
    done = subprocess.run([sys.executable, "-c", HELP], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
