"""Certificates: every verdict with a proof that a small independent checker can check (docs/certificates.md)."""

from rulecheck.certificates.certify import DEFAULT_BOUNDS, certify
from rulecheck.certificates.search import Bounds

__all__ = ["DEFAULT_BOUNDS", "Bounds", "certify"]
