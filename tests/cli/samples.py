"""Small configurations for tests of the command line."""

IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 192.0.2.8/32 -p tcp -m tcp --dport 22 -j DROP
COMMIT
"""
"""One covered and one shadowed rule."""

ASA = """\
ASA Version 9.16(4)
!
hostname edge
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
!
object-group network SERVERS
 network-object host 198.51.100.10
 network-object host 198.51.100.11
access-list OUTSIDE extended permit tcp any4 object-group SERVERS eq https
access-list OUTSIDE extended permit tcp any4 host 198.51.100.10 eq https
access-list OUTSIDE extended deny ip any4 any4
access-group OUTSIDE in interface outside
: end
"""
"""One covered rule."""

ASA_CYCLE = ASA.replace(
    "access-list OUTSIDE extended permit tcp any4 object-group SERVERS eq https\n",
    "object-group network ONE\n group-object TWO\n"
    "object-group network TWO\n group-object ONE\n"
    "access-list OUTSIDE extended permit tcp any4 object-group ONE eq https\n",
)
"""Two object groups that contain each other."""

IPTABLES_TRUNCATED = IPTABLES.removesuffix("COMMIT\n")
"""The save ended before its COMMIT."""

IPTABLES_ODD = IPTABLES.replace("COMMIT", "-A INPUT -m frobnicate --level 9 -j ACCEPT\nCOMMIT")
"""A match that no parser knows: it can change verdicts."""
