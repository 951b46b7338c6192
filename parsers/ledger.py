"""The line ledger: every line of an input is understood, knowingly ignored, blank, or reported."""

from __future__ import annotations

from enum import IntEnum

from parsers.base import ConfigText
from parsers.redact import show
from rulecheck.model.device import Diagnostic, LineCounts, Severity


class LineState(IntEnum):
    """What became of one line. A higher state wins when a line is marked twice."""

    OPEN = 0
    BLANK = 1
    IGNORED = 2
    UNDERSTOOD = 3
    UNKNOWN = 4


class Ledger:
    """Accounts for each line of one input and collects its diagnostics.

    Line numbers are 1-based. A line that nobody marks is reported by :meth:`close` as RC601.
    """

    def __init__(self, config: ConfigText) -> None:
        self._config = config
        self._state = bytearray(len(config.lines))
        self._diagnostics: dict[tuple[str, int, str], Diagnostic] = {}

    def understood(self, line: int) -> None:
        """Mark a line as part of the model."""
        self._mark(line, LineState.UNDERSTOOD)

    def ignored(self, line: int) -> None:
        """Mark a line as known not to matter for filtering."""
        self._mark(line, LineState.IGNORED)

    def blank(self, line: int) -> None:
        """Mark a line as empty, a separator or a comment."""
        self._mark(line, LineState.BLANK)

    def unknown(self, line: int, message: str, *, affects_verdicts: bool = False) -> None:
        """Report a line that was not understood (RC601)."""
        self._mark(line, LineState.UNKNOWN)
        severity = Severity.MEDIUM if affects_verdicts else Severity.LOW
        self.report("RC601", severity, line, message, affects_verdicts=affects_verdicts)

    def report(self, code: str, severity: Severity, line: int, message: str, *, affects_verdicts: bool = False) -> None:
        """Add a diagnostic about a line without changing how the line is accounted for."""
        text = show(self._config.lines[line - 1]) if 0 < line <= len(self._config.lines) else ""
        diagnostic = Diagnostic(code, severity, line, message, text, affects_verdicts)
        self._diagnostics.setdefault((code, line, message), diagnostic)

    def is_open(self, line: int) -> bool:
        """Return whether nobody has accounted for the line yet."""
        return self._state[line - 1] == LineState.OPEN

    def close(self) -> tuple[LineCounts, tuple[Diagnostic, ...]]:
        """Report what is still open and return the counts and diagnostics, in line order."""
        for number, state in enumerate(self._state, start=1):
            if state == LineState.OPEN:
                self.unknown(number, "this line was not understood")
        counts = [self._state.count(state) for state in LineState]
        found = sorted(self._diagnostics.values(), key=lambda d: (d.line, d.code, d.message))
        lines = LineCounts(
            understood=counts[LineState.UNDERSTOOD],
            ignored=counts[LineState.IGNORED],
            blank=counts[LineState.BLANK],
            unknown=counts[LineState.UNKNOWN],
        )
        return lines, tuple(found)

    def _mark(self, line: int, state: LineState) -> None:
        self._state[line - 1] = max(self._state[line - 1], state)
