"""RC601: a line was not understood.

What it does
    Reports a line of the input that is neither part of the model nor known not to matter for filtering.

Why it matters
    A line that was passed over in silence could change what the policy does. Every line is accounted for: understood,
    knowingly ignored, blank, or reported here.

Example
    frobnicate interface outside

What to do
    Check whether the line can matter for filtering. If it can, treat the verdicts on this device with care (`--strict`
    turns a line that can change a verdict into exit code 3); if not, nothing needs to be done.

Source
    docs/pipeline.md, "Parsing".
"""

CODE = "RC601"
KIND = "line"
