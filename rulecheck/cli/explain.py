"""``rulecheck explain``: what a finding code means."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from rulecheck.cli.output import emit

if TYPE_CHECKING:
    from rulecheck.checks import Doc


@click.command(short_help="Say what a finding code means.")
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a finding code means, why it matters, and what to do.

    CODE is a code (RC101) or the name of a kind (shadowed). Without CODE all codes are listed.

    \b
    Examples:
      rulecheck explain
      rulecheck explain RC101
      rulecheck explain redundant
    """
    from rulecheck.checks import documentation

    docs = documentation()
    if code is None:
        emit("".join(f"{doc.code}  {doc.kind:<20} {doc.title}\n" for doc in _in_order(docs)))
    else:
        emit(_find(docs, code).text.rstrip("\n") + "\n")


def _in_order(docs: Mapping[str, Doc]) -> list[Doc]:
    return sorted(docs.values(), key=lambda doc: doc.code)


def _find(docs: Mapping[str, Doc], wanted: str) -> Doc:
    """Return the documentation of a code or kind, in any case, with spaces or hyphens for underscores.

    Raises:
        click.BadParameter: there is none.
    """
    names = {name.casefold(): doc for doc in _in_order(docs) for name in (doc.code, doc.kind) if name}
    key = wanted.strip().casefold()
    for spelling in (key, key.replace("-", "_").replace(" ", "_")):
        if spelling in names:
            return names[spelling]
    close = get_close_matches(key, names, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "`rulecheck explain` lists them all"
    raise click.BadParameter(f"there is no code or kind {wanted!r}; {hint}", param_hint="'CODE'")
