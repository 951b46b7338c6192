"""The words that reports use: what each kind means, what other tools call it, names of platforms, numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rulecheck.model.device import Severity
from rulecheck.model.finding import Finding, Kind


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind explained: its meaning in plain words, what other tools say, and the heading of its evidence."""

    meaning: str
    elsewhere: str
    takers: str


KINDS: dict[Kind, KindWords] = {
    Kind.SHADOWED: KindWords(
        "The rule never acts: earlier rules decide all of its packets, and at least one packet differently. "
        "What the rule was written for does not happen.",
        "shadowing (FireMon, Palo Alto Networks, Al-Shaer); hidden; “hides” (Check Point)",
        "Decided by",
    ),
    Kind.COVERED: KindWords(
        "The rule never acts: earlier rules already decide all of its packets, with the same outcome.",
        "covered (AlgoSec); redundant (FireMon, Palo Alto Networks); fully shadowed and redundant (Tufin)",
        "Decided by",
    ),
    Kind.REDUNDANT: KindWords(
        "The rule acts but is not needed: without it all of its packets still get the same outcome, "
        "from later rules or from the default.",
        "backward redundancy (FireMon); redundant special case (AlgoSec); redundant (Cisco, Al-Shaer); "
        "downward redundant (Liu & Gouda)",
        "Taken over by",
    ),
    Kind.EMPTY: KindWords(
        "The rule matches no packet at all: a group is empty, or its fields contradict each other.",
        "inoperative; independently unmatchable",
        "Involved",
    ),
    Kind.PARTIALLY_SHADOWED: KindWords(
        "The rule acts, but not on all of its packets: earlier rules decide a part of them differently.",
        "correlation (Al-Shaer); partial shadowing",
        "Decided before by",
    ),
    Kind.GENERALIZATION: KindWords(
        "The rule is an exception to a later, wider rule with a different outcome. This is usually meant.",
        "generalization (Al-Shaer)",
        "Exception to",
    ),
    Kind.MERGEABLE: KindWords(
        "Rules that differ in one operand can be written as one rule. No packet changes.",
        "consolidation; mergeable",
        "Together with",
    ),
    Kind.DEAD_PART: KindWords(
        "The rule acts, but a member of its source, destination or service never matters: "
        "earlier rules decide its packets with the same outcome.",
        "",
        "Taken by",
    ),
    Kind.UNDECIDED: KindWords(
        "Something that the configuration leaves open decides whether this rule is needed. "
        "This is not a claim that it can go.",
        "",
        "Perhaps by",
    ),
}
"""Every kind of finding, in the order in which reports list them."""

_PLATFORMS = {
    "cisco_asa": "Cisco ASA",
    "cisco_ios": "Cisco IOS / IOS-XE",
    "iptables": "iptables",
    "ip6tables": "ip6tables",
}


def platform_name(platform: str) -> str:
    """Return the name under which people know a platform id."""
    return _PLATFORMS.get(platform, platform.replace("_", " "))


def number(value: int) -> str:
    """Return ``value`` with thousands separators."""
    return f"{value:,}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """Return "1 rule" or "2 rules"."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """Return a share of 0 to 1 in percent. Only all is "100%" and only nothing is "0%"."""
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def rule_number(index: int) -> str:
    """Return how reports write a rule's position (0-based, as ``rule.index`` in the JSON report)."""
    return f"#{index}"


def rule_numbers(indexes: Iterable[int]) -> str:
    """Return positions with runs of three or more shortened: "#3, #7–#12"."""
    runs: list[tuple[int, int]] = []
    for index in sorted(set(indexes)):
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return ", ".join(part for low, high in runs for part in _run(low, high))


def _run(low: int, high: int) -> tuple[str, ...]:
    if high - low >= 2:
        return (f"{rule_number(low)}–{rule_number(high)}",)
    return tuple(rule_number(index) for index in range(low, high + 1))


def removal_words(finding: Finding) -> str:
    """Return whether the rule of ``finding`` can be deleted alone, in words."""
    if finding.removable and finding.kind is Kind.SHADOWED:
        return "Deleting it changes no packet, but what it was written for stays undone: a person must decide."
    if finding.removable:
        return "Yes. Deleting this rule alone changes no packet."
    if finding.kind is Kind.UNDECIDED:
        return "Not known. Do not delete it on the strength of this report."
    if finding.kind is Kind.MERGEABLE:
        return "Only together with the change that the recommendation names."
    return "No. Not without a change to other rules or a further check."


def removal_class(finding: Finding) -> str:
    """Return "yes", "no", or "person" where deleting changes nothing but a person must decide."""
    if not finding.removable:
        return "no"
    return "person" if finding.kind is Kind.SHADOWED else "yes"


def witness_pairs(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return the example packet of ``finding`` as label and value, nothing when it has none."""
    return tuple((str(label).replace("_", " "), str(value)) for label, value in (finding.witness or {}).items())


def reason_words(finding: Finding) -> str:
    """Return the reason of ``finding`` in words, or an empty string."""
    if finding.kind is Kind.REDUNDANT and finding.reason == "default":
        return "only the policy’s default makes it redundant, no later rule does"
    return finding.reason or ""


NOTES = frozenset({Kind.PARTIALLY_SHADOWED, Kind.GENERALIZATION, Kind.MERGEABLE, Kind.DEAD_PART})
"""Kinds that say something of a rule that stays. Where they are information only, reports show them behind the rest."""


def is_note(finding: Finding) -> bool:
    """Return whether ``finding`` is information about a rule that stays."""
    return finding.kind in NOTES and finding.severity is Severity.INFO


def part_words(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return what is known of the parts of the rule of ``finding`` as label and text; nothing where it is whole."""
    found = [("Lost", f"{percent(finding.share)} of its packets")] if finding.share is not None else []
    for dead in finding.dead_parts:
        lines = ", ".join(str(cover.rule.line) for cover in dead.by)
        place = f" (line {dead.line})" if dead.line not in (0, finding.rule.line) else ""
        member = f"{dead.operand} {dead.text}{place}"
        found.append(("Dead member", f"{member}, taken by line {lines}" if lines else member))
    found.extend(("Rewrite", f"{one.operand.replace('_', ' ')} {', '.join(one.values)}") for one in finding.rewrite)
    if finding.merge is not None:
        found.append(("Merge", f"rules {rule_numbers(one.index for one in finding.merge.rules)}"))
    return tuple(found)
