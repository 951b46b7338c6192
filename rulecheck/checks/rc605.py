"""RC605: an input cannot be read or recognised.

What it does
    Reports an input that could not be analysed: no permission, binary, empty, of no known platform, or a listing that
    hides what the analysis needs. Other inputs are analysed all the same.

Why it matters
    An input that is left out in silence looks like one without findings.

Example
    rulecheck: core.dump: the file is binary, not a configuration

What to do
    Do what the message says: export the configuration as text, name the platform with `--vendor`, or leave it out.

Source
    `rulecheck parsers` lists what can be read.
"""

CODE = "RC605"
KIND = "input"
