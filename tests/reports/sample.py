"""A hand-built report that uses every feature of the model, and reports for special purposes."""

from __future__ import annotations

from rulecheck.model.device import Diagnostic, LineCounts, Severity, SourceFile
from rulecheck.model.finding import (
    Confidence,
    Cover,
    DeadMember,
    DeviceReport,
    Finding,
    InputError,
    Kind,
    MergedRule,
    PolicySummary,
    RemovalPlan,
    Report,
    Rewrite,
    RuleRef,
)

HOSTILE = "<script>alert(1)</script>&\"'\x1b[31m\x07\x9b2J\u202egnp.exe\u2066\u200b\udc80\nnext\tline"
"""Markup, terminal escapes, bidirectional overrides, an invisible space, a lone surrogate, a line break."""


def rule(index: int, line: int, text: str, service: str, source: str, destination: str, **more: object) -> RuleRef:
    """Return a rule of policy OUTSIDE with its fields as a parser labels them."""
    action = text.split()[3]
    defaults: dict[str, object] = {
        "policy": "OUTSIDE",
        "outcome": action,
        "fields": (("Action", action), ("Service", service), ("Source", source), ("Destination", destination)),
    }
    return RuleRef(index=index, line=line, text=text, **(defaults | more))  # type: ignore[arg-type]


_WEB_TEXT = "access-list OUTSIDE extended permit tcp any4 object-group WEB eq https"
PERMIT_WEB = rule(3, 201, _WEB_TEXT, "tcp/443", "any4", "object-group WEB")
DENY_LAB = rule(
    5,
    204,
    "access-list OUTSIDE extended deny ip object-group LAB any4",
    "ip",
    "object-group LAB",
    "any4",
    description="lab must not reach anything, ticket CHG-1182",
)
PERMIT_DMZ = rule(
    6,
    205,
    "access-list OUTSIDE extended permit tcp any4 10.20.0.0 255.255.0.0 eq https",
    "tcp/443",
    "any4",
    "10.20.0.0/16",
    name="dmz-web",
)

SHADOWED = Finding(
    id="5d41402abc4b",
    code="RC101",
    kind=Kind.SHADOWED,
    severity=Severity.HIGH,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=rule(
        17,
        231,
        "access-list OUTSIDE extended permit tcp object-group LAB host 10.20.4.8 eq https log",
        "tcp/443",
        "object-group LAB",
        "host 10.20.4.8",
        hits=0,
    ),
    message="Rule #17 never acts: rules #5 and #6 decide all of its packets first, and rule #5 denies 92.5% of them.",
    recommendation="Find out whether the lab may reach 10.20.4.8: if so, move the rule above line 204, else delete it.",
    by=(Cover(DENY_LAB, 0.925), Cover(PERMIT_DMZ, 0.075)),
    conflict=Cover(DENY_LAB, 0.925),
    witness={
        "source": "192.168.77.1",
        "destination": "10.20.4.8",
        "protocol": "tcp",
        "source_port": 1024,
        "destination_port": 443,
    },
    caveats=("The rule logs; without it these packets are not logged any more.",),
    removable=True,
    cluster=1,
)

COVERED = Finding(
    id="7d793037a076",
    code="RC102",
    kind=Kind.COVERED,
    severity=Severity.MEDIUM,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=rule(40, 260, _WEB_TEXT, "tcp/443", "any4", "object-group WEB", hits=12345),
    message="Rule #40 never acts: rule #3 permits all of its packets first.",
    recommendation="Delete line 260: rule #3 (line 201) does the same.",
    by=(Cover(PERMIT_WEB, 1.0),),
    single_covers=(3, 6),
    duplicate_of=3,
    removable=True,
    cluster=1,
)

REDUNDANT = Finding(
    id="1f0e3dad9990",
    code="RC103",
    kind=Kind.REDUNDANT,
    severity=Severity.INFO,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=rule(44, 266, "access-list OUTSIDE extended deny udp any4 any4 eq 161", "udp/161", "any4", "any4"),
    message="Rule #44 is not needed: the default denies its packets as well.",
    recommendation="Keep it if it documents an intention or counts packets; else delete line 266.",
    reason="default",
    witness={"source": "0.0.0.0", "destination": "0.0.0.0", "protocol": "udp", "destination_port": 161},
    removable=True,
)

