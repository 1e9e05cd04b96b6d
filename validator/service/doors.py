"""The four doors: compile a request to a program, count calls into a profile, merge profiles, build a report.

    compile_program(request) -> Program            profile(source, program, limits) -> Profile
    merge(profiles, program, limits) -> Profile    build_report(profile, program, request) -> Report

The middle two may run anywhere, in parts: merged profiles give the same report as one reading of everything.
(The last is not called `report`, since that is the name of a package.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.program import Program
from validator.engine.count.profile import Profile
from validator.engine.judge.judge import judge_of
from validator.engine.lint import Lint
from validator.errors import UsageError
from validator.input.stop import Stop
from validator.model import Limits
from validator.report import assess
from validator.service.compile_use_case import compile_use_case
from validator.service.own_plans import locator, plans_of
from validator.service.sources import FileRange, Paths, Source, source_of
from validator.workers.sequential import Progress, no_progress, read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.engine.scan.observer import Observer
    from validator.report import Report
    from validator.service.request import CheckRequest
    from validator.workers.error_limit import ErrorLimit


def compile_program(request: CheckRequest) -> Program:
    """Compiles all plans of a request together.

    Returns:
        The program: plain data, which pickles.

    Raises:
        PlanError: A rule uses something that cannot be checked.
    """
    own = plans_of(request.own_plans)
    policy = request.policy
    return Program(
        [*(compile_use_case(use_case, request.names) for use_case in request.active), *own],
        own={plan.id for plan in own},
        unplanned=request.unplanned,
        lint=Lint(policy.on, naming=policy.naming),
        selection=request.selection,
        evidence=request.evidence,
        locate=locator(request.own_plans),
        weigh=policy.severity,
    )


def profile(
    source: Source,
    program: Program,
    limits: Limits | None = None,
    *,
    jobs: int = 1,
    observer: Observer | None = None,
    stop: Stop | None = None,
    warn: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
    error_limit: ErrorLimit | None = None,
) -> Profile:
    """Counts how the calls of a source deviate from a program.

    Args:
        source: Paths of files, pipes or devices (`-` is standard input), read in this order; one `FileRange`; or a
            `ByteStream`. Directories and globs are expanded by the command.
        program: The compiled plans.
        limits: What bounds memory; the defaults if None.
        jobs: How many processes read paths. More than one are forked; a process with threads reads alone.
        observer: Sees each line, in order, in this process.
        stop: Lets a signal handler end the reading; the input is incomplete then.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the bytes read (as stored on disk), the calls counted (a batch as one), and
            the number of malformed lines.
        error_limit: Ends the reading after too many errors; the input is incomplete then.

    Returns:
        The profile. Bad input is in it as faults; nothing is raised for it.

    Raises:
        UsageError: The file cannot be read in ranges, such as a compressed one.
    """
    found, limits, stop = source_of(source), limits or Limits(), stop or Stop()
    if observer and program.selection.narrow:
        raise UsageError("an observer sees all calls, so none may be left out: select them afterwards")
    if isinstance(found, FileRange):
        if observer or error_limit:
            raise UsageError("a range of a file is read without an observer or a limit of errors")
        return found.profile(program, limits, stop)
    if isinstance(found, Paths) and observer is None and jobs > 1:
        from validator.workers.parallel import read_in_parallel  # noqa: PLC0415 - only for much input

        return read_in_parallel(
            found.paths, program, jobs=jobs, limits=limits, stop=stop, warn=warn, progress=progress, limit=error_limit
        )
    return read_inputs(
        found.names,
        program,
        limits=limits,
        stop=stop,
        open_input=found.open,
        warn=warn,
        progress=progress,
        observer=observer,
        limit=error_limit,
    )


def merge(profiles: Iterable[Profile], program: Program, limits: Limits | None = None) -> Profile:
    """Adds profiles of one program, in the order of their inputs.

    A profile of a range that follows the range before it continues that input: its line numbers go on.
    Merging merged profiles gives the same as merging all at once.

    Args:
        profiles: The profiles; they are not changed.
        program: The program that they were made with.
        limits: The limits that they were made with; the defaults if None.
    """
    if program.selection.limit is not None:
        raise UsageError(
            "which calls are the first shows only where all are read in order, so profiles cannot be merged"
        )
    limits = limits or Limits()
    total = Profile(max_places=limits.places)
    judge = judge_of(program)
    for part in profiles:
        total.append(part)
        if total.is_large(limits):
            total.bound(limits, program, judge)
    total.bound(limits, program, judge)
    return total


def build_report(profile: Profile, program: Program, request: CheckRequest, *, partial: bool = False) -> Report:
    """Builds the report of a profile on the plans of a request.

    Args:
        profile: The profile.
        program: The program that it was made with.
        request: The request that the program was compiled from.
        partial: Whether any input could not be read.
    """
    return assess(
        profile,
        program,
        request.active,
        partial=partial,
        goals=request.goal_names,
        policy=request.policy,
        names=request.names,
    )
