"""The HTML report: one file that needs no network, no server and no script to be read."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports import words
from reports.facts import line_words, plan_batches, plan_sentence, rule_lines
from reports.html.view import DIAGNOSTICS_SHOWN, OBSERVATIONS_SHOWN, page
from reports.observed import observation_groups, sources, subject_words
from reports.visible import encodable, visible, visible_lines
from rulecheck.model.finding import Report

if TYPE_CHECKING:
    from jinja2 import Environment


def render(report: Report) -> str:
    """Return ``report`` as one HTML document that loads nothing from anywhere.

    Its content security policy forbids every request and every script but its own, by digest. Texts from
    configurations are escaped for HTML and made visible (see :mod:`reports.visible`).
    """
    script = _resource("report.js")
    template = _environment().get_template("report.html.j2")
    text = template.render(
        page=page(report),
        style=Markup(_resource("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_digest=b64encode(sha256(script.encode()).digest()).decode(),
    )
    return encodable(text.rstrip("\n")) + "\n"


def _resource(name: str) -> str:
    return files("reports.html").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("reports.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "v": visible,
        "block": lambda text: "\n".join(visible_lines(text)),
        "percent": words.percent,
        "number": words.number,
        "counted": words.counted,
        "platform": words.platform_name,
        "ref": words.rule_number,
        "refs": words.rule_numbers,
        "line_words": line_words,
    }
    environment.globals |= {
        "DIAGNOSTICS_SHOWN": DIAGNOSTICS_SHOWN,
        "KINDS": words.KINDS,
        "OBSERVATIONS_SHOWN": OBSERVATIONS_SHOWN,
        "observation_groups": observation_groups,
        "sources": sources,
        "subject_words": subject_words,
        "NOTES": words.NOTES,
        "is_note": words.is_note,
        "part_words": words.part_words,
        "plan_batches": plan_batches,
        "plan_sentence": plan_sentence,
        "reason_words": words.reason_words,
        "removal_class": words.removal_class,
        "removal_words": words.removal_words,
        "rule_lines": rule_lines,
        "witness_pairs": words.witness_pairs,
    }
    return environment
