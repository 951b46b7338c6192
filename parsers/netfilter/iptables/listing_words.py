"""What a listing says behind the addresses of a rule, as options of ``iptables-save``.

Each pattern is what one extension of iptables prints. What none of them reads is kept as one word, which the rule
then reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rulecheck.model.fields import TCP_FLAG_NAMES


@dataclass(slots=True)
class Rest:
    """Options of matches and of the target."""

    matches: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    goto: bool = False


def quoted(text: str) -> str:
    """Return a word that may hold blanks or quotes, as ``iptables-save`` writes it."""
    if re.fullmatch(r"[\w.:/,+*-]+", text) and not text.startswith("-"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _not(mark: str | None) -> list[str]:
    return ["!"] if mark and "!" in mark else []


def _flags(text: str) -> str:
    value = int(text, 16)
    names = [name for bit, name in enumerate(TCP_FLAG_NAMES) if value >> bit & 1]
    return ",".join(names) if names else "NONE"


def _match(out: Rest, module: str, *options: str) -> None:
    out.matches += ["-m", module, *options]


def _ports(out: Rest, found: re.Match[str]) -> None:
    option = "--sport" if found[1] == "spt" else "--dport"
    out.matches += [*_not(found[2]), option, quoted(found[3])]


def _module(out: Rest, found: re.Match[str]) -> None:
    _match(out, found[1])


def _tcp_flags(out: Rest, found: re.Match[str]) -> None:
    out.matches += [*_not(found[1]), "--tcp-flags", _flags(found[2]), _flags(found[3])]


def _states(out: Rest, found: re.Match[str]) -> None:
    module, option = ("conntrack", "--ctstate") if found[2] == "ctstate" else ("state", "--state")
    _match(out, module, *_not(found[1]), option, found[3])


def _multiport(out: Rest, found: re.Match[str]) -> None:
    _match(out, "multiport", *_not(found[2]), f"--{found[1]}", quoted(found[3]))


def _icmp(out: Rest, found: re.Match[str]) -> None:
    six = "6" in (found[1] or "")
    kind = found[3] + (f"/{found[4]}" if found[4] else "")
    _match(out, "icmp6" if six else "icmp", *_not(found[2]), "--icmpv6-type" if six else "--icmp-type", kind)


def _limit(out: Rest, found: re.Match[str]) -> None:
    _match(out, "limit", "--limit", found[1], "--limit-burst", found[2])


def _comment(out: Rest, found: re.Match[str]) -> None:
    _match(out, "comment", "--comment", quoted(found[1]))


def _range(out: Rest, found: re.Match[str]) -> None:
    option = "--src-range" if found[1] == "source" else "--dst-range"
    _match(out, "iprange", *_not(found[2]), option, quoted(found[3]))


def _mac(out: Rest, found: re.Match[str]) -> None:
    _match(out, "mac", *_not(found[1]), "--mac-source", found[2])


def _ipset(out: Rest, found: re.Match[str]) -> None:
    _match(out, "set", *_not(found[1]), "--match-set", quoted(found[2]), found[3])


def _address_type(out: Rest, found: re.Match[str]) -> None:
    _match(out, "addrtype", *_not(found[2]), f"--{found[1]}-type", found[3])


def _mark(out: Rest, found: re.Match[str]) -> None:
    _match(out, found[1], *_not(found[2]), "--mark", found[3])


def _packet_type(out: Rest, found: re.Match[str]) -> None:
    _match(out, "pkttype", *_not(found[1]), "--pkt-type", found[2])


def _owner(out: Rest, found: re.Match[str]) -> None:
    _match(out, "owner", *_not(found[2]), f"--{found[1].lower()}-owner", quoted(found[3]))


def _goto(out: Rest, _: re.Match[str]) -> None:
    out.goto = True


def _target(*names: str) -> Callable[[Rest, re.Match[str]], None]:
    """Return a reader of target options; each name takes the next group that the pattern found."""

    def read(out: Rest, found: re.Match[str]) -> None:
        for name, value in zip(names, found.groups(), strict=True):
            if value:
                out.target += [name, quoted(value)]

    return read


def _bare(option: str) -> Callable[[Rest, re.Match[str]], None]:
    return lambda out, _: out.target.append(option)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Rest, re.Match[str]], None]], ...] = tuple(
    (re.compile(rf"{pattern}(?:\s+|\Z)"), read)
    for pattern, read in (
        (r"\[goto\]", _goto),
        (r"/\* (.*?) \*/", _comment),
        (r"(tcp|udp|udplite|sctp|dccp)", _module),
        (r"(spt|dpt)s?:(!?)(\S+)", _ports),
        (r"flags:(!?)0x([0-9A-Fa-f]{1,2})/0x([0-9A-Fa-f]{1,2})", _tcp_flags),
        (r"(! )?(ctstate|state) ([A-Z,]+)", _states),
        (r"multiport (sports|dports|ports)\s+(!?) ?(\S+)", _multiport),
        (r"(?:ipv6-)?(icmpv?6?) ?(!?)type (\d{1,3})(?: code (\d{1,3}))?", _icmp),
        (r"limit: avg (\S+) burst (\d+)", _limit),
        (r"(source|destination) IP range (! )?(\S+)", _range),
        (r"MAC ?(! ?)?([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})", _mac),
        (r"(! )?match-set (\S+) (\S+)", _ipset),
        (r"ADDRTYPE match (src|dst)-type (!?)([A-Z,]+)", _address_type),
        (r"(mark|connmark) match (!)?(\S+)", _mark),
        (r"PKTTYPE (!?)= (\w+)", _packet_type),
        (r"owner (UID|GID) match (!)?(\S+)", _owner),
    )
)


def _to(target: str) -> str:
    return {"SNAT": "--to-source", "DNAT": "--to-destination"}.get(target, "--to")


_TARGETS: dict[str, tuple[tuple[str, Callable[[Rest, re.Match[str]], None]], ...]] = {
    "REJECT": ((r"reject-with (\S+)", _target("--reject-with")),),
    "REDIRECT": ((r"redir ports (\S+)", _target("--to-ports")), (r"random", _bare("--random"))),
    "MASQUERADE": ((r"masq ports: (\S+)", _target("--to-ports")), (r"random", _bare("--random"))),
    "LOG": (
        (
            r"LOG(?: flags \d+)?(?: level (\S+))?(?: prefix \"(.*?)\"| prefix `(.*?)')?",
            lambda out, found: out.target.extend(
                [*(["--log-level", found[1]] if found[1] else [])]
                + (["--log-prefix", quoted(found[2] or found[3])] if found[2] or found[3] else [])
            ),
        ),
    ),
    "MARK": ((r"MARK set (0x[0-9a-f]+)", _target("--set-mark")), (r"MARK xset (\S+)", _target("--set-xmark"))),
    "TCPMSS": (
        (r"TCPMSS clamp to PMTU", _bare("--clamp-mss-to-pmtu")),
        (r"TCPMSS set (\d+)", _target("--set-mss")),
    ),
    "CT": ((r"CT notrack", _bare("--notrack")), (r"CT helper (\S+)", _target("--helper"))),
    "NFQUEUE": ((r"NFQUEUE num (\d+)", _target("--queue-num")), (r"bypass", _bare("--queue-bypass"))),
    **{
        name: (
            (r"to:(\S+)", _target(_to(name))),
            (r"random", _bare("--random")),
            (r"persistent", _bare("--persistent")),
        )
        for name in ("SNAT", "DNAT", "NETMAP")
    },
}


def options_of(text: str, target: str) -> Rest:
    """Return what stands behind the addresses as options; the rest that is not read becomes a word of its own."""
    out = Rest()
    patterns = [(re.compile(rf"{pattern}(?:\s+|\Z)"), read) for pattern, read in _TARGETS.get(target, ())]
    text = text.strip()
    while text:
        for pattern, read in (*patterns, *_PATTERNS):
            found = pattern.match(text)
            if found and found.end():
                read(out, found)
                text = text[found.end() :].lstrip()
                break
        else:
            out.matches.append(quoted(f"({text[:80]})"))
            break
    return out
