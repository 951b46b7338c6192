"""rulecheck: exact firewall rule set analysis that never leaves your network."""

__version__ = "0.1.0"
