"""RC608: a list is never used.

What it does
    Reports a list of rules that is defined and to which nothing leads. It is analysed on its own.

Why it matters
    Its rules filter nothing, although they look as if they did.

Example
    :OLD_RULES - [0:0]   without any -j OLD_RULES

What to do
    Delete the list, or add the call that was forgotten.

Source
    The configuration guides of the platforms.
"""

CODE = "RC608"
KIND = "unused"
