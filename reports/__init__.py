"""Results out: one writer per format. Every writer is a pure function of :class:`rulecheck.model.finding.Report`.

The same report gives the same bytes; no writer reads the clock, the network or the environment.
"""
