"""Checks by keywords: what a request says, and how calls are read, in one call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator import CheckRequest, TrackingPlan, render_json
from validator.input.stop import Stop
from validator.service import check
from validator.service.doors import build_report, compile_program
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator import Program, Report, UseCase
    from validator.input.stream import Stream

_OF_REQUESTS = ("plans", "unplanned", "policy", "names", "selection", "evidence", "catalog")


NOTHING = TrackingPlan("nothing", "Nothing", ())


def request_of(use_cases: Iterable[UseCase] | None, options: dict[str, Any]) -> CheckRequest:
    """The request; its options are taken out of the others."""
    own = {name: options.pop(name) for name in _OF_REQUESTS if name in options}
    given = {name: value for name, value in own.items() if value is not None or name == "unplanned"}
    if use_cases is not None and not (use_cases or given.get("plans")):
        given |= {"plans": [NOTHING], "unplanned": None}  # else all use cases would count
    return CheckRequest(use_cases=tuple(use_cases or ()), **given)


def body(report: Report) -> dict[str, Any]:
    """The JSON form of a report."""
    found: dict[str, Any] = json.loads(render_json(report))
    return found


def check_paths(
    paths: Iterable[str],
    use_cases: Iterable[UseCase] | None = None,
    *,
    open_input: Callable[[str], Stream] | None = None,
    **options: Any,
) -> Report:
    """The report of reading paths, which may be opened in an unusual way."""
    request = request_of(use_cases, options)
    if open_input is None:
        return check.check_paths(paths, request, **options)
    program, stop = compile_program(request), options.pop("stop", None) or Stop()
    profile = read_inputs(paths, program, open_input=open_input, stop=stop, **options)
    return build_report(profile, program, request, partial=bool(stop.signal))


def check_stream(stream: Any, use_cases: Iterable[UseCase] | None = None, **options: Any) -> Report:
    """The report of a stream."""
    return check.check_stream(stream, request_of(use_cases, options), **options)


def program_of(use_cases: Iterable[UseCase] | None = None, **options: Any) -> tuple[Program, CheckRequest]:
    """The compiled plans, and what they were compiled from."""
    request = request_of(use_cases, options)
    return compile_program(request), request
