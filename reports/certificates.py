"""The certificates file, ``rulecheck.certificates/1``: written beside a JSON report, read by the checker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from reports.certificate_models import (
    BY_DEFAULT,
    SCHEMA_NAME,
    CertificateModel,
    CertificatesModel,
    DeviceModel,
    PlanModel,
    RegionModel,
    UncertifiedModel,
    WitnessModel,
)
from reports.visible import encodable
from rulecheck.model.certificate import (
    DEFAULT,
    Certificate,
    DeviceCertificates,
    Place,
    PlanCertificate,
    Region,
    Step,
    Uncertified,
)
from rulecheck.model.fields import Field
from rulecheck.model.match import Term
from rulecheck.model.notation import read as read_set
from rulecheck.model.notation import write as write_set


class CertificatesError(ValueError):
    """A text is no certificates file; the message says what is wrong with it."""


# --- writing ------------------------------------------------------------------------------------------------


def render(version: str, devices: Sequence[DeviceCertificates]) -> str:
    """Return the certificates as JSON in ASCII, one certificate, plan or claim without certificate per line."""
    head = (
        f'{{"schema": {_text(SCHEMA_NAME)}, "tool": {{"name": "rulecheck", "version": {_text(version)}}}, "devices": ['
    )
    return head + ",".join("\n" + "\n".join(_device(one)) for one in devices) + "\n]}\n"


def _device(device: DeviceCertificates) -> Iterator[str]:
    yield (f'{{"name": {_text(device.name)}, "platform": {_text(device.platform)}, "sha256": {_text(device.sha256)},')
    parts = (
        ("certificates", map(_certificate, device.certificates)),
        ("plans", map(_plan, device.plans)),
        ("uncertified", map(_uncertified, device.uncertified)),
    )
    for number, (name, values) in enumerate(parts):
        lines = ",\n".join(json.dumps(value) for value in values)
        yield f'"{name}": [' + (f"\n{lines}\n" if lines else "") + ("]," if number < len(parts) - 1 else "]}")


def _text(value: str) -> str:
    return json.dumps(encodable(value))


def _certificate(one: Certificate) -> dict[str, Any]:
    return {
        **_place(one.place),
        "line": one.line,
        "kind": one.kind,
        "finding": one.finding or None,
        "regions": _regions(one.regions),
        "witness": None if one.witness is None else _packets(one.witness),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"policy": encodable(place.policy), "rule": place.index}


def _regions(regions: Iterable[Region]) -> list[dict[str, Any]]:
    return [{**_packets(one.packets), "by": [_taker(place) for place in one.by]} for one in regions]


def _taker(place: Place) -> str | list[str | int]:
    return BY_DEFAULT if place == DEFAULT else [encodable(place.policy), place.index]


def _packets(term: Term) -> dict[str, Any]:
    sets = {name.value: write_set(name, term.sets[name]) for name in Field if name in term.sets}
    found: dict[str, Any] = {"packets": sets}
    if term.conditions:
        found["when"] = {encodable(key): holds for key, holds in sorted(term.conditions.items())}
    return found


def _plan(plan: PlanCertificate) -> dict[str, Any]:
    steps = [
        {**_place(step.place), "regions": None if step.regions is None else _regions(step.regions)}
        for step in plan.steps
    ]
    return {"policies": [encodable(name) for name in plan.policies], "steps": steps}


def _uncertified(one: Uncertified) -> dict[str, Any]:
    rule = None if one.index < 0 else one.index
    return {"policy": encodable(one.policy), "rule": rule, "kind": one.kind, "why": one.why}


# --- reading ------------------------------------------------------------------------------------------------


def read(text: str | bytes) -> tuple[DeviceCertificates, ...]:
    """Return the certificates of a file, in its order.

    Raises:
        CertificatesError: the text is no such file.
    """
    try:
        return tuple(_read_device(one) for one in CertificatesModel.model_validate_json(text).devices)
    except ValidationError as problem:
        raise CertificatesError(summary(problem)) from None
    except ValueError as problem:
        raise CertificatesError(str(problem)) from None


def summary(problem: ValidationError) -> str:
    """Return the first of the things that are wrong with a file, as a phrase."""
    first = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _read_device(device: DeviceModel) -> DeviceCertificates:
    return DeviceCertificates(
        device.name,
        device.platform,
        device.sha256,
        tuple(map(_read_certificate, device.certificates)),
        tuple(map(_read_plan, device.plans)),
        tuple(map(_read_uncertified, device.uncertified)),
    )


def _read_certificate(one: CertificateModel) -> Certificate:
    return Certificate(
        Place(one.policy, one.rule),
        one.line,
        one.kind,
        one.finding or "",
        _read_regions(one.regions),
        None if one.witness is None else _read_packets(one.witness),
    )


def _read_regions(regions: Iterable[RegionModel]) -> tuple[Region, ...]:
    return tuple(Region(_read_packets(one), tuple(_read_taker(taker) for taker in one.by)) for one in regions)


def _read_taker(taker: str | tuple[str, int]) -> Place:
    return DEFAULT if isinstance(taker, str) else Place(*taker)


def _read_packets(one: RegionModel | WitnessModel) -> Term:
    truths: Mapping[str, bool] = one.when
    return Term({name: read_set(name, items) for name, items in one.packets.items()}, dict(truths))


def _read_plan(plan: PlanModel) -> PlanCertificate:
    steps = (
        Step(Place(one.policy, one.rule), None if one.regions is None else _read_regions(one.regions))
        for one in plan.steps
    )
    return PlanCertificate(tuple(plan.policies), tuple(steps))


def _read_uncertified(one: UncertifiedModel) -> Uncertified:
    return Uncertified(one.policy, -1 if one.rule is None else one.rule, one.kind, one.why)