EMPTY = Finding(
    id="98f137082a0e",
    code="RC104",
    kind=Kind.EMPTY,
    severity=Severity.CRITICAL,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=rule(
        52,
        280,
        "access-list OUTSIDE extended permit tcp object-group QUARANTINE any4",
        "tcp",
        "object-group QUARANTINE",
        "any4",
    ),
    message="Rule #52 matches no packet: object-group QUARANTINE has no members.",
    recommendation="Fill the group (line 88) or delete the rule.",
    reason="object-group QUARANTINE (line 88) is empty",
    removable=True,
)

UNDECIDED = Finding(
    id="3c59dc048e88",
    code="RC101",
    kind=Kind.UNDECIDED,
    severity=Severity.LOW,
    confidence=Confidence.UNDECIDED,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=rule(
        61,
        299,
        "access-list OUTSIDE extended permit tcp host 10.1.1.1 object CLOUD eq 8443",
        "tcp/8443",
        "host 10.1.1.1",
        "object CLOUD",
    ),
    message="Whether rule #61 is needed depends on what www.example.com resolves to.",
    recommendation="Resolve the name on the device (show fqdn) and compare with rule #6.",
    by=(Cover(PERMIT_DMZ, 0.5),),
    reason="the FQDN www.example.com (line 70) is not resolved",
    witness={"source": "10.1.1.1", "destination": "203.0.113.9", "protocol": "tcp", "destination_port": 8443},
)

_SERVERS = rule(
    60,
    290,
    "access-list OUTSIDE extended permit tcp object-group PARTNERS object-group SERVERS eq smtp",
    "tcp/25",
    "object-group PARTNERS",
    "object-group SERVERS",
)
_MORE_SERVERS = rule(
    62,
    292,
    "access-list OUTSIDE extended permit tcp object-group PARTNERS host 10.20.9.9 eq smtp",
    "tcp/25",
    "object-group PARTNERS",
    "host 10.20.9.9",
)
_DENY_SERVERS = rule(
    70, 300, "access-list OUTSIDE extended deny tcp any4 10.20.0.0 255.255.0.0", "tcp", "any4", "10.20.0.0/16"
)

PARTIAL = Finding(
    id="d67d8ab4f4c1",
    code="RC105",
    kind=Kind.PARTIALLY_SHADOWED,
    severity=Severity.LOW,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=_SERVERS,
    message="Line 290 is not in force for 34.2% of its packets: line 204 denies them.",
    recommendation="Decide which is meant.",
    by=(Cover(DENY_LAB, 0.342),),
    witness={"source": "192.168.77.1", "destination": "10.20.4.9", "protocol": "tcp", "destination_port": 25},
    share=0.342,
    dead_parts=(DeadMember("source", "192.168.77.0 255.255.255.0", 41, (Cover(DENY_LAB, 1.0),)),),
    rewrite=(Rewrite("source", ("198.51.100.0 255.255.255.0", "host 203.0.113.9")),),
)

GENERALIZATION = Finding(
    id="eccbc87e4b5c",
    code="RC106",
    kind=Kind.GENERALIZATION,
    severity=Severity.INFO,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=_SERVERS,
    message="Line 290 is an exception to line 300.",
    recommendation="Nothing is to be done if the exception is meant.",
    by=(Cover(_DENY_SERVERS, 1.0),),
)

MERGEABLE = Finding(
    id="a87ff679a2f3",
    code="RC107",
    kind=Kind.MERGEABLE,
    severity=Severity.INFO,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=_SERVERS,
    message="Lines 290 and 292 differ only in their destination and can be one rule at line 290.",
    recommendation="Write line 290 with destination 10.20.4.0 255.255.255.0, host 10.20.9.9, and delete line 292.",
    caveats=("the rules log differently: the merged rule can only log in one way",),
    merge=MergedRule(
        (_SERVERS, _MORE_SERVERS), "destination", ("10.20.4.0 255.255.255.0", "host 10.20.9.9"), _SERVERS.index
    ),
)

