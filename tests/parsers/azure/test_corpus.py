"""Real exports: every line is understood or known not to matter, and no other platform's text is claimed."""

from __future__ import annotations

import csv
from pathlib import Path

from parsers.cloud.azure import PARSER
from parsers.reading import ReadError, read_file


def test_the_corpus(corpus: Path) -> None:
    with (corpus / "INDEX.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if (corpus / row["file"]).is_file()]
    assert rows
    for row in rows:
        try:
            text = read_file(str(corpus / row["file"]))
        except ReadError:
            continue
        assert (PARSER.score(text) >= 30) == (row["vendor"] == "azure"), row["file"]
        if row["vendor"] == "azure":
            (device,) = PARSER.parse(text)
            assert device.source.lines.unknown == 0, row["file"]
            assert device.diagnostics == (), row["file"]
