"""RC607: the input ends early.

What it does
    Reports an input that stops in the middle of something.

Why it matters
    The missing part may hold rules and objects, so every verdict on this device is about what is there.

Example
    *filter … without COMMIT

What to do
    Export the configuration again and completely.

Source
    The formats of the platforms.
"""

CODE = "RC607"
KIND = "truncated"