DEAD_PART = Finding(
    id="e4da3b7fbbce",
    code="RC108",
    kind=Kind.DEAD_PART,
    severity=Severity.INFO,
    confidence=Confidence.EXACT,
    device="edge-fw1",
    policy="OUTSIDE",
    rule=_MORE_SERVERS,
    message="A member of line 292 never matters.",
    recommendation="Take it out of line 292.",
    dead_parts=(DeadMember("source", "host 198.51.100.7", 44, (Cover(PERMIT_DMZ, 1.0),)),),
)

_CHAIN_RULE = RuleRef(
    policy="filter/SERVICES",
    index=2,
    line=31,
    text="-A SERVICES -p tcp -m tcp --dport 22 -j ACCEPT",
    outcome="permit",
    fields=(("Protocol", "tcp"), ("Destination port", "22"), ("Target", "ACCEPT")),
    hits=0,
)

_INPUT_SSH = RuleRef(
    policy="filter/INPUT",
    index=1,
    line=12,
    text="-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT",
    outcome="permit",
    fields=(
        ("In interface", "eth0"),
        ("Protocol", "tcp"),
        ("Destination port", "22"),
        ("Target", "ACCEPT"),
    ),
)


def _many_covers() -> tuple[Cover, ...]:
    rules = (
        RuleRef(
            policy="filter/SERVICES",
            index=index,
            line=29 + index,
            text=f"-A SERVICES -s 10.0.{index}.0/24 -j ACCEPT",
            outcome="permit",
            fields=(("Source", f"10.0.{index}.0/24"), ("Target", "ACCEPT")),
        )
        for index in range(3, 8)
    )
    return tuple(Cover(one, 0.2) for one in rules)


CHAIN_COVERED = Finding(
    id="6ea9ab1baa0e",
    code="RC102",
    kind=Kind.COVERED,
    severity=Severity.MEDIUM,
    confidence=Confidence.EXACT,
    device="web-01",
    policy="filter/SERVICES",
    rule=_CHAIN_RULE,
    message="Rule #2 never acts on either of the 2 ways into the chain: rule #1 of filter/INPUT accepts first.",
    recommendation="Delete line 31, or restrict line 12 if it is the wider rule that is wrong.",
    by=(Cover(_INPUT_SSH, 1.0),),
    removable=True,
    ways_in=2,
)

CHAIN_UNION = Finding(
    id="c20ad4d76fe9",
    code="RC102",
    kind=Kind.COVERED,
    severity=Severity.MEDIUM,
    confidence=Confidence.EXACT,
    device="web-01",
    policy="filter/SERVICES",
    rule=RuleRef(
        policy="filter/SERVICES",
        index=9,
        line=38,
        text="-A SERVICES -s 10.0.3.0/24,10.0.4.0/22 -j ACCEPT",
        outcome="permit",
        fields=(("Source", "10.0.3.0/24,10.0.4.0/22"), ("Target", "ACCEPT")),
        description="office networks",
    ),
    message="Rule #9 never acts: rules #3 to #7 together accept all of its packets.",
    recommendation="Delete line 38.",
    by=_many_covers(),
    ways_in=2,
)

EDGE = DeviceReport(
    name="edge-fw1",
    platform="cisco_asa",
    source=SourceFile("configs/edge-fw1.cfg", "9f86d081884c7d659a2feaa0c55ad015" * 2, LineCounts(912, 301, 18, 3)),
    policies=(
        PolicySummary("OUTSIDE", "acl", ("outside in",), 120, "deny"),
        PolicySummary("VPN_SPLIT", "acl", (), 6, "deny"),
    ),
    diagnostics=(
        Diagnostic("RC601", Severity.LOW, 77, "this line was not understood", "flow-sampler FOO"),
        Diagnostic("RC601", Severity.LOW, 78, "this line was not understood", " mode random"),
        Diagnostic(
            "RC602",
            Severity.MEDIUM,
            231,
            "the clause “security-group” is not modelled; the rule is inexact",
            "access-list OUTSIDE extended permit tcp security-group name ENG any any eq https",
            affects_verdicts=True,
        ),
        *(Diagnostic("RC606", Severity.LOW, 300 + line, f"port {65535 + line} is out of range") for line in range(7)),
    ),
    findings=(SHADOWED, COVERED, REDUNDANT, EMPTY, UNDECIDED, PARTIAL, GENERALIZATION, MERGEABLE, DEAD_PART),
    plans=(
        RemovalPlan(
            "edge-fw1", "OUTSIDE", (17, 40, 44, 52, 53, 54), proven=True, batches=((17, 40), (44,), (52, 53), (54,))
        ),
    ),
)

