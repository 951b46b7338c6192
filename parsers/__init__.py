"""Configurations in: one folder per vendor family, a registry, and the accounting of every line."""
