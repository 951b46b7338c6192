"""Names in the rule table: address objects and service objects, resolved once and shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.neutral.tree import Definition
from parsers.neutral.values import addresses, is_domain, looks_like_address, named_service, service
from parsers.redact import redact_text, show
from rulecheck.model.device import Severity
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.match import Addresses, Condition, Element, Service, Services
from rulecheck.model.provenance import Origin

MAX_MEMBERS = 1_000_000
"""Members that all objects of one table may unfold to; objects beyond that stay unresolved."""

_PATH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Leaf:
    text: str
    line: int
    path: tuple[str, ...]
    cycle: bool = False
    oversized: bool = False


class Objects:
    """Resolves the values of cells. Equal cells share one operand."""

    def __init__(
        self,
        config: ConfigText,
        ledger: Ledger,
        networks: Mapping[str, Definition],
        services: Mapping[str, Definition],
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._networks = networks
        self._services = services
        self._left = MAX_MEMBERS
        self._operands: dict[tuple[str, ...], Addresses] = {}
        self._columns: dict[tuple[str, ...], Services] = {}
        self.deciding = True

    def origin(self, line: int, text: str, path: tuple[str, ...] = ()) -> Origin:
        """Return a place in the file."""
        return Origin(self._config.path, line, show(text), path)

    def operand(self, values: Sequence[str], line: int) -> Addresses:
        """Return an address operand; values that all start with ``!`` are negated together."""
        key = tuple(values)
        found = self._operands.get(key)
        if found is None:
            negated = all(value.startswith("!") for value in values) and bool(values)
            plain = [value[1:].strip() for value in values] if negated else list(values)
            leaves = [leaf for value in plain for leaf in self._leaves(value, line, self._networks)]
            elements = tuple(self._element(leaf) for leaf in leaves)
            found = Addresses(redact_text(", ".join(values)), elements, negated=negated)
            self._operands[key] = found
        return found

    def column(self, values: Sequence[str], line: int) -> Services:
        """Return a service operand."""
        key = tuple(values)
        found = self._columns.get(key)
        if found is None:
            leaves = [leaf for value in values for leaf in self._leaves(value, line, self._services)]
            parts = tuple(part for leaf in leaves for part in self._parts(leaf))
            found = self._columns[key] = Services(redact_text(", ".join(values)), parts)
        return found

    def unclear(self, code: str, line: int, problem: str, key: str = "") -> Condition:
        """Report a value that was not understood and return the condition that stands for it."""
        self._ledger.report(code, self._severity(), line, problem, affects_verdicts=self.deciding)
        return Condition(key or f"unclear:{line}:{problem}", problem, self.origin(line, problem))

    def _severity(self) -> Severity:
        return Severity.MEDIUM if self.deciding else Severity.LOW

    def _leaves(self, name: str, line: int, table: Mapping[str, Definition]) -> Iterator[_Leaf]:
        """Yield what a name stands for, inner names unfolded without recursion."""
        start = table.get(name)
        if start is None:
            yield _Leaf(name, line, ())
            return
        seen, around = {name}, {name}
        first: tuple[str, ...] = (redact_text(name),)
        waiting = [(start, first, iter(start.values))]
        while waiting:
            owner, path, values = waiting[-1]
            value = next(values, None)
            if value is None:
                waiting.pop()
                around.discard(owner.name)
                continue
            self._left -= 1
            if self._left < 0:
                yield _Leaf(name, line, (), oversized=True)
                return
            text, where = value
            inner = table.get(text)
            if inner is None:
                yield _Leaf(text, where, path)
            elif text in around:
                yield _Leaf(text, where, path, cycle=True)
            elif text not in seen:
                seen.add(text)
                around.add(text)
                deeper = (*path, redact_text(text)) if len(path) < _PATH_SHOWN else path
                waiting.append((inner, deeper, iter(inner.values)))

    def _element(self, leaf: _Leaf) -> Element:
        text, origin = redact_text(leaf.text), self.origin(leaf.line, leaf.text, leaf.path)
        values = None if leaf.cycle or leaf.oversized else addresses(leaf.text)
        if values is not None:
            return Element(text, values, origin)
        return Element(text, ADDRESS_ALL, origin, self._doubt(leaf, text, origin))

    def _doubt(self, leaf: _Leaf, text: str, origin: Origin) -> Condition:
        if leaf.cycle:
            return self.unclear("RC604", leaf.line, f"{text} contains itself", f"cycle:{text}")
        if leaf.oversized:
            return self.unclear("RC602", leaf.line, f"{text} has too many members to unfold", f"oversized:{text}")
        if leaf.text.startswith("!"):
            return self.unclear("RC606", leaf.line, f"either all values of a cell are negated or none is: {text}")
        if looks_like_address(leaf.text):
            return self.unclear("RC606", leaf.line, f"{text} is no address, prefix or range")
        if is_domain(leaf.text):
            name = leaf.text.rstrip(".").lower()
            return Condition(f"fqdn:{name}", f"the domain {name} is not resolved", origin)
        return self.unclear("RC603", leaf.line, f"{text} is neither an address nor defined here", f"undefined:{text}")

    def _parts(self, leaf: _Leaf) -> Iterator[Service]:
        origin = self.origin(leaf.line, leaf.text, leaf.path)
        texts = named_service(leaf.text) or (leaf.text,)
        found = [] if leaf.cycle or leaf.oversized else [service(text, origin) for text in texts]
        if found and all(one is not None for one in found):
            yield from (replace(one, origin=origin) for one in found if one is not None)
            return
        text = redact_text(leaf.text)
        if leaf.cycle or leaf.oversized:
            condition = self._doubt(leaf, text, origin)
        else:
            problem = f"service {text} is neither like tcp/443 nor defined here"
            condition = self.unclear("RC603", leaf.line, problem, f"undefined service:{text}")
        yield Service(text, origin, condition=condition)
