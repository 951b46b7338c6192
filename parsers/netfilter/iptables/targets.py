"""Targets: what a rule does with a packet, as data and as outcomes.

Sources: iptables-extensions(8); the return values of net/netfilter/xt_*.c tell which targets end a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What becomes of the packet at a target."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    RETURN = "return"
    TRANSLATE = "translate"
    """Rewrites an address and ends the list."""
    OTHER = "other"
    """Ends the list in another way."""
    LOG = "log"
    """Writes a log entry and goes on."""
    NOTE = "note"
    """Changes or counts something and goes on."""
    UNSURE = "unsure"
    """Ends the list for some packets and goes on with others, or changes what later rules see."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target: number of values of each option, effect, and the packet properties that it changes."""

    options: dict[str, int]
    effect: Effect
    changes: frozenset[str] = frozenset()


def _target(effect: Effect, options: str = "", *changes: str) -> Target:
    found: dict[str, int] = {}
    for word in options.split():
        name, _, count = word.partition("=")
        found[name] = int(count or 0)
    return Target(found, effect, frozenset(changes))


_NAT = "--random --random-fully --persistent --to=1"
_MARK = "--set-xmark=1 --set-mark=1 --and-mark=1 --or-mark=1 --xor-mark=1"
_NFLOG = "--nflog-group=1 --nflog-prefix=1 --nflog-range=1 --nflog-size=1 --nflog-threshold=1"
_QUEUE = "--queue-num=1 --queue-balance=1 --queue-bypass --queue-cpu-fanout"

TARGETS: dict[str, Target] = {
    "ACCEPT": _target(Effect.ACCEPT),
    "DROP": _target(Effect.DROP),
    "RETURN": _target(Effect.RETURN),
    "REJECT": _target(Effect.REJECT, "--reject-with=1"),
    "SNAT": _target(Effect.TRANSLATE, f"--to-source=1 {_NAT}"),
    "DNAT": _target(Effect.TRANSLATE, f"--to-destination=1 {_NAT}"),
    "MASQUERADE": _target(Effect.TRANSLATE, f"--to-ports=1 {_NAT}"),
    "REDIRECT": _target(Effect.TRANSLATE, f"--to-ports=1 {_NAT}"),
    "NETMAP": _target(Effect.TRANSLATE, _NAT),
    "SAME": _target(Effect.TRANSLATE, f"--nodst {_NAT}"),
    "RAWSNAT": _target(Effect.TRANSLATE, "--to-source=1"),
    "RAWDNAT": _target(Effect.TRANSLATE, "--to-destination=1"),
    "QUEUE": _target(Effect.OTHER),
    "NFQUEUE": _target(Effect.OTHER, _QUEUE),
    "TARPIT": _target(Effect.OTHER, "--tarpit --honeypot --reset"),
    "DELUDE": _target(Effect.OTHER),
    "TPROXY": _target(Effect.UNSURE, "--on-port=1 --on-ip=1 --tproxy-mark=1", "mark"),
    "SYNPROXY": _target(Effect.UNSURE, "--mss=1 --wscale=1 --sack-perm --timestamp --ecn"),
    "CLUSTERIP": _target(
        Effect.UNSURE,
        "--new --hashmode=1 --clustermac=1 --total-nodes=1 --local-node=1 --hash-init=1",
    ),
    "DNPT": _target(Effect.UNSURE, "--src-pfx=1 --dst-pfx=1"),
    "SNPT": _target(Effect.UNSURE, "--src-pfx=1 --dst-pfx=1"),
    "LOG": _target(
        Effect.LOG,
        "--log-level=1 --log-prefix=1 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode",
    ),
    "NFLOG": _target(Effect.LOG, _NFLOG),
    "ULOG": _target(Effect.LOG, "--ulog-nlgroup=1 --ulog-prefix=1 --ulog-cprange=1 --ulog-qthreshold=1"),
    "AUDIT": _target(Effect.LOG, "--type=1"),
    "TRACE": _target(Effect.LOG),
    "MARK": _target(Effect.NOTE, _MARK, "mark"),
    "CONNMARK": _target(
        Effect.NOTE,
        f"{_MARK} --save-mark --restore-mark --nfmask=1 --ctmask=1 --mask=1 --left-shift-mark=1 --right-shift-mark=1",
        "mark",
    ),
    "HMARK": _target(
        Effect.NOTE,
        "--hmark-tuple=1 --hmark-mod=1 --hmark-offset=1 --hmark-src-prefix=1 --hmark-dst-prefix=1"
        " --hmark-sport-mask=1 --hmark-dport-mask=1 --hmark-spi-mask=1 --hmark-proto-mask=1 --hmark-rnd=1",
        "mark",
    ),
    "SECMARK": _target(Effect.NOTE, "--selctx=1"),
    "CONNSECMARK": _target(Effect.NOTE, "--save --restore"),
    "CT": _target(
        Effect.NOTE,
        "--notrack --helper=1 --ctevents=1 --expevents=1 --zone=1 --zone-orig=1 --zone-reply=1 --timeout=1",
        "track",
    ),
    "NOTRACK": _target(Effect.NOTE, "", "track"),
    "TCPMSS": _target(Effect.NOTE, "--set-mss=1 --clamp-mss-to-pmtu", "mss"),
    "TCPOPTSTRIP": _target(Effect.NOTE, "--strip-options=1", "tcp-option"),
    "TOS": _target(Effect.NOTE, "--set-tos=1 --and-tos=1 --or-tos=1 --xor-tos=1", "tos"),
    "DSCP": _target(Effect.NOTE, "--set-dscp=1 --set-dscp-class=1", "tos"),
    "ECN": _target(Effect.NOTE, "--ecn-tcp-remove", "tos", "tcp-flags"),
    "TTL": _target(Effect.NOTE, "--ttl-set=1 --ttl-dec=1 --ttl-inc=1", "ttl"),
    "HL": _target(Effect.NOTE, "--hl-set=1 --hl-dec=1 --hl-inc=1", "ttl"),
    "CLASSIFY": _target(Effect.NOTE, "--set-class=1"),
    "CHECKSUM": _target(Effect.NOTE, "--checksum-fill"),
    "SET": _target(
        Effect.NOTE,
        "--add-set=2 --del-set=2 --map-set=2 --timeout=1 --exist --map-mark --map-prio --map-queue",
        "set",
        "mark",
    ),
    "TEE": _target(Effect.NOTE, "--gateway=1 --oif=1"),
    "RATEEST": _target(Effect.NOTE, "--rateest-name=1 --rateest-interval=1 --rateest-ewmalog=1"),
    "IDLETIMER": _target(Effect.NOTE, "--timeout=1 --label=1 --alarm --send_nl_msg"),
    "LED": _target(Effect.NOTE, "--led-trigger-id=1 --led-delay=1 --led-always-blink"),
    "ACCOUNT": _target(Effect.NOTE, "--addr=1 --tname=1"),
}
"""Every target that is known, by the name given to ``-j``."""

