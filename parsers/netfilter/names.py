"""Names that netfilter tools accept for protocols, ports, ICMP types, TOS and DSCP values (data only).

Sources: /etc/protocols and /etc/services (IANA registries), and the tables in iptables' own extensions
(libipt_icmp, libip6t_icmp6, libxt_tos, libxt_dscp).
"""

from __future__ import annotations


def _pairs(text: str) -> dict[str, int]:
    """Return ``name number`` pairs; ``a|b 5`` gives two names to one number."""
    words = text.split()
    return {
        name: int(number) for names, number in zip(words[::2], words[1::2], strict=True) for name in names.split("|")
    }


def _types(text: str) -> dict[str, tuple[int, int | None]]:
    """Return ``name type[/code]`` pairs as name → (type, code or None for every code)."""
    words = text.split()
    found: dict[str, tuple[int, int | None]] = {}
    for names, value in zip(words[::2], words[1::2], strict=True):
        kind, _, code = value.partition("/")
        for name in names.split("|"):
            found[name] = (int(kind), int(code) if code else None)
    return found


PROTOCOLS = _pairs("""
icmp 1 igmp 2 ggp 3 ipencap|ipv4|ip-encap 4 st 5 tcp 6 egp 8 igp 9 pup 12 udp 17 hmp 20 xns-idp 22 rdp 27
iso-tp4 29 dccp 33 xtp 36 ddp 37 idpr-cmtp 38 ipv6 41 ipv6-route 43 ipv6-frag 44 idrp 45 rsvp 46 gre 47
esp|ipv6-crypt 50 ah|ipv6-auth 51 skip 57 ipv6-icmp|icmpv6 58 ipv6-nonxt 59 ipv6-opts 60 rspf 73 vmtp 81
eigrp 88 ospf|ospfigp 89 ax.25 93 ipip 94 etherip 97 encap 98 pim 103 ipcomp 108 vrrp 112 l2tp 115 isis 124
sctp 132 fc 133 mobility-header|ipv6-mh|mh 135 udplite 136 mpls-in-ip 137 manet 138 hip 139 shim6 140
wesp 141 rohc 142
""")
"""Protocol names by IANA number. ``all`` (every protocol) is not a protocol and not in here."""

SERVICES = _pairs("""
tcpmux 1 echo 7 discard|sink 9 systat|users 11 daytime 13 netstat 15 qotd|quote 17 chargen|ttytst 19
ftp-data 20 ftp 21 ssh 22 telnet 23 smtp|mail 25 time|timserver 37 nameserver|name 42 whois|nicname 43
tacacs 49 re-mail-ck 50 domain|dns 53 bootps 67 bootpc 68 tftp 69 gopher 70 finger 79 http|www 80
kerberos|kerberos5|krb5|kerberos-sec 88 hostnames|hostname 101 iso-tsap|tsap 102 acr-nema|dicom 104
rtelnet 107 pop2|pop-2|postoffice 109 pop3|pop-3 110 sunrpc|portmapper|rpcbind 111 auth|authentication|tap|ident 113
nntp|readnews|untp 119 ntp 123 epmap|loc-srv 135 netbios-ns 137 netbios-dgm 138 netbios-ssn 139 imap2|imap 143
snmp 161 snmp-trap|snmptrap 162 cmip-man 163 cmip-agent 164 mailq 174 xdmcp 177 bgp 179 irc 194 smux 199
qmtp 209 z3950|wais 210 ipx 213 ptp-event 319 ptp-general 320 pawserv 345 zserv 346 rpc2portmap 369
codaauth2 370 clearcase 371 ulistserv 372 ldap 389 svrloc 427 https 443 snpp 444 microsoft-ds 445 kpasswd 464
submissions|ssmtp|smtps|urd 465 saft 487 isakmp 500 rtsp 554 nqs 607 asf-rmcp 623 qmqp 628 ipp 631 ldp 646
exec 512 biff|comsat 512 login 513 who|whod 513 shell|cmd|syslog 514 printer|spooler 515 talk 517 ntalk 518
route|router|routed 520 ripng 521 gdomap 538 uucp|uucpd 540 klogin 543 kshell|krcmd 544 dhcpv6-client 546
dhcpv6-server 547 afpovertcp 548 nntps|snntp 563 submission 587 ldaps 636 tinc 655 silc 706 kerberos-adm 749
domain-s 853 rsync 873 ftps-data 989 ftps 990 telnets 992 imaps 993 pop3s 995
socks 1080 proofd 1093 rootd 1094 openvpn 1194 rmiregistry 1099 lotusnote|lotusnotes 1352 ms-sql-s 1433
ms-sql-m 1434 ingreslock 1524 datametrics|old-radius 1645 sa-msg-port|old-radacct 1646 kermit 1649
groupwise 1677 l2f|l2tp 1701 radius 1812 radius-acct|radacct 1813 cisco-sccp 2000 nfs 2049 gnunet 2086
rtcm-sc104 2101 gsigatekeeper 2119 gris 2135 cvspserver 2401 venus 2430 venus-se 2431 codasrv 2432 mon 2583
dict 2628 f5-globalsite 2792 gsiftp 2811 gpsd 2947 gds-db|gds_db 3050 icpv2|icp 3130 isns 3205 iscsi-target 3260
mysql 3306 ms-wbt-server 3389 nut 3493 distcc 3632 daap 3689 svn|subversion 3690 suucp 4031 sieve 4190 epmd 4369
remctl 4373 f5-iquery 4353 ntske 4460 ipsec-nat-t 4500 iax 4569 mtn 4691 radmin-port 4899 sip 5060 sip-tls 5061
xmpp-client|jabber-client 5222 xmpp-server|jabber-server 5269 cfengine 5308 mdns 5353 postgresql|postgres 5432
freeciv 5556 amqps 5671 amqp 5672 x11|x11-0 6000 x11-1 6001 x11-2 6002 x11-3 6003 x11-4 6004 x11-5 6005
x11-6 6006 x11-7 6007 gnutella-svc 6346 gnutella-rtr 6347 redis 6379 sge-qmaster 6444 sge-execd 6445
mysql-proxy 6446 babel 6696 ircs-u 6697 bbs 7000 afs3-fileserver 7000 afs3-callback 7001 afs3-prserver 7002
afs3-vlserver 7003 font-server|xfs 7100 http-alt|webcache 8080 puppet 8140 bacula-dir 9101 bacula-fd 9102
bacula-sd 9103 xmms2 9667 nbd 10809 zabbix-agent 10050 zabbix-trapper 10051 amanda 10080 dicom-tls 2762
hkp 11371 db-lsp 17500 dcap 22125 gsidcap 22128 wnn6 22273 asp 27374 tproxy 8081 omniorb 8088 canna 5680
sane-port|sane 6566 git 9418 vnc 5900
""")
"""Port names of /etc/services. A name stands for one port, whichever protocol it is used with."""

