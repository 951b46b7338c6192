"""``rulecheck verify``: check a report and its certificates against the configuration."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from parsers.base import ConfigText
from parsers.reading import ReadError, read_file, read_stdin
from parsers.registry import parse
from parsers.walking import Candidate, find_inputs
from rulecheck.audit import ACCEPTED, CONFIGURATION, PLAN, REJECTED, UNCERTIFIED, UNCHECKED, Answer, audit
from rulecheck.cli.messages import say, say_error
from rulecheck.cli.output import emit
from rulecheck.model.certificate import DeviceCertificates
from rulecheck.model.device import Device
from rulecheck.model.finding import InputError

_SUFFIX = ".certificates.json"
_ALL_ACCEPTED, _NOT_ACCEPTED, _UNREADABLE = 0, 1, 2


class _UnreadableError(Exception):
    """A file cannot be used; the text is one sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class _Files:
    """A report as JSON data, its certificates by device, and the configurations by digest."""

    report: dict[str, Any]
    proofs: Mapping[str, DeviceCertificates]
    configs: Mapping[str, ConfigText]


@click.command(short_help="Check every claim of a report with an independent checker.")
@click.argument("report", metavar="REPORT")
@click.argument("configs", metavar="CONFIG...", nargs=-1, required=True)
@click.option(
    "--certificates",
    metavar="FILE",
    help=f"The certificates of the report. [default: REPORT with {_SUFFIX} in place of .json]",
)
@click.option("--allow-uncertified", is_flag=True, help="Accept claims that are listed as having no certificate.")
@click.option("--all", "everything", is_flag=True, help="List the accepted claims, too.")
def verify(
    report: str, configs: tuple[str, ...], certificates: str | None, *, allow_uncertified: bool, everything: bool
) -> int:
    """Check every claim of a report with an independent checker.

    REPORT is a JSON report, CONFIG the configurations that it is about: files, folders, or - for standard input.
    They are read anew and found by their SHA-256. A small checker that shares nothing with the analysis but the model
    and the parsers then checks each claim: findings, removal plans, and that every other rule is in force. The
    certificates come from `rulecheck analyze --certificates`. For each claim it says "accepted", "rejected" with the
    reason, or "not certified" where the certificates list it as unproven, for instance because it is too large.
    Suggestions (mergeable rules, generalizations) are counted as "not checked": it is not defined what proves them.

    \b
    Examples:
      rulecheck analyze fw1.cfg -o fw1.json --certificates fw1.certificates.json
      rulecheck verify fw1.json fw1.cfg
      rulecheck verify report.json configs/ --certificates proofs.json --all

    \b
    Exit codes:
      0  all claims are accepted
      1  a claim is rejected, or not certified (unless --allow-uncertified)
      2  wrong usage, or a file that cannot be read
    """
    try:
        files = _Files(_report(report), _proofs(report, certificates), _configs(configs))
        answers = list(_answers(files))
    except _UnreadableError as problem:
        say(str(problem))
        return _UNREADABLE
    except ReadError as problem:
        say_error(problem.error)
        return _UNREADABLE
    emit("".join(_lines(answers, everything=everything)))
    bad = {REJECTED} if allow_uncertified else {REJECTED, UNCERTIFIED}
    return _NOT_ACCEPTED if any(answer.status in bad for _, answer in answers) else _ALL_ACCEPTED


