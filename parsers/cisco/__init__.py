"""Cisco platforms."""