ICMP_TYPES = _types("""
echo-reply|pong 0 destination-unreachable 3 network-unreachable 3/0 host-unreachable 3/1
protocol-unreachable 3/2 port-unreachable 3/3 fragmentation-needed 3/4 source-route-failed 3/5
network-unknown 3/6 host-unknown 3/7 network-prohibited 3/9 host-prohibited 3/10 TOS-network-unreachable 3/11
TOS-host-unreachable 3/12 communication-prohibited 3/13 host-precedence-violation 3/14 precedence-cutoff 3/15
source-quench 4 redirect 5 network-redirect 5/0 host-redirect 5/1 TOS-network-redirect 5/2 TOS-host-redirect 5/3
echo-request|ping 8 router-advertisement 9 router-solicitation 10 time-exceeded|ttl-exceeded 11
ttl-zero-during-transit 11/0 ttl-zero-during-reassembly 11/1 parameter-problem 12 ip-header-bad 12/0
required-option-missing 12/1 timestamp-request 13 timestamp-reply 14 address-mask-request 17 address-mask-reply 18
""")
"""ICMP names (RFC 792): name → (type, code or None for every code)."""

ICMP6_TYPES = _types("""
destination-unreachable 1 no-route 1/0 communication-prohibited 1/1 beyond-scope 1/2 address-unreachable 1/3
port-unreachable 1/4 failed-policy 1/5 reject-route 1/6 packet-too-big 2 time-exceeded|ttl-exceeded 3
ttl-zero-during-transit 3/0 ttl-zero-during-reassembly 3/1 parameter-problem 4 bad-header 4/0
unknown-header-type 4/1 unknown-option 4/2 echo-request|ping 128 echo-reply|pong 129 mld-listener-query 130
mld-listener-report 131 mld-listener-done|mld-listener-reduction 132 router-solicitation 133
router-advertisement 134 neighbour-solicitation|neighbor-solicitation 135
neighbour-advertisement|neighbor-advertisement 136 redirect 137
""")
"""ICMPv6 names (RFC 4443, RFC 4861): name → (type, code or None for every code)."""

TOS_NAMES = _pairs("""
minimize-delay 16 maximize-throughput 8 maximize-reliability 4 minimize-cost 2 normal-service 0
""")
"""TOS names of RFC 1349 as values of the TOS byte; a name is tested under the mask 0x3f."""

DSCP_CLASSES = _pairs("""
CS0|BE 0 CS1 8 CS2 16 CS3 24 CS4 32 CS5 40 CS6 48 CS7 56 AF11 10 AF12 12 AF13 14 AF21 18 AF22 20 AF23 22
AF31 26 AF32 28 AF33 30 AF41 34 AF42 36 AF43 38 EF 46 VA 44 LE 1
""")
"""DSCP classes (RFC 2474, RFC 2597, RFC 3246, RFC 5865, RFC 8622) as six-bit values."""

NFT_ICMP_TYPES = _pairs("""
echo-reply 0 destination-unreachable 3 source-quench 4 redirect 5 echo-request 8 router-advertisement 9
router-solicitation 10 time-exceeded 11 parameter-problem 12 timestamp-request 13 timestamp-reply 14 info-request 15
info-reply 16 address-mask-request 17 address-mask-reply 18
""")
"""ICMP types as nft names them (nft(8), "ICMP TYPE TYPE")."""

NFT_ICMP6_TYPES = _pairs("""
destination-unreachable 1 packet-too-big 2 time-exceeded 3 parameter-problem 4 echo-request 128 echo-reply 129
mld-listener-query 130 mld-listener-report 131 mld-listener-done|mld-listener-reduction 132 nd-router-solicit 133
nd-router-advert 134 nd-neighbor-solicit 135 nd-neighbor-advert 136 nd-redirect 137 router-renumbering 138
ind-neighbor-solicit 141 ind-neighbor-advert 142 mld2-listener-report 143
""")
"""ICMPv6 types as nft names them (nft(8), "ICMPV6 TYPE TYPE")."""

NFT_ICMP_CODES = _pairs("""
net-unreachable 0 host-unreachable 1 prot-unreachable 2 port-unreachable 3 frag-needed 4 net-prohibited 9
host-prohibited 10 admin-prohibited 13
""")
"""Codes of ICMP destination-unreachable as nft names them."""

NFT_ICMP6_CODES = _pairs("""
no-route 0 admin-prohibited 1 addr-unreachable 3 port-unreachable 4 policy-fail 5 reject-route 6
""")
"""Codes of ICMPv6 destination-unreachable as nft names them."""
