"""A small configuration for the examples in the documentation of the API."""

EXAMPLE = """\
hostname edge-fw
!
object-group network WEB
 network-object host 192.0.2.10
 network-object host 192.0.2.11
object network APP
 host 192.0.2.20
!
access-list OUTSIDE_IN extended permit tcp any4 object-group WEB eq 443
access-list OUTSIDE_IN extended permit tcp any4 host 192.0.2.10 eq 443
access-list OUTSIDE_IN extended permit tcp 10.1.0.0 255.255.0.0 object APP range 8000 8100
access-list OUTSIDE_IN extended deny tcp any4 object APP
access-list OUTSIDE_IN extended permit icmp any4 any4 echo
access-list OUTSIDE_IN extended deny ip any4 any4
!
access-group OUTSIDE_IN in interface outside
"""
"""A Cisco ASA with one list of six rules; the second is covered by the first."""
