"""Messages on standard error."""

from __future__ import annotations

import pytest

from rulecheck.cli.messages import say, say_diagnostics, say_error, skipped
from rulecheck.model.device import Diagnostic, LineCounts, Severity, SourceFile
from rulecheck.model.finding import DeviceReport, InputError


def test_an_error_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(InputError("a.cfg", 7, "it is\nbroken\x1b[31m", "mend it"))
    say_error(InputError("a.cfg", 0, "it is empty", "fill it"))
    say("plain")
    assert capsys.readouterr().err.splitlines() == [
        "rulecheck: a.cfg:7: it is\\nbroken\\x1b[31m; mend it",
        "rulecheck: a.cfg: it is empty; fill it",
        "rulecheck: plain",
    ]


def test_diagnostics_about_the_whole_input_are_named_and_the_others_counted(capsys: pytest.CaptureFixture[str]) -> None:
    diagnostics = (
        Diagnostic("RC601", Severity.LOW, 3, "this line was not understood"),
        Diagnostic("RC602", Severity.MEDIUM, 4, "a clause", affects_verdicts=True),
        Diagnostic("RC608", Severity.INFO, 5, "the list is never used"),
        Diagnostic("RC601", Severity.INFO, 6, "the list filters frames: it is not analysed"),
        Diagnostic("RC607", Severity.MEDIUM, 9, "the input ends early"),
    )
    source = SourceFile("a.cfg", "0" * 64, LineCounts(8, 0, 0, 1))
    say_diagnostics(DeviceReport("fw", "iptables", source, (), diagnostics))
    assert capsys.readouterr().err == (
        "rulecheck: a.cfg:9: the input ends early (RC607)\n"
        "rulecheck: a.cfg: 2 places were not fully understood, 1 of which can change a verdict; "
        "see the diagnostics in the report\n"
    )


def test_many_skipped_files_are_one_phrase() -> None:
    assert skipped("in", ["in/a"]) == "1 file that no parser recognises (a)"
    names = [f"in/d/{number}" for number in range(10)]
    assert skipped("in/", names) == (
        "10 files that no parser recognises (d/0, d/1, d/2, d/3, d/4, d/5, d/6, d/7, and 2 more)"
    )
