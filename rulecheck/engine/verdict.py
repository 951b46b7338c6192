"""What the engine says about a policy: a verdict with its evidence for every rule, and a removal plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rulecheck.model.fields import Field
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Outcome


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on the work for one question. Past them the answer is "undecided", never a hang.

    ``pieces``: parts into which one rule's packets may be cut while deciding one question. ``states``: sets of
    active rows that the recursion over axes may meet. ``work``: 64-bit words compared while deciding one question.
    ``masks``: words that the bit masks of one question may take. ``entries``: rule instances into which called
    lists may unfold from one starting point. ``rewiring``: rules looked at, over the whole device, to decide about
    rules that call or leave lists.
    """

    pieces: int = 200_000
    states: int = 40_000
    work: int = 1_000_000_000
    masks: int = 64_000_000
    entries: int = 100_000
    rewiring: int = 250_000


class LazyValues(Mapping[Field, int]):
    """The values of a packet, computed when they are first looked at: most witnesses never are."""

    __slots__ = ("_compute", "_found")

    def __init__(self, compute: Callable[[], Mapping[Field, int]]) -> None:
        self._compute = compute
        self._found: Mapping[Field, int] | None = None

    def _values(self) -> Mapping[Field, int]:
        if self._found is None:
            self._found = self._compute()
        return self._found

    def __getitem__(self, field: Field) -> int:
        return self._values()[field]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


@dataclass(frozen=True, slots=True)
class Packet:
    """One concrete packet: a value for every field, and the truth assumed for each unknown condition.

    Addresses, ports and names are encoded as :mod:`rulecheck.model.fields` says.
    """

    values: Mapping[Field, int]
    conditions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taker:
    """A rule that takes packets of another: its policy, index and outcome, and its share of them (0 to 1)."""

    policy: str
    index: int
    outcome: Outcome
    share: float


@dataclass(frozen=True, slots=True)
class Partial:
    """Packets of a rule that earlier rules with a different outcome decide, while it decides others itself.

    ``share`` is the part of the rule's packets (0 to 1, six digits) and ``witness`` one of them. ``takers`` are the
    heaviest of the rules that take them, heaviest first, and ``rules`` how many take some. ``exceptions``: each of
    the ``takers`` lies inside the rule, as an exception made before it. Where ``exact`` is False only some of many
    rules were counted: the share is at least that.
    """

    share: float
    witness: Packet
    takers: tuple[Taker, ...]
    rules: int
    exceptions: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class DeadPart:
    """A member of an operand with which the rule never decides a packet, although it decides others.

    ``operand`` is ``source``, ``destination`` or ``service``; ``text`` and ``origin`` are those of the member.
    ``takers`` are earlier rules that together take its packets first.
    """

    operand: str
    text: str
    origin: Origin
    takers: tuple[Taker, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Rules of one policy that can become one rule without changing any packet's outcome.

    ``rules`` are their indexes, rising; they differ in ``operand`` alone (``source``, ``destination``, ``service``, or
    the name of a field), and the union there is the operand of the merged rule, which stands at the place of rule
    ``at``, the first or the last of them.
    """

    rules: tuple[int, ...]
    operand: str
    at: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one rule.

    ``kind`` None: the rule is live and needed; ``witness`` is a packet that it decides. For ``SHADOWED``
    and ``COVERED``, ``takers`` is a minimal covering set of earlier rules and ``single_covers`` all earlier
    rules of the same policy that cover it alone. For ``REDUNDANT``, ``takers`` are the later rules that take
    over, ``by_default`` says that the default takes a part, and ``witness`` is a packet that the rule
    decides today. For ``UNDECIDED``, ``reason`` says why, ``suspected`` what it would be if the unknown
    conditions turned out so, ``because`` the conditions. A rule that is disabled has no verdict.
    ``ways_in`` is the number of calls that lead to the rule's list; None where evaluation starts there.

    For rules that decide packets: ``partial`` says what of the rule others decide first, ``dead_parts`` which members
    of its operands are dead, ``narrowed`` smaller sets for some of its fields with which it would decide exactly the
    same packets, and ``generalized_by`` the first later rule with a different outcome that holds all of its packets.
    """

    kind: Kind | None
    witness: Packet | None = None
    single_covers: tuple[int, ...] = ()
    takers: tuple[Taker, ...] = ()
    conflict: Taker | None = None
    duplicate_of: int | None = None
    by_default: bool = False
    reason: str | None = None
    suspected: Kind | None = None
    because: tuple[Condition, ...] = ()
    ways_in: int | None = None
    partial: Partial | None = None
    dead_parts: tuple[DeadPart, ...] = ()
    narrowed: tuple[tuple[Field, IntervalSet], ...] = ()
    generalized_by: Taker | None = None


@dataclass(frozen=True, slots=True)
class PolicyVerdicts:
    """All verdicts of one policy by rule index, and the rules that can be removed together.

    ``proven``: the policy without ``removable`` gives every packet the outcome that it has today.
    """

    policy: str
    scope: str
    verdicts: Mapping[int, Verdict]
    removable: tuple[int, ...] = ()
    proven: bool = True
    merges: tuple[Merge, ...] = ()
