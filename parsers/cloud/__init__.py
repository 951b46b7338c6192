"""Firewalls of the public clouds: exports in JSON."""