def _read(path: str, what: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise _UnreadableError(f"{path}: the {what} cannot be read: {reason}") from None


def _report(path: str) -> dict[str, Any]:
    from pydantic import ValidationError

    from reports.certificates import summary
    from reports.json_models import ReportModel

    text = _read(path, "report")
    try:
        ReportModel.model_validate_json(text)
        data: dict[str, Any] = json.loads(text)
    except ValidationError as problem:
        wrong = summary(problem)
        raise _UnreadableError(f"{path}: is no JSON report of rulecheck: {wrong}; make one with -o FILE.json") from None
    return data


def _proofs(report: str, named: str | None) -> dict[str, DeviceCertificates]:
    from reports.certificates import CertificatesError, read

    path = named if named is not None else report.removesuffix(".json") + _SUFFIX
    if named is None and not Path(path).exists():
        remedy = "name the certificates with --certificates FILE; `rulecheck analyze --certificates FILE` writes them"
        raise _UnreadableError(f"{path}: there is no such file; {remedy}")
    try:
        return {one.name: one for one in read(_read(path, "certificates"))}
    except CertificatesError as problem:
        raise _UnreadableError(f"{path}: is no certificates file of rulecheck: {problem}") from None


def _configs(paths: Sequence[str]) -> dict[str, ConfigText]:
    candidates, errors = find_inputs(paths, [])
    if errors:
        raise ReadError(errors[0].path, errors[0].line, errors[0].message, errors[0].remedy)
    found: dict[str, ConfigText] = {}
    for candidate in candidates:
        config = _config(candidate)
        if config is not None:
            found[config.sha256] = config
    return found


def _config(candidate: Candidate) -> ConfigText | None:
    """Read a configuration; a file of a folder that is none is passed over."""
    try:
        return read_stdin() if candidate.is_stdin else read_file(candidate.path)
    except ReadError:
        if candidate.folder is None:
            raise
        return None


def _answers(files: _Files) -> Iterator[tuple[str, Answer]]:
    parsed: dict[str, tuple[Device, ...]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for entry in files.report["devices"]:
        digest, place = entry["source"]["sha256"], (entry["source"]["path"], entry["source"]["sha256"])
        if digest not in files.configs:
            reason = f"no given configuration has the SHA-256 {digest}, which {entry['source']['path']} had"
            yield entry["name"], Answer("", -1, CONFIGURATION, REJECTED, reason)
            continue
        if digest not in parsed:
            parsed[digest] = _parse(files.configs[digest], entry["platform"])
        number = seen[place]
        seen[place] += 1
        if number >= len(parsed[digest]):
            reason = "the configuration has fewer devices than the report"
            yield entry["name"], Answer("", -1, CONFIGURATION, REJECTED, reason)
            continue
        proof = files.proofs.get(entry["name"])
        for answer in audit(files.report, entry, parsed[digest][number], proof):
            yield entry["name"], answer


def _parse(config: ConfigText, platform: str) -> tuple[Device, ...]:
    try:
        return parse(config, platform)
    except KeyError:
        problem = InputError(
            config.path,
            0,
            f"there is no platform {platform!r}",
            "update rulecheck, or install the plug-in that reads it",
        )
        raise ReadError(problem.path, problem.line, problem.message, problem.remedy) from None


def _lines(answers: Sequence[tuple[str, Answer]], *, everything: bool) -> Iterator[str]:
    from reports.visible import visible

    for device, answer in answers:
        if everything or answer.status in (REJECTED, UNCERTIFIED):
            reason = f": {answer.reason}" if answer.reason else ""
            yield visible(f"{answer.status}: {device}: {_claim(answer)}{reason}") + "\n"
    counts = Counter(answer.status for _, answer in answers)
    kinds = Counter(answer.kind for _, answer in answers if answer.status == ACCEPTED)
    parts = ", ".join(f"{kinds[kind]} {kind.replace('_', ' ')}" for kind in sorted(kinds))
    yield f"{counts[ACCEPTED]} accepted{f' ({parts})' if parts else ''}, {counts[REJECTED]} rejected, "
    yield f"{counts[UNCERTIFIED]} not certified"
    yield f", {counts[UNCHECKED]} not checked\n" if counts[UNCHECKED] else "\n"


def _claim(answer: Answer) -> str:
    if answer.kind == CONFIGURATION:
        return "the configuration"
    if answer.kind == PLAN:
        return f"removal plan of {answer.policy}"
    return f"{answer.policy} rule {answer.index} is {answer.kind.replace('_', ' ')}"
