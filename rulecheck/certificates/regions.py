"""Proven pieces as regions of a certificate."""

from __future__ import annotations

from collections.abc import Sequence

from rulecheck.certificates.search import Pieces
from rulecheck.certificates.walk import IMPLICIT
from rulecheck.model.certificate import DEFAULT, Place, Region


def as_regions(names: Sequence[str], pieces: Pieces) -> tuple[Region, ...]:
    """Return proven pieces as regions of a certificate, with the names of policies for their numbers."""
    return tuple(
        Region(term, tuple(DEFAULT if owner == IMPLICIT else Place(names[owner[0]], owner[1]) for owner in sorted(by)))
        for term, by in pieces
    )
