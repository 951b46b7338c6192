"""RC606: a value is malformed or out of range.

What it does
    Reports a value that the platform would not accept: a port above 65535, a mask that is none, a range upside down.

Why it matters
    The line cannot be on a device as it stands; the file was edited, cut, or damaged on the way.

Example
    permit tcp any any eq 70000

What to do
    Compare the line with the device. Its rule is inexact until it is repaired.

Source
    The configuration guides of the platforms.
"""

CODE = "RC606"
KIND = "value"
