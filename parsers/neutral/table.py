"""Rows of the rule table, and reading them from CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.neutral.columns import REQUIRED, TEXTS, column_of
from parsers.redact import redact_text, show
from rulecheck.model.device import Severity

DELIMITERS = (",", ";", "\t", "|")
_MOST_LINES = 50
"""Lines that one quoted cell may span."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as written. ``cells`` maps columns to their values, each a list; ``unknown`` has further columns.

    ``end`` is its last line; ``text`` how reports cite it. ``broken`` says why it could not be read as a row.
    """

    line: int
    end: int
    text: str
    cells: dict[str, list[str]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    broken: str = ""


def delimiter_of(line: str) -> str | None:
    """Return the delimiter that makes a line the header of a rule table, None if none does."""
    for delimiter in DELIMITERS:
        columns = {column_of(cell) for cell in _cells(line, delimiter) or ()}
        if columns.issuperset(REQUIRED):
            return delimiter
    return None


def header_line(lines: Sequence[str]) -> int | None:
    """Return the number of the first line that is no comment and not blank, None if there is none."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            return number
    return None


def read_csv(config: ConfigText, ledger: Ledger) -> Iterator[Row]:
    """Yield the rows of a table with a header; accounts for all lines that are no rules.

    Rows that cannot be read are yielded as broken.
    """
    start = header_line(config.lines)
    for number in range(1, start or len(config.lines) + 1):
        ledger.blank(number)
    if start is None:
        return
    delimiter = delimiter_of(config.lines[start - 1])
    if delimiter is None:
        needed = ", ".join(REQUIRED)
        ledger.unknown(start, f"the first line has to name the columns, at least {needed}", affects_verdicts=True)
        return
    headers = _headers(config.lines[start - 1], delimiter, start, ledger)
    number = start + 1
    while number <= len(config.lines):
        line = config.lines[number - 1]
        if not line.strip(f" \t{delimiter}") or line.lstrip().startswith("#"):
            ledger.blank(number)
            number += 1
            continue
        row = _row(config.lines, number, delimiter, headers)
        yield row
        number = row.end + 1


def _headers(line: str, delimiter: str, number: int, ledger: Ledger) -> list[tuple[str, str | None]]:
    """Return each header as written with its column; report what is unknown or there twice."""
    ledger.understood(number)
    found: list[tuple[str, str | None]] = []
    for header in _cells(line, delimiter) or ():
        column = column_of(header)
        name = redact_text(header.strip())
        if column is None:
            message = f"the column {name!r} is not known: rules with a value in it are undecided where it matters"
            remedy = f"call it x_{name} if it says nothing about packets"
            ledger.report("RC602", Severity.MEDIUM, number, f"{message}; {remedy}", affects_verdicts=True)
        elif column and any(column == other for _, other in found):
            message = f"the column {column} is there more than once; the values of all count together"
            ledger.report("RC606", Severity.MEDIUM, number, message, affects_verdicts=True)
        found.append((name, column))
    return found


def _row(lines: Sequence[str], number: int, delimiter: str, headers: Sequence[tuple[str, str | None]]) -> Row:
    text, end = lines[number - 1], number
    while text.count('"') % 2 and end < min(len(lines), number + _MOST_LINES):
        text = f"{text}\n{lines[end]}"
        end += 1
    values = None if text.count('"') % 2 else _cells(text, delimiter)
    if values is None:
        return Row(number, number, show(lines[number - 1]), broken="a quote is not closed")
    shown = show(" ".join(text.split("\n")))
    if len(values) > len(headers) and any(value.strip() for value in values[len(headers) :]):
        return Row(number, end, shown, broken=f"the row has {len(values)} cells, the header {len(headers)}")
    cells: dict[str, list[str]] = {column: [] for _, column in headers if column}
    unknown: dict[str, str] = {}
    for (name, column), value in zip(headers, values, strict=False):
        if column:
            cells[column].extend(values_of(column, value))
        elif column is None and value.strip():
            unknown[name] = redact_text(value.strip())
    return Row(number, end, shown, cells, unknown)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one row, None where its quotes are wrong."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def values_of(column: str, text: str) -> list[str]:
    """Return the values of a cell: one text, or a list."""
    if column in TEXTS:
        return [text.strip()] if text.strip() else []
    return split(text)


def split(text: str) -> list[str]:
    """Return the values of a cell: a list is written with ``;``, ``,`` or line ends between them."""
    parts = text.replace("\n", ";").replace(",", ";").split(";")
    return [value_of(part) for part in parts if part.strip()]


def value_of(text: str) -> str:
    """Return one value without blanks around it; ``not x`` becomes ``!x``."""
    text = text.strip()
    return f"!{text[4:].strip()}" if text[:4].lower() == "not " else text
