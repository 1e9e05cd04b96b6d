"""Checks calls against plans and builds the report; composed of the four doors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from validator.errors import UsageError
from validator.input.stop import Stop
from validator.model import Limits, MaxErrors
from validator.service.doors import build_report, compile_program, profile
from validator.service.request import CheckRequest
from validator.service.sources import ByteStream, Paths, source_of
from validator.workers.cores import pays, usable_cores
from validator.workers.sequential import Progress, no_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypedDict, Unpack

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.engine.count.profile_json import SavedProfile
    from validator.engine.scan.observer import Observer
    from validator.report import Report

    class CheckOptions(TypedDict, total=False):
        """The options of `run_check`."""

        limits: Limits | None
        jobs: int | None
        partial: bool
        observer: Callable[[Program], Observer] | None
        saved: Sequence[SavedProfile]
        keep: Callable[[SavedProfile], None] | None
        max_errors: MaxErrors | None
        stop: Stop | None
        warn: Callable[[str], None]
        progress: Progress


class Checked(NamedTuple):
    """The result of a check."""

    report: Report
    profile: Profile


def check_paths(paths: Iterable[str], request: CheckRequest | None = None, **options: Unpack[CheckOptions]) -> Report:
    """The report of `run_check`, which has the same options."""
    return run_check(paths, request, **options).report


def run_check(
    paths: Iterable[str],
    request: CheckRequest | None = None,
    *,
    limits: Limits | None = None,
    jobs: int | None = 1,
    partial: bool = False,
    observer: Callable[[Program], Observer] | None = None,
    saved: Sequence[SavedProfile] = (),
    keep: Callable[[SavedProfile], None] | None = None,
    max_errors: MaxErrors | None = None,
    stop: Stop | None = None,
    warn: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
) -> Checked:
    """Checks files, pipes or devices (`-` is standard input).

    Args:
        paths: What to read, in order. Directories and globs are expanded by the command.
        request: What to check against; all use cases of the catalog if None.
        limits: What bounds memory; the defaults if None.
        jobs: How many processes read; None for one per core if there is enough input. More than one are forked, so
            a program with threads should keep to one.
        partial: Whether any other input could not be read.
        observer: Makes an observer of each line, in order, with its verdicts; one process reads then.
        saved: Profiles of earlier runs, which count like inputs before the others.
        keep: Receives the profile of everything read; not called if too many errors ended the reading.
        max_errors: How many errors end the reading; what comes after the last of them counts as not read.
        stop: Lets a signal handler end the reading.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the bytes read (as stored on disk), the calls counted (a batch as one), and
            the number of malformed lines.

    Returns:
        The report, with its profile. Bad input becomes findings; nothing is raised for it.

    Raises:
        PlanError: A rule of a plan uses something that cannot be checked.
        UsageError: A saved profile was made with different options; or there is an observer, which sees all calls, but
            only some calls are judged.
    """
    request, limits, stop = request or CheckRequest(), limits or Limits(), stop or Stop()
    _refuse_contradictions(request, max_errors, observed=observer is not None or request.evidence is not None)
    program = compile_program(request)
    kept_profiles = None
    if saved or keep:
        from validator.service.saved_profiles import SavedProfiles  # noqa: PLC0415 - rarely needed

        kept_profiles = SavedProfiles(program, request.policy, limits, saved)
    source = source_of(paths)
    if not isinstance(source, Paths):
        raise UsageError("check_paths reads paths; check_stream reads bytes, and profile reads ranges")
    error_limit = None
    if max_errors:
        from validator.workers.error_limit import ErrorLimit  # noqa: PLC0415 - few ask for it

        error_limit = ErrorLimit(max_errors)
    found = profile(
        source,
        program,
        limits,
        jobs=_jobs(jobs, source, request),
        observer=observer(program) if observer else None,
        stop=stop,
        warn=warn,
        progress=progress,
        error_limit=error_limit,
    )
    if error_limit and error_limit.ended:
        warn(error_limit.message(found))
    partial = partial or bool(stop.signal) or any(one.partial for one in saved)
    if kept_profiles:
        found = kept_profiles.total(found)
        if keep and not (error_limit and error_limit.ended):
            keep(kept_profiles.kept(found, partial=partial))
    return Checked(build_report(found, program, request, partial=partial), found)


def check_stream(
    stream: BinaryIO | bytes | Iterable[bytes],
    request: CheckRequest | None = None,
    *,
    name: str = "-",
    limits: Limits | None = None,
) -> Report:
    """Checks one stream of calls.

    Args:
        stream: A binary file, bytes, or an iterable of pieces of bytes. NDJSON, an array, pretty-printed objects or
            a batch body; compressed or not.
        request: What to check against; all use cases of the catalog if None.
        name: What the report calls the stream.
        limits: What bounds memory; the defaults if None.

    Returns:
        The report. Bad input becomes findings; nothing is raised for it.

    Raises:
        PlanError: A rule of a plan uses something that cannot be checked.
    """
    request = request or CheckRequest()
    program = compile_program(request)
    return build_report(profile(ByteStream(stream, name), program, limits), program, request)


def _refuse_contradictions(request: CheckRequest, max_errors: MaxErrors | None, *, observed: bool) -> None:
    if observed and request.selection.narrow:
        raise UsageError(
            "lines cannot be sorted, violations listed, or sources looked for while only some calls are judged"
        )
    if max_errors and request.selection.limit is not None:
        raise UsageError("--limit and --max-errors do not go together: each says where the reading ends")


def _jobs(jobs: int | None, source: Paths, request: CheckRequest) -> int:
    """The number of processes that read."""
    if request.selection.limit is not None or not hasattr(os, "fork"):
        return 1  # the first calls are only known when reading in order
    if jobs is None:
        return usable_cores() if pays(source.paths) else 1
    return jobs