REJECT_KINDS = {
    **dict.fromkeys(("icmp-net-unreachable", "net-unreach"), "icmp-net-unreachable"),
    **dict.fromkeys(("icmp-host-unreachable", "host-unreach"), "icmp-host-unreachable"),
    **dict.fromkeys(("icmp-proto-unreachable", "proto-unreach"), "icmp-proto-unreachable"),
    **dict.fromkeys(("icmp-port-unreachable", "port-unreach"), "icmp-port-unreachable"),
    **dict.fromkeys(("icmp-net-prohibited", "net-prohib"), "icmp-net-prohibited"),
    **dict.fromkeys(("icmp-host-prohibited", "host-prohib"), "icmp-host-prohibited"),
    **dict.fromkeys(("icmp-admin-prohibited", "admin-prohib"), "icmp-admin-prohibited"),
    **dict.fromkeys(("tcp-reset", "tcp-rst"), "tcp-reset"),
}
"""``--reject-with`` of iptables: every spelling → the canonical one."""

REJECT_KINDS6 = {
    **dict.fromkeys(("icmp6-no-route", "no-route"), "icmp6-no-route"),
    **dict.fromkeys(("icmp6-adm-prohibited", "adm-prohibited"), "icmp6-adm-prohibited"),
    **dict.fromkeys(("icmp6-addr-unreachable", "addr-unreach"), "icmp6-addr-unreachable"),
    **dict.fromkeys(("icmp6-port-unreachable", "port-unreach"), "icmp6-port-unreachable"),
    **dict.fromkeys(("icmp6-policy-fail", "policy-fail"), "icmp6-policy-fail"),
    **dict.fromkeys(("icmp6-reject-route", "reject-route"), "icmp6-reject-route"),
    **dict.fromkeys(("tcp-reset", "tcp-rst"), "tcp-reset"),
}
"""``--reject-with`` of ip6tables: every spelling → the canonical one."""
