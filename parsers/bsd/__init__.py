"""Packet filters of the BSD family: pf, and the firewalls built on it."""
