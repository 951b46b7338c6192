"""From a text to a device: rows by policy, objects, and who uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.base import ConfigText
from parsers.json_text import JsonText, read_json
from parsers.ledger import Ledger
from parsers.neutral.detect import form
from parsers.neutral.objects import Objects
from parsers.neutral.rules import RuleReader, described, outcome_of
from parsers.neutral.table import Row, read_csv
from parsers.neutral.tree import Definition, Head, Table, TreeReader
from parsers.redact import redact_text, show
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.match import Addresses, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, Outcome, Rule

UNNAMED = "rules"
"""The name of the policy of rows that name none."""


def read(config: ConfigText, platform: str, stem: str) -> Device:
    """Return the device that a rule table describes.

    Raises:
        ReadError: the text is malformed YAML or JSON, ends early, or is nested too deeply.
    """
    ledger = Ledger(config)
    table = _table(config, ledger)
    objects = Objects(config, ledger, table.objects, table.services)
    reader = RuleReader(objects, ledger, table.schedules)
    policies: list[Policy] = []
    uses: list[ObjectUse] = []
    for name, rows in _by_policy(table).items():
        rules = tuple(reader.rule(row, index, name) for index, row in enumerate(rows))
        policies.append(_policy(name, table, rules, ledger, config))
        for index, row in enumerate(rows):
            uses.extend(_uses(row, index, name, table))
    objects.deciding = False
    definitions = tuple(_definitions(table, objects, config))
    for number, line in enumerate(config.lines, start=1):
        if ledger.is_open(number) and (not line.strip() or line.lstrip().startswith(("#", "---", "..."))):
            ledger.blank(number)
    counts, diagnostics = ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    return Device(table.device or stem, platform, source, tuple(policies), definitions, tuple(uses), diagnostics)


def _table(config: ConfigText, ledger: Ledger) -> Table:
    kind = form(config)
    if kind == "csv":
        return Table(rows=list(read_csv(config, ledger)))
    reader = TreeReader(ledger)
    text = _tree(config, kind)
    for one in text.duplicates:
        message = f"the key {redact_text(one.key)!r} is there twice; its last value counts"
        ledger.report("RC606", Severity.MEDIUM, one.line, message, affects_verdicts=True)
    for document in text.documents:
        reader.document(document)
    return reader.table


def _tree(config: ConfigText, kind: str) -> JsonText:
    if kind == "json":
        return read_json(config)
    from parsers.neutral.yaml_text import read_yaml

    return read_yaml(config)


def _by_policy(table: Table) -> Mapping[str, list[Row]]:
    """Return the rows by policy; a row that could not be read counts to the policy of the row before it."""
    found: dict[str, list[Row]] = {name: [] for name in table.heads}
    name = UNNAMED
    for row in table.rows:
        device, policy = (redact_text(" ".join(row.cells.get(key, ()))) for key in ("device", "policy"))
        if policy or device or not row.broken:
            name = f"{device}: {policy or UNNAMED}" if device else policy or UNNAMED
        found.setdefault(name, []).append(row)
    return found


def _policy(name: str, table: Table, rules: tuple[Rule, ...], ledger: Ledger, config: ConfigText) -> Policy:
    line = rules[0].origin.line if rules else 1
    head = table.heads.get(name, Head(name, line))
    default = _default(head.default or table.default, head, ledger)
    origin = Origin(config.path, head.line, show(name))
    applied = True if head.applied_to else None
    return Policy(name, "rule table", rules, default, applied_to=head.applied_to, origin=origin, applied=applied)


def _default(text: str, head: Head, ledger: Ledger) -> Outcome:
    found = outcome_of(text) if text else DENY
    if found is None:
        message = f"the default {redact_text(text)} is not permit, deny or reject: deny is assumed"
        ledger.report("RC606", Severity.HIGH, head.line, message, affects_verdicts=True)
    return found or DENY


def _uses(row: Row, index: int, policy: str, table: Table) -> Iterator[ObjectUse]:
    for columns, kind, defined in _kinds(table):
        for column in columns:
            for value in row.cells.get(column, ()):
                name = value.removeprefix("!").strip()
                if name in defined:
                    yield ObjectUse(policy, index, kind, redact_text(name))


def _kinds(table: Table) -> tuple[tuple[tuple[str, ...], str, Mapping[str, Definition]], ...]:
    return (
        (("source", "destination"), "object", table.objects),
        (("service",), "service", table.services),
        (("schedule",), "schedule", table.schedules),
    )


def _definitions(table: Table, objects: Objects, config: ConfigText) -> Iterator[ObjectDefinition]:
    for _, kind, defined in _kinds(table):
        for one in defined.values():
            content: Addresses | Services | None = None
            if kind == "object":
                content = objects.operand((one.name,), one.line)
            elif kind == "service":
                content = objects.column((one.name,), one.line)
            name = redact_text(one.name)
            text = f"{kind} {name} {described(one)[0]}" if kind == "schedule" else f"{kind} {name}"
            origin = Origin(config.path, one.line, show(text))
            members = tuple(redact_text(text) for text, _ in one.values if text in defined)
            yield ObjectDefinition(name, kind, origin, members, content)
