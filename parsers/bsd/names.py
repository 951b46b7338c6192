"""ICMP names of pf (pf.conf(5), icmp(4) and icmp6(4) of OpenBSD and FreeBSD) and classes of interfaces."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, int]:
    words = text.split()
    return {
        name: int(number) for names, number in zip(words[::2], words[1::2], strict=True) for name in names.split("|")
    }


ICMP_TYPES = _pairs("""
echorep 0 unreach 3 squench 4 redir 5 althost 6 echoreq 8 routeradv 9 routersol 10 timex 11 paramprob 12 timereq 13
timerep 14 inforeq 15 inforep 16 maskreq 17 maskrep 18 trace 30 dataconv 31 mobredir 32 ipv6-where 33 ipv6-here 34
mobregreq 35 mobregrep 36 skip 39 photuris 40
""")

ICMP6_TYPES = _pairs("""
unreach 1 toobig 2 timex 3 paramprob 4 echoreq 128 echorep 129 groupqry|listqry 130 grouprep|listenrep 131
groupterm|listendone 132 routersol 133 routeradv 134 neighbrsol 135 neighbradv 136 redir 137 routrrenum 138
wrureq|fqdnreq|niqry 139 wrurep|fqdnrep|nirep 140 mtraceresp 200 mtrace 201
""")

ICMP_CODES = {
    3: _pairs("""net-unr 0 host-unr 1 proto-unr 2 port-unr 3 needfrag 4 srcfail 5 net-unk 6 host-unk 7 isolate 8
        net-prohib 9 host-prohib 10 net-tos 11 host-tos 12 filter-prohib 13 host-preced 14 cutoff-preced 15"""),
    5: _pairs("redir-net 0 redir-host 1 redir-tos-net 2 redir-tos-host 3"),
    9: _pairs("normal-adv 0 common-adv 16"),
    11: _pairs("transit 0 reassemb 1"),
    12: _pairs("badhead 0 optmiss 1 badlen 2"),
    40: _pairs("unknown-ind 1 auth-fail 2 decrypt-fail 3"),
}

ICMP6_CODES = {
    1: _pairs("noroute-unr 0 admin-unr 1 beyond-unr|notnbr-unr 2 addr-unr 3 port-unr 4"),
    3: _pairs("transit 0 reassemb 1"),
    4: _pairs("badhead 0 nxthdr 1"),
    137: _pairs("redironlink 0 redirrouter 1"),
}

CLASSES = frozenset((
    *("lo", "tun", "tap", "ppp", "pppoe", "wg", "vlan", "carp", "bridge", "gif", "gre", "enc", "pflog", "pfsync"),
    *("epair", "vether", "trunk", "lagg", "vxlan", "ipsec", "sec", "ng", "stf", "faith", "vport", "svlan", "pair"),
    *("eoip", "mpe", "pflow", "aggr", "tpmr", "utun"),
))  # fmt: skip
"""Drivers of interfaces that are no hardware: each names a group of all its interfaces."""
