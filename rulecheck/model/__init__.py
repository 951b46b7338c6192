"""The neutral model: what every parser produces and every analysis, check and report reads.

A leaf: it imports nothing of rulecheck outside itself.
"""
