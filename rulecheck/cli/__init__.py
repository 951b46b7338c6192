"""The command line. It composes parsers, analysis and reports, and imports each only when a command needs it."""

from __future__ import annotations

import sys
from typing import NoReturn

from rulecheck.startup import misplaced_package, relax_collector

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells report it."""


def main() -> NoReturn:
    """Run the command ``rulecheck`` and end the process with its exit code."""
    problem = misplaced_package()
    if problem is not None:
        sys.stderr.write(f"rulecheck: {problem}\n")
        sys.exit(2)
    sys.exit(_run())


def _run() -> int:
    import click

    from rulecheck.cli.group import cli

    relax_collector()
    try:
        code = cli.main(prog_name="rulecheck", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        code = problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("rulecheck: interrupted\n")
        code = INTERRUPTED
    except Exception as problem:  # noqa: BLE001 - the last resort: one line instead of a traceback
        from rulecheck.cli.failure import describe

        sys.stderr.write(f"rulecheck: {describe(problem)}; please report this\n")
        code = 2
    return code if isinstance(code, int) else 0
