"""What a parser is: the interface that every platform implements, and the text that it gets.

This module, :mod:`parsers.ledger`, :class:`parsers.reading.ReadError` and :mod:`rulecheck.model` are the stable
interface for parsers in other packages (``docs/plugins.md``). Within one major version names and signatures stay,
and fields that are added to a dataclass of the model come last and have a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rulecheck.model.device import Device


@dataclass(frozen=True, slots=True)
class ConfigText:
    """One input, read and decoded. ``lines`` have no line ends; line n of the file is ``lines[n - 1]``.

    ``path`` is the name to show to people; ``sha256`` the digest of the raw bytes.
    """

    path: str
    sha256: str
    lines: tuple[str, ...]


class Parser(Protocol):
    """One platform.

    ``platform`` is the id in reports (``cisco_asa``), ``title`` the name for people. ``reads`` says what to
    export and what is modelled, ``not_modelled`` what is not and what then happens: one sentence each.

    One object serves all inputs of a process, and inputs are read in several processes: it keeps nothing of one
    input for the next.
    """

    platform: str
    title: str
    reads: tuple[str, ...]
    not_modelled: tuple[str, ...]

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like this platform: 0 not at all, 100 certainly.

        Every parser is asked about every input: look at the beginning, or for a few words, and never raise.
        """
        ...

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the devices in ``config``; their ``platform`` is that of the parser.

        Never raises for bad content: what is not understood becomes a diagnostic. Every line is accounted for: the
        counts of each device's source add up to the lines of ``config``.
        """
        ...
