"""RC602: a clause of a rule was not understood.

What it does
    Reports a clause that is not modelled exactly. Its rule matches, as far as the analysis goes, at most what the other
    clauses say and perhaps nothing: it covers no other rule, and it is called dead only if all that it may match is.

Why it matters
    Guessing what an unknown clause means would turn into wrong findings.

Example
    -A INPUT -m newmodule --frob 3 -j ACCEPT

What to do
    Read the rule by hand. Verdicts that depend on the clause are reported as undecided (RC100).

Source
    docs/pipeline.md, "Parsing".
"""

CODE = "RC602"
KIND = "clause"