WEB = DeviceReport(
    name="web-01",
    platform="iptables",
    source=SourceFile("configs/web-01.rules", "60303ae22b998861bce3b28f33eec1be" * 2, LineCounts(40, 0, 6, 0)),
    policies=(
        PolicySummary("filter/INPUT", "chain", ("input",), 10, "deny"),
        PolicySummary("filter/SERVICES", "chain", (), 12, "return", ways_in=2),
    ),
    findings=(CHAIN_COVERED, CHAIN_UNION),
    plans=(
        RemovalPlan("web-01", "filter/SERVICES", (2, 9), proven=False),
        RemovalPlan("web-01", "filter/INPUT", (), proven=True),
    ),
)

FULL = Report(
    version="0.1.0",
    devices=(EDGE, WEB),
    errors=(
        InputError("configs/core.cfg", 0, "the file contains binary data", "export the configuration as text"),
        InputError("configs/old.cfg", 17, "the line is longer than 1,000,000 characters", "check the file"),
    ),
    created="2026-01-31T12:00:00+00:00",
)

CLEAN = Report(
    version="0.1.0",
    devices=(
        DeviceReport(
            "core-1",
            "cisco_ios",
            SourceFile("core-1.cfg", "0" * 64, LineCounts(10, 0, 0, 0)),
            (PolicySummary("101", "acl", ("Vlan10 in",), 8, "deny"),),
        ),
    ),
)
EMPTY_RUN = Report(version="0.1.0")


def hostile(text: str = HOSTILE) -> Report:
    """Return a report in which every string that a configuration or a path can set is ``text``."""
    ref = RuleRef(text, 1, 2, text, text, text, ((text, text),), text, 3)
    cover = Cover(RuleRef(text, 0, 1, text, text, text, ((text, text), ("Source", text))), 1.0)
    finding = Finding(
        id="c4ca4238a0b9",
        code="RC101",
        kind=Kind.SHADOWED,
        severity=Severity.HIGH,
        confidence=Confidence.EXACT,
        device=text,
        policy=text,
        rule=ref,
        message=text,
        recommendation=text,
        by=(cover,) * 2,
        single_covers=(0,),
        conflict=cover,
        reason=text,
        witness={text: text},
        caveats=(text, text),
        share=0.5,
        dead_parts=(DeadMember(text, text, 7, (cover,)),),
        rewrite=(Rewrite(text, (text, text)),),
        merge=MergedRule((ref, ref), text, (text,), 1),
    )
    device = DeviceReport(
        text,
        text,
        SourceFile(text, "0" * 64, LineCounts(1, 1, 1, 1)),
        (PolicySummary(text, text, (text,), 2, text),),
        (Diagnostic("RC601", Severity.LOW, 1, text, text, affects_verdicts=True),),
        (finding,),
        (RemovalPlan(text, text, (1,), proven=True),),
    )
    return Report("0.1.0", (device,), (InputError(text, 1, text, text),))


def many(findings: int) -> Report:
    """Return a report with that many findings, all with evidence."""
    kinds = (SHADOWED, COVERED, REDUNDANT, EMPTY, UNDECIDED)
    made = tuple(
        Finding(
            id=f"{number:012x}",
            **{name: getattr(base, name) for name in Finding.__slots__ if name != "id"},
        )
        for number, base in ((number, kinds[number % len(kinds)]) for number in range(findings))
    )
    policy = PolicySummary("OUTSIDE", "acl", ("outside in",), findings, "deny")
    device = DeviceReport("edge-fw1", "cisco_asa", EDGE.source, (policy,), (), made, EDGE.plans)
    return Report("0.1.0", (device,))
