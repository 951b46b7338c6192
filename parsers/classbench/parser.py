"""ClassBench filter sets: one filter a line, in the order of their priority."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText, Parser
from parsers.classbench.filters import FilterReader
from parsers.ledger import Ledger
from rulecheck.model.device import Device, Policy, SourceFile
from rulecheck.model.rule import Outcome, Rule, Verb

_LOOKED_AT = 40
_LOOKS_LIKE = re.compile(r"@[0-9A-Fa-f.:]{2,45}/\d{1,3}\s+[0-9A-Fa-f.:]{2,45}/\d{1,3}\s+\d{1,5}\s*:\s*\d{1,5}\s")
_SCORE = 95

NO_FILTER = Outcome(Verb.OTHER, ("no filter",))
"""What becomes of packets that no filter matches: the format has no default."""


class ClassBenchParser:
    """ClassBench filter files, as its generator and those of its successors write them."""

    platform: str = "classbench"
    title: str = "ClassBench filter set"
    reads: tuple[str, ...] = (
        "Files of ClassBench's filter set generator: prefixes, port ranges, protocol, and flags with masks.",
        "IPv4 and IPv6, with five columns or with six; the order of the lines is the priority.",
        "The sixth column is TCP flags for TCP, and type and code for ICMP, as in the published filter sets.",
        "Filters have no actions: each one is an outcome of its own, so that findings hold whatever the actions are.",
    )
    not_modelled: tuple[str, ...] = ("Further columns: a filter that has them is undecided where it matters.",)

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like a filter set: 0 not at all, 100 certainly."""
        lines = [line for line in config.lines[:_LOOKED_AT] if line.strip() and not line.startswith("#")]
        alike = sum(_LOOKS_LIKE.match(line[:200]) is not None for line in lines)
        return _SCORE * alike // len(lines) if lines else 0

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the filters in ``config``; what is not understood becomes a diagnostic."""
        ledger = Ledger(config)
        reader = FilterReader(config.path, ledger)
        rules: list[Rule] = []
        for number, line in enumerate(config.lines, start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                ledger.blank(number)
            elif text.startswith("@"):
                rules.append(reader.rule(len(rules), number, text))
            else:
                ledger.unknown(number, "this line is no filter: filters start with @", affects_verdicts=True)
        counts, diagnostics = ledger.close()
        name = PurePath(config.path).stem
        policy = Policy("filters", "filter set", tuple(rules), NO_FILTER)
        source = SourceFile(config.path, config.sha256, counts)
        return (Device(name, self.platform, source, (policy,), diagnostics=diagnostics),)


PARSER: Parser = ClassBenchParser()
"""The parser of this platform, for the registry."""
