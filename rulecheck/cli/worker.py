"""One input from path to results: what runs in each worker process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.reading import ReadError, read_file, read_stdin
from parsers.registry import NotRecognisedError, parse
from parsers.walking import Candidate
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.cli.failure import describe
from rulecheck.model.finding import DeviceReport, InputError

if TYPE_CHECKING:
    from rulecheck.analysis import Analysis
    from rulecheck.graph.build import RuleGraph
    from rulecheck.model.certificate import DeviceCertificates


@dataclass(frozen=True, slots=True)
class Task:
    """An input to analyse, and the platform that the user named for it, if any.

    ``graphs`` asks for the rule graphs as well, ``certificates`` for the proofs of all verdicts: they are large, and
    most runs do not need them. ``settings`` say how checks judge.
    """

    candidate: Candidate
    platform: str | None = None
    graphs: bool = False
    certificates: bool = False
    settings: Settings = DEFAULT_SETTINGS


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one input: devices, or an error. ``recognised`` False: no parser claims the text.

    ``graphs`` are the rule graphs of the devices, ``certificates`` their certificates, in the same order, if the task
    asked for them.
    """

    candidate: Candidate
    devices: tuple[DeviceReport, ...] = ()
    error: InputError | None = None
    recognised: bool = True
    graphs: tuple[RuleGraph, ...] = ()
    certificates: tuple[DeviceCertificates, ...] = ()


def analyse(task: Task) -> Result:
    """Read, parse and analyse one input. Never raises: whatever happens, the other inputs go on."""
    candidate = task.candidate
    try:
        found = _analyses(task)
        graphs = tuple(one.graph for one in found) if task.graphs else ()
        certificates = tuple(one.certificates for one in found if one.certificates is not None)
        return Result(candidate, tuple(one.report for one in found), graphs=graphs, certificates=certificates)
    except NotRecognisedError as problem:
        return Result(candidate, error=problem.error, recognised=False)
    except ReadError as problem:
        return Result(candidate, error=problem.error)
    except MemoryError:
        return Result(candidate, error=out_of_memory(candidate.path))
    except Exception as problem:  # noqa: BLE001 - the boundary between one input and the run
        return Result(candidate, error=internal_error(candidate.path, problem))


def _analyses(task: Task) -> list[Analysis]:
    path = task.candidate.path
    config = read_stdin() if task.candidate.is_stdin else read_file(path)
    devices = parse(config, task.platform)
    if not devices:
        raise ReadError(path, 0, "the text contains no device", "export the whole configuration")
    from rulecheck.analysis import analyze_device

    return [analyze_device(device, task.settings, certificates=task.certificates) for device in devices]


def out_of_memory(path: str) -> InputError:
    """Return the error for an input whose analysis was ended for want of memory."""
    remedy = "analyse it with --jobs 1, or on a machine with more memory"
    return InputError(path, 0, "the analysis of this file ran out of memory or was killed", remedy)


def internal_error(path: str, problem: Exception) -> InputError:
    """Return the error for an input on which rulecheck itself failed."""
    return InputError(path, 0, describe(problem), "please report this with the smallest configuration that shows it")
