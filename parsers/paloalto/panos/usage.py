"""Which objects are defined, and where they are used: in rules, in groups, and elsewhere in the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from parsers.paloalto.panos.addresses import AddressResolver
from parsers.paloalto.panos.catalogue import (
    ADDRESS_KINDS,
    APPLICATION_KINDS,
    SERVICE_KINDS,
    Catalogue,
    Definition,
)
from parsers.paloalto.panos.layout import RULEBASES, Layout, Scope
from parsers.paloalto.panos.services import ServiceResolver
from parsers.paloalto.panos.tree import Clauses, Node, Word
from parsers.redact import show
from rulecheck.model.device import ObjectDefinition, ObjectUse
from rulecheck.model.match import Addresses, Services
from rulecheck.model.provenance import Origin

_CLAUSES = (
    ("source", ADDRESS_KINDS),
    ("destination", ADDRESS_KINDS),
    ("service", SERVICE_KINDS),
    ("application", APPLICATION_KINDS),
)
_MEMBERS = {"address-group": ADDRESS_KINDS, "service-group": SERVICE_KINDS, "application-group": APPLICATION_KINDS}


class Uses:
    """Collects uses of objects; each is noted once for each place."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._found: dict[ObjectUse, None] = {}

    def add(self, place: tuple[str, int | None], definition: Definition) -> None:
        """Note the use of one object by a rule or another place."""
        use = ObjectUse(place[0], place[1], definition.kind, self._catalogue.label(definition))
        self._found[use] = None

    def note(self, place: tuple[str, int | None], scope: Scope, clauses: Clauses) -> None:
        """Note what the source, destination, service and application of a rule name."""
        for key, kinds in _CLAUSES:
            for word in clauses.words(key):
                self.name(place, scope, kinds, word.text)

    def name(self, place: tuple[str, int | None], scope: Scope, kinds: tuple[str, ...], name: str) -> None:
        """Note the use of a name, if an object has it."""
        if name == "any":
            return
        definition = self._catalogue.find(scope, kinds, name)
        if definition is not None:
            self.add(place, definition)
        for other in self._catalogue.overrides(scope, kinds, name):
            self.add(place, other)

    def all(self) -> tuple[ObjectUse, ...]:
        """Return all uses in the order in which they were noted."""
        return tuple(self._found)


def note_elsewhere(layout: Layout, catalogue: Catalogue, uses: Uses) -> None:
    """Note uses outside the security rules: other rulebases, and system settings that name addresses."""
    for scope in layout.scopes():
        for rulebase in (one for key in RULEBASES for one in scope.sections(key)):
            for part in rulebase:
                if part.key not in ("security", "default-security-rules"):
                    _other_rules(scope, part, uses)
    names = {one.name for one in catalogue.all() if one.kind in ADDRESS_KINDS}
    scopes = layout.vsys or layout.groups or [layout.shared]
    for part in layout.elsewhere if names else ():
        found = dict.fromkeys(text for text in _texts(part) if text in names)
        for text, scope in product(found, scopes):
            uses.name((f"the {part.key} settings", None), scope, ADDRESS_KINDS, text)


def _other_rules(scope: Scope, part: Node, uses: Uses) -> None:
    rules = part.at("rules")
    for rule in rules if rules is not None else ():
        place = (f"{part.key} rule {rule.key}", None)
        uses.note(place, scope, Clauses(rule))
        for text in _texts(rule):
            uses.name(place, scope, ADDRESS_KINDS, text)


def _texts(node: Node) -> Iterator[str]:
    """Yield all values below a node."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield from (word.text for word in here.words())
        stack.extend(here)


def definitions(
    catalogue: Catalogue, file: str, addresses: AddressResolver, services: ServiceResolver
) -> Iterator[ObjectDefinition]:
    """Yield every object that the configuration defines, with its members and what it stands for."""
    for one in catalogue.all():
        content: Addresses | Services | None = None
        members: list[Word] = []
        if one.kind in ADDRESS_KINDS:
            content = addresses.content(one)
            members = addresses.members(one) or []
        elif one.kind in SERVICE_KINDS:
            content = services.content(one)
            members = services.members(one) or []
        elif one.kind == "application-group":
            below = one.node.at("members")
            members = (below if below is not None else one.node).words()
        label = catalogue.label(one)
        origin = Origin(file, one.node.line, show(f"{one.kind} {one.name}"))
        yield ObjectDefinition(label, one.kind, origin, tuple(_member_labels(catalogue, one, members)), content)


def _member_labels(catalogue: Catalogue, group: Definition, members: list[Word]) -> Iterator[str]:
    for word in members:
        found = catalogue.find(group.scope, _MEMBERS[group.kind], word.text)
        yield catalogue.label(found) if found is not None else word.text
