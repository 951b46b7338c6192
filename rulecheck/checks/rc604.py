"""RC604: references form a cycle.

What it does
    Reports groups or lists that contain each other.

Why it matters
    Such a group has no defined members. What takes part in the cycle is left out, and rules that use it are inexact.

Example
    object-group network A / group-object B / object-group network B / group-object A

What to do
    Remove one of the references.

Source
    The configuration guides of the platforms; devices refuse such a configuration.
"""

CODE = "RC604"
KIND = "cycle"
