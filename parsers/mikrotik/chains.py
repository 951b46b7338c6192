"""The rules of one table as policies, one for each chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.ledger import Ledger
from parsers.mikrotik.actions import action_of, changed_by
from parsers.mikrotik.draft import Draft
from parsers.mikrotik.flow import BASE_CHAINS, Chain, Flow, enabled, target, written
from parsers.mikrotik.lists import AddressLists, InterfaceLists, Place
from parsers.mikrotik.matchers import Context, fill
from parsers.mikrotik.tables import Row
from parsers.redact import redact_text
from rulecheck.model.device import ObjectDefinition, ObjectUse, Policy, Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import PERMIT, RETURN, Outcome, Rule, Schedule, Verb

_LIST_KEYS = ("src-address-list", "dst-address-list")
_INTERFACE_LIST_KEYS = ("in-interface-list", "out-interface-list")


@dataclass(slots=True)
class Built:
    """What the tables of one input became."""

    policies: list[Policy] = field(default_factory=list)
    objects: list[ObjectDefinition] = field(default_factory=list)
    uses: list[ObjectUse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stack:
    """One of the two firewalls of a router. ``writers`` are the lists that rules of any table add to."""

    family: int
    lists: AddressLists
    interfaces: InterfaceLists
    writers: frozenset[str]

    @property
    def prefix(self) -> str:
        """What stands before the names of policies and lists of IPv6."""
        return "ipv6:" if self.family == 6 else ""


class TableBuilder:
    """Builds the policies of one table. ``doubt`` is (line, message) of a command that was not understood."""

    def __init__(
        self, place: Place, ledger: Ledger, stack: Stack, table: str, flow: Flow, doubt: tuple[int, str]
    ) -> None:
        self._place = place
        self._ledger = ledger
        self._stack = stack
        self._table = table
        self._flow = flow
        self._doubt = doubt
        rows = [row for chain in flow.chains.values() for row in chain.rows]
        changed = frozenset(filter(None, (changed_by(row.values) for row in rows if enabled(row))))
        self._context = Context(stack.lists, stack.interfaces, changed)

    def build(self, built: Built) -> None:
        """Add the table's policies, objects and uses to ``built``."""
        bases = [name for name in BASE_CHAINS[self._table] if name in self._flow.chains]
        for name in (*bases, *(name for name in self._flow.chains if name not in bases)):
            chain = self._flow.chains[name]
            if name not in bases and name not in self._flow.callers:
                message = f"chain {self._name(name)[:80]} is never jumped to"
                self._ledger.report("RC608", Severity.LOW, chain.rows[0].line, message)
            rules = tuple(self._rule(chain, index, row, built) for index, row in enumerate(chain.rows))
            built.policies.append(self._policy(chain, rules))
            if name not in bases:
                called = tuple(dict.fromkeys(rule.calls for rule in rules if rule.calls))
                built.objects.append(ObjectDefinition(self._name(name), "chain", rules[0].origin, called))

    def _name(self, chain: str) -> str:
        return self._stack.prefix + ("" if self._table == "filter" else f"{self._table}/") + chain

    def _origin(self, row: Row) -> Origin:
        lines = self._place.config.lines[row.line - 1 : row.last]
        text = "".join(line.strip().removesuffix("\\") for line in lines)
        return self._place.origin(row.line, text)

    def _policy(self, chain: Chain, rules: tuple[Rule, ...]) -> Policy:
        base = chain.name in BASE_CHAINS[self._table]
        callers = tuple(f"called from {self._name(one)}" for one in self._flow.callers.get(chain.name, ()))
        stack = "ip" if self._stack.family == 4 else "ipv6"
        return Policy(
            name=self._name(chain.name),
            kind="chain",
            rules=rules,
            default=PERMIT if base else RETURN,
            families=(self._stack.family,),
            applied_to=(f"{stack} firewall {self._table} {chain.name}",) if base else callers,
            scope=f"{stack} {self._table}",
            entry=base,
            origin=self._place.origin(chain.rows[0].line),
            applied=True if base else bool(callers),
        )

    # --- rules ----------------------------------------------------------------------------------------------------

    def _rule(self, chain: Chain, index: int, row: Row, built: Built) -> Rule:
        draft = Draft(self._place, self._stack.family, row.line)
        for line, message in self._doubts(row):
            draft.unique(message, f"line {line}")
        fill(draft, row.values, self._context, dict(self._dynamic(row)))
        action = action_of(row.values, self._stack.family)
        outcome, calls = self._outcome(draft, row, action.outcome)
        on = enabled(row)
        for code, message in draft.problems:
            self._ledger.report(code, Severity.MEDIUM, row.line, message, affects_verdicts=on)
        policy = self._name(chain.name)
        built.uses.extend(ObjectUse(policy, index, kind, name) for kind, name in self._used(row))
        return Rule(
            index=index,
            origin=self._origin(row),
            match=draft.match(),
            outcome=outcome,
            calls=calls,
            enabled=on,
            disabled_because="" if on else "disabled=yes",
            schedule=Schedule("time", row.values["time"]) if row.values.get("time") else None,
            logging=action.logging,
            description=redact_text(row.values.get("comment", "")),
        )

    def _doubts(self, row: Row) -> Iterator[tuple[int, str]]:
        yield from row.doubts
        if row.line <= self._doubt[0]:
            yield self._doubt

    def _outcome(self, draft: Draft, row: Row, found: Outcome | None) -> tuple[Outcome, str | None]:
        name = row.values.get("action", "accept")
        if name == "jump":
            return self._jump(draft, row)
        if found is None:
            draft.problem("RC602", f"the action {name[:60]!r} is not known", f"action={name}")
            return Outcome(Verb.OTHER, (name[:60],)), None
        return found, None

    def _jump(self, draft: Draft, row: Row) -> tuple[Outcome, str | None]:
        called = row.values.get("jump-target", "")
        name = self._name(called)
        if called in self._flow.chains and called not in BASE_CHAINS[self._table] and id(row) not in self._flow.loops:
            return Outcome(Verb.CALL, (name,)), name
        if id(row) in self._flow.loops:
            draft.problem("RC604", f"the call of {called[:60]} closes a loop of chains", f"jump-target={called}")
        elif called in BASE_CHAINS[self._table]:
            draft.problem("RC606", f"{called[:60]} is a built-in chain", f"jump-target={called}")
        else:
            draft.problems.append(("RC603", f"chain {called[:60]!r} has no rules: packets that jump there come back"))
            return Outcome(Verb.CONTINUE, ("jump", called[:60])), None
        return Outcome(Verb.OTHER, ("jump", called[:60])), None

    def _dynamic(self, row: Row) -> Iterator[tuple[str, Condition | None]]:
        """Yield for each list of a rule the condition of members that are not in the file."""
        for key in _LIST_KEYS:
            name = row.values.get(key, "").removeprefix("!")
            if not name:
                continue
            if name in self._stack.writers:
                fresh = None if name in self._flow.before[id(row)] else False
                text = f"address-list:{name}, {self._table} {self._flow.epoch[id(row)]}"
                yield name, self._members(text, f"rules add addresses to list {name}", row, fresh=fresh)
            elif name not in self._stack.lists.lists:
                message = f"the address list {name[:60]} has no entries in this file"
                self._ledger.report("RC603", Severity.LOW, row.line, message)
                yield name, self._members(f"address-list:{name}", message, row, fresh=False)

    def _members(self, key: str, reason: str, row: Row, *, fresh: bool | None) -> Condition:
        return Condition(key, reason, self._place.origin(row.line), fresh=fresh)

    # --- objects ----------------------------------------------------------------------------------------------------

    def _used(self, row: Row) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], None] = {}
        for key in _LIST_KEYS:
            if row.values.get(key):
                found["address-list", self._stack.prefix + row.values[key].removeprefix("!")] = None
        for key in _INTERFACE_LIST_KEYS:
            if row.values.get(key):
                found["interface-list", row.values[key].removeprefix("!")] = None
        if target(row):
            found["chain", self._name(target(row))] = None
        if written(row):
            found["address-list", self._stack.prefix + written(row)] = None
        return list(found)
