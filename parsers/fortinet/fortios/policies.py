"""The tables of one VDOM as policies and objects."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.fortinet.fortios import predefined
from parsers.fortinet.fortios.addresses import AddressBook
from parsers.fortinet.fortios.interfaces import InterfaceBook
from parsers.fortinet.fortios.operands import OperandBook
from parsers.fortinet.fortios.rules import Books, RuleReader
from parsers.fortinet.fortios.schedules import ScheduleBook
from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.sections import OBJECT_TABLES, RULE_TABLES
from parsers.fortinet.fortios.services import ServiceBook
from parsers.fortinet.fortios.specs import SPECS, Spec
from parsers.fortinet.fortios.tree import Entry, Table
from parsers.fortinet.fortios.vips import VipBook
from rulecheck.model.device import ObjectDefinition, ObjectUse, Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Constraint, Match, Services
from rulecheck.model.rule import PERMIT, Rule

_MEMBERS = ("member", "exclude-member", "mapped-addr")
_SETTINGS = "system settings"


@dataclass(slots=True)
class Built:
    """What the VDOMs of one input became."""

    policies: list[Policy] = field(default_factory=list)
    objects: list[ObjectDefinition] = field(default_factory=list)
    uses: list[ObjectUse] = field(default_factory=list)


class VdomBuilder:
    """Builds the policies and objects of one VDOM."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        settings = scope.table(_SETTINGS)
        self._settings = settings.settings if settings else None
        books = {family: AddressBook(scope, family) for family in (4, 6)}
        vips = {family: VipBook(scope, family) for family in (4, 6)}
        self._addresses, self._vips = books, vips
        central_nat = bool(self._settings and self._settings.is_on("central-nat"))
        operands = OperandBook(scope, books, vips, _ids(scope))
        interfaces = InterfaceBook(scope)
        self._books = Books(operands, ServiceBook(scope), ScheduleBook(scope), interfaces, central_nat)

    def build(self, built: Built) -> None:
        """Add everything to ``built``."""
        tables = [(path, self._scope.table(path)) for path in RULE_TABLES]
        given = [(path, table) for path, table in tables if table is not None]
        if not self._books.central_nat:
            for path, table in given:
                self._note_vips(SPECS[path], table)
        for path, table in given:
            built.policies.append(self._policy(SPECS[path], table))
        built.objects.extend(self._objects())
        built.uses.extend(self._scope.uses)
        built.uses.extend(self._outside_uses())

    # --- policies -----------------------------------------------------------------------------------------------

    def _note_vips(self, spec: Spec, table: Table) -> None:
        """Collect the addresses behind virtual IPs that rules name: those their destination can be translated to."""
        if not spec.sees_vips:
            return
        mapped = self._books.operands.mapped
        seen: set[tuple[int, str]] = set()
        found: dict[int, list[IntervalSet]] = {}
        for entry in table:
            if entry.value("status") == "disable":
                continue
            for family, keys in spec.destination.items():
                names = [name for key in keys for name in entry.words(key) if (family, name) not in seen]
                seen.update((family, name) for name in names)
                elements = self._books.operands.vip_elements(names, family, entry.line)
                found.setdefault(family, []).extend(one.values for one in elements)
        for family, sets in found.items():
            mapped[family] = IntervalSet.union_of([mapped.get(family, IntervalSet()), *sets])

    def _policy(self, spec: Spec, table: Table) -> Policy:
        name = f"{self._scope.prefix}{spec.kind}"
        reader = RuleReader(self._scope, self._books, spec, name)
        rules = tuple(reader.rule(entry, index) for index, entry in enumerate(table))
        return Policy(
            name=name,
            kind=spec.kind,
            rules=rules,
            default=spec.default,
            families=self._families(spec, table),
            applied_to=self._places(spec),
            implicit=self._implicit(len(rules)) if spec.sees_vips else (),
            scope=self._scope.name,
            origin=self._scope.origin(table.line),
            applied=self._applied(spec),
        )

    def _families(self, spec: Spec, table: Table) -> tuple[int, ...]:
        if not spec.unified:
            return tuple(spec.source)
        uses6 = any(entry.words(key) for entry in table for key in (*spec.source[6], *spec.destination[6]))
        uses6 = uses6 or any(entry.is_on("internet-service6") for entry in table)
        return (4, 6) if uses6 else (4,)

    def _places(self, spec: Spec) -> tuple[str, ...]:
        if self._applied(spec) is False:
            return ()
        traffic = "traffic to the firewall" if spec.kind.startswith("local-in") else "traffic through the firewall"
        return (f"{traffic}, vdom {self._scope.name}" if self._scope.name else traffic,)

    def _applied(self, spec: Spec) -> bool | None:
        """Return whether the VDOM uses a table at all: two of them depend on how the VDOM works."""
        if self._settings is None:
            return None if spec.kind in ("security-policy", "central-snat-map") else True
        if spec.kind == "security-policy":
            return self._settings.value("ngfw-mode") == "policy-based"
        return self._books.central_nat if spec.kind == "central-snat-map" else True

    def _implicit(self, start: int) -> tuple[Rule, ...]:
        """Return what passes without a policy: traffic inside of zones that allow it."""
        found = []
        for offset, (zone, line, members) in enumerate(self._books.interfaces.open_zones()):
            origin = self._scope.origin(line)
            text = f"zone {zone}"
            sides = (Field.IN_INTERFACE, Field.OUT_INTERFACE)
            match = Match(constraints=tuple(Constraint(side, members, text, origin) for side in sides))
            found.append(Rule(start + offset, origin, match, PERMIT, name=f"intrazone {zone}"))
        return tuple(found)

    # --- objects ------------------------------------------------------------------------------------------------

    def _objects(self) -> list[ObjectDefinition]:
        self._scope.deciding = False
        found = []
        for path in (*OBJECT_TABLES, "system zone"):
            table = self._scope.table(path)
            for entry in table or ():
                if not predefined.is_factory(path, entry.name):
                    found.append(self._object(path, entry))  # noqa: PERF401
        return found

    def _object(self, path: str, entry: Entry) -> ObjectDefinition:
        members = tuple(self._scope.prefix + word for key in _MEMBERS for word in entry.words(key))
        return ObjectDefinition(
            name=self._scope.prefix + entry.name,
            kind=path.removeprefix("firewall "),
            origin=self._scope.origin(entry.line),
            members=members,
            content=self._content(path, entry),
        )

    def _content(self, path: str, entry: Entry) -> Addresses | Services | None:
        for family, suffix in ((4, ""), (6, "6")):
            if path in (f"firewall address{suffix}", f"firewall addrgrp{suffix}"):
                return Addresses(entry.name, self._addresses[family].elements(entry.name, entry.line))
            if path in (f"firewall vip{suffix}", f"firewall vipgrp{suffix}"):
                return Addresses(entry.name, self._vips[family].elements(entry.name, entry.line))
        if path.startswith("firewall service "):
            return Services(entry.name, self._books.services.services(entry.name, entry.line))
        return None

    def _outside_uses(self) -> list[ObjectUse]:
        """Return the uses of objects in sections that are not modelled."""
        kinds: dict[str, list[str]] = {}
        for path in (*OBJECT_TABLES, "system zone"):
            for entry in self._scope.table(path) or ():
                kinds.setdefault(entry.name, []).append(path.removeprefix("firewall "))
        found: dict[ObjectUse, None] = {}
        for reference in self._scope.tree.references:
            if reference.scope not in (self._scope.name, ""):
                continue
            for name in reference.names:
                for kind in kinds.get(name, ()):
                    found[ObjectUse(reference.place, None, kind, self._scope.prefix + name)] = None
        return list(found)


def _ids(scope: Scope) -> dict[str, str]:
    """Return the names of internet services by their numbers, as far as the input has them."""
    found = {}
    for table in scope.everywhere("firewall internet-service-name"):
        for entry in table:
            found[entry.value("internet-service-id")] = entry.name
    return found
