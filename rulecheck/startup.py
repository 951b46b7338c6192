"""What happens at start-up: the check that rulecheck's own packages are used, and a setting of the collector.

``parsers`` and ``reports`` are common names: a file or package of the same name that Python finds first
would be imported in their place.
"""

from __future__ import annotations

import gc
from importlib.machinery import PathFinder
from pathlib import Path

COMPANIONS = ("parsers", "reports")


def misplaced_package() -> str | None:
    """Return one sentence that names what hides a package of rulecheck, or None when all is well.

    Nothing is imported: a shadowing module does not get to run.
    """
    home = Path(__file__).resolve().parent.parent
    for name in COMPANIONS:
        spec = PathFinder.find_spec(name)
        expected = home / name / "__init__.py"
        if spec is None:
            return f"the package {name} is missing: {expected} does not exist; install firewall-rulecheck again"
        origin = spec.origin or next(iter(spec.submodule_search_locations or ()), "an unknown place")
        if Path(origin).resolve() != expected:
            return (
                f"{origin} hides rulecheck's own package {name} in {expected.parent}; "
                f"rename it, leave its folder, or take it out of PYTHONPATH (python -I -m rulecheck may help)"
            )
    return None


def relax_collector() -> None:
    """Let the garbage collector look for cycles less often.

    Models and reports are millions of objects that live to the end and have hardly any cycles; looking through
    them again and again takes a tenth of the time of a run.
    """
    gc.set_threshold(100_000, 50, 100)
