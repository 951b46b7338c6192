"""RC603: a reference leads nowhere.

What it does
    Reports a name that a rule, an object or an interface uses and that the input does not define.

Why it matters
    The export may be incomplete, or the device matches something else than the author thinks: some platforms treat an
    undefined list as permitting everything.

Example
    access-list OUT extended permit ip object-group NO_SUCH_GROUP any

What to do
    Export the whole configuration. If the name is missing on the device too, define it or remove the reference.

Source
    The configuration guides of the platforms.
"""

CODE = "RC603"
KIND = "reference"
