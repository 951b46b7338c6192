"""The Check Point parser: answers of the management API (R80 and later) as JSON."""

from __future__ import annotations

from pathlib import PurePath

from parsers.base import ConfigText, Parser
from parsers.checkpoint import detect
from parsers.json_text import JsonText, read_json
from parsers.ledger import Ledger
from rulecheck.model.device import Device, Severity, SourceFile


class CheckPointParser:
    """Check Point. One device per file: the layers that the file has, as they are installed on its gateways."""

    platform: str = "checkpoint"
    title: str = "Check Point (management API)"
    reads: tuple[str, ...] = (
        "Export with 'mgmt_cli show access-rulebase name LAYER details-level full use-object-dictionary true'.",
        "All pages and inline layers belong into one file; files of the show-package tool are read too.",
        "Access layers with sections, inline layers, implicit cleanup, negation, disabled rules, hits, tracking.",
        "Hosts, networks, ranges, wildcards, gateways, groups with and without exclusion; services of every kind.",
        "Applications as values; users, domains, updatable and dynamic objects, VPN, content and time as conditions.",
        "Gaia configurations ('show configuration') are accepted; they have no rules.",
    )
    not_modelled: tuple[str, ...] = (
        "Ordered layers are analysed one by one: what an earlier layer drops is not taken from a later one.",
        "Implied rules, NAT, threat prevention and HTTPS inspection: each access layer is analysed by itself.",
        "Objects and pages that are not in the file: rules that depend on them are undecided where it matters.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like Check Point: 0 not at all, 100 certainly."""
        return detect.score(config)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the policies in ``config``; what is not understood becomes a diagnostic.

        Raises:
            JsonError: the text is no JSON, ends early, or is nested too deeply.
        """
        if detect.is_gaia(config):
            from parsers.checkpoint import gaia

            return (gaia.read(config, self.platform),)
        return (_device(config, read_json(config), self.platform),)


def _device(config: ConfigText, text: JsonText, platform: str) -> Device:
    from parsers.checkpoint import answers, inventory, layers
    from parsers.checkpoint.catalogue import Catalogue, shown_name
    from parsers.checkpoint.columns import Columns
    from parsers.checkpoint.context import Context
    from parsers.checkpoint.members import Flattener
    from parsers.checkpoint.networks import Networks
    from parsers.checkpoint.rulebase import join
    from parsers.checkpoint.rules import RuleReader
    from parsers.checkpoint.services import ServiceObjects

    ledger, catalogue = Ledger(config), Catalogue()
    _account_rest(config, text, ledger)
    for document in text.documents:
        catalogue.read(document)
    context = Context(config, ledger, catalogue)
    found = answers.sort(context, text.documents)
    rulebases = join(found.pages, ledger)
    access = [one for one in rulebases if one.kind == "access-rule"]
    plan = layers.plan(context, access, found.packages)
    flattener = Flattener(catalogue)
    networks, services = Networks(context, flattener), ServiceObjects(context, flattener)
    rules = RuleReader(context, networks, services, Columns(context, flattener))
    reader = layers.PolicyReader(context, rules, plan)
    policies = tuple(reader.policy(one) for one in access)
    context.deciding = False
    objects = tuple(inventory.definitions(context, networks, services)) if access else ()
    uses = [*rules.uses, *inventory.nat_uses(context, (one for one in rulebases if one.kind == "nat-rule"))]
    uses.extend(inventory.gateway_uses(context, found.packages))
    counts, diagnostics = ledger.close()
    name = shown_name(found.packages[0], "") if len(found.packages) == 1 else PurePath(config.path).stem
    source = SourceFile(config.path, config.sha256, counts)
    return Device(name, platform, source, policies, objects, tuple(uses), diagnostics)


def _account_rest(config: ConfigText, text: JsonText, ledger: Ledger) -> None:
    for number, line in enumerate(config.lines, start=1):
        if not line.strip():
            ledger.blank(number)
    for one in text.duplicates:
        message = f"the key {one.key!r} occurs twice in one object; its last value counts"
        ledger.report("RC606", Severity.MEDIUM, one.line, message, affects_verdicts=True)


PARSER: Parser = CheckPointParser()
"""The parser of this platform, for the registry."""
