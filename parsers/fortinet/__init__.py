"""Fortinet platforms."""
