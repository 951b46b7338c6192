"""The check at start-up that rulecheck's three packages are the ones that lie beside each other.

``parsers`` and ``reports`` are common names: a file or package of the same name that Python finds first
would be imported in their place.
"""

from __future__ import annotations

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
