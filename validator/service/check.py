"""The main job: inputs times plans gives a report."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from validator.catalog import Catalog
from validator.catalog.own_names import Names
from validator.engine.compile.program import Program
from validator.engine.compile.selection import Selection
from validator.engine.engine import Engine
from validator.engine.lint import Lint
from validator.errors import UsageError
from validator.input.stop import Stop
from validator.input.stream import Stream, open_stream
from validator.model import Limits, MaxErrors, Severity
from validator.report import assess
from validator.report.rule_policy import Policy
from validator.service.compile_use_case import compile_use_case
from validator.service.own_plans import locator, plans_of
from validator.workers.cores import pays, usable_cores
from validator.workers.error_limit import ErrorLimit
from validator.workers.sequential import Maker, Progress, no_progress, read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.catalog import UseCase
    from validator.engine.count.profile_json import SavedProfile
    from validator.engine.scan.observer import Observer
    from validator.plan import LoadedPlan, TrackingPlan
    from validator.report import Report


def check_paths(
    paths: Iterable[str],
    use_cases: Sequence[UseCase] | None = None,
    *,
    plans: Sequence[LoadedPlan | TrackingPlan] = (),
    unplanned: Severity | None = Severity.WARNING,
    policy: Policy | None = None,
    names: Names | None = None,
    selection: Selection | None = None,
    catalog: Catalog | None = None,
    limits: Limits | None = None,
    stop: Stop | None = None,
    jobs: int | None = 1,
    partial: bool = False,
    open_input: Callable[[str], Stream] | None = None,
    make: Maker | None = None,
    warn: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
    observer: Callable[[Program], Observer] | None = None,
    saved: Sequence[SavedProfile] = (),
    keep: Callable[[SavedProfile], None] | None = None,
    max_errors: MaxErrors | None = None,
) -> Report:
    """Checks files, pipes or devices (`-` is standard input) against use cases and tracking plans.

    Args:
        paths: What to read, in order. Directories and globs are the command's business.
        use_cases: The use cases to judge by; None for all of the catalog, or for none if there are plans.
        plans: Tracking plans to judge by too, as `read_plan` gives them.
        unplanned: How bad events and properties are that those plans do not know; None: they are ignored.
        policy: Which rules are used, and how bad what they find is; those on by default, as they say, if None.
        names: Your own names for what the use cases recommend.
        selection: Which calls are judged, and by which values counts are broken down; all, and by none, if None.
        catalog: Where use cases come from; None for the bundled one.
        limits: What bounds memory; the defaults if None.
        stop: Lets a signal handler end the reading.
        jobs: How many processes read; None for one a core where there is enough to read. More than one are forked, so
            a program with threads should keep to one.
        partial: Whether something else that should have been read was not.
        open_input: Opens one of the paths, in this process; None for the usual way.
        make: Makes an engine that does more than count, which then reads alone; None for the usual one.
        warn: Is told, in a sentence, why an input could not be read whole.
        progress: Is told again and again how far the reading is: bytes read from the inputs as they lie on disk,
            calls counted (a batch as one), and how many lines are malformed.
        observer: Makes what is shown every line, in order, with what the plans say of it; then one process reads.
        saved: Profiles of earlier runs, which count like inputs before the others.
        keep: Is given the profile of all; not if too many errors ended the reading.
        max_errors: How many errors end the reading; what comes after the last of them counts as not read.

    Returns:
        The report. Bad input is in it as findings; nothing is raised for it.

    Raises:
        PlanError: A plan file cannot be used.
        UsageError: A saved profile was made with something else; or only some calls are to be judged, and there is a
            observer or a maker, who see all.
    """
    policy, names, selection = policy or Policy(), names or Names(), selection or Selection()
    if (observer or make) and selection.narrow:
        raise UsageError(
            "lines cannot be sorted, violations listed, or sources looked for while only some calls are judged"
        )
    if max_errors and selection.limit is not None:
        raise UsageError("--limit and --max-errors do not go together: each says where the reading ends")
    program, active, goals = program_of(use_cases, plans, unplanned, catalog, policy, names, selection)
    limit = ErrorLimit(max_errors) if max_errors else None
    if selection.limit is not None:
        jobs = 1  # which calls are the first shows only in order
    paths, limits, stop = tuple(paths), limits or Limits(), stop or Stop()
    kept_profiles = None
    if saved or keep:
        from validator.service.saved_profiles import SavedProfiles  # noqa: PLC0415 - few do

        kept_profiles = SavedProfiles(program, policy, limits, saved)
    jobs = jobs if observer is None and make is None else 1
    if open_input is None and hasattr(os, "fork") and (workers := _workers(jobs, paths)) > 1:
        from validator.workers.parallel import read_in_parallel  # noqa: PLC0415 - only for much input

        profile = read_in_parallel(
            paths, program, jobs=workers, limits=limits, stop=stop, warn=warn, progress=progress, limit=limit
        )
    else:
        opening = open_input or open_stream
        shown = observer(program) if observer else None
        profile = read_inputs(
            paths,
            program,
            limits=limits,
            stop=stop,
            open_input=opening,
            warn=warn,
            progress=progress,
            observer=shown,
            make=make or Engine,
            limit=limit,
        )
    if limit and limit.ended:
        warn(limit.said(profile))
    partial = partial or bool(stop.signal) or any(one.partial for one in saved)
    if kept_profiles:
        profile = kept_profiles.total(profile)
        if keep and not (limit and limit.ended):
            keep(kept_profiles.kept(profile, partial=partial))
    return assess(
        profile,
        program,
        active,
        partial=partial,
        goals=goals,
        policy=policy,
        names=names,
    )


def program_of(
    use_cases: Sequence[UseCase] | None,
    plans: Sequence[LoadedPlan | TrackingPlan],
    unplanned: Severity | None,
    catalog: Catalog | None,
    policy: Policy | None = None,
    names: Names | None = None,
    selection: Selection | None = None,
) -> tuple[Program, tuple[UseCase, ...], dict[str, str]]:
    """The compiled plans, the use cases among them, and the names of goals."""
    policy, names = policy or Policy(), names or Names()
    active: tuple[UseCase, ...] = ()
    goals: dict[str, str] = {}
    if use_cases or (use_cases is None and not plans):
        catalog = catalog or Catalog.load()
        active = catalog.use_cases if use_cases is None else tuple(dict.fromkeys(use_cases))
        goals = {goal.slug: goal.name for goal in catalog.goals}
    own = plans_of(plans)
    program = Program(
        [*(compile_use_case(use_case, names) for use_case in active), *own],
        own={plan.id for plan in own},
        unplanned=unplanned,
        lint=Lint(policy.on, naming=policy.naming),
        selection=selection,
        locate=locator(plans),
        weigh=policy.severity,
    )
    return program, active, goals


def _workers(jobs: int | None, paths: Iterable[str]) -> int:
    if jobs is not None:
        return jobs
    return usable_cores() if pays(paths) else 1


def check_stream(
    stream: BinaryIO | bytes | Iterable[bytes],
    use_cases: Sequence[UseCase] | None = None,
    *,
    plans: Sequence[LoadedPlan | TrackingPlan] = (),
    unplanned: Severity | None = Severity.WARNING,
    policy: Policy | None = None,
    names: Names | None = None,
    selection: Selection | None = None,
    name: str = "-",
    catalog: Catalog | None = None,
    limits: Limits | None = None,
) -> Report:
    """Checks one stream of calls against use cases and tracking plans.

    Args:
        stream: A binary file, bytes, or an iterable of pieces of bytes. NDJSON, an array, pretty-printed objects or
            a batch body; gzip or not.
        use_cases: The use cases to judge by; None for all of the catalog, or for none if there are plans.
        plans: Tracking plans to judge by too, as `read_plan` gives them.
        unplanned: How bad events and properties are that those plans do not know; None: they are ignored.
        policy: Which rules are used, and how bad what they find is; those on by default, as they say, if None.
        names: Your own names for what the use cases recommend.
        selection: Which calls are judged, and by which values counts are broken down; all, and by none, if None.
        name: What the report calls the stream.
        catalog: Where use cases come from; None for the bundled one.
        limits: What bounds memory; the defaults if None.

    Returns:
        The report. Bad input is in it as findings; nothing is raised for it.
    """
    source = _Pieces(iter([stream] if isinstance(stream, bytes) else stream))
    if isinstance(stream, io.IOBase):
        source = _Pieces(iter(lambda: stream.read(1 << 16), b""))
    return check_paths(
        [name],
        use_cases,
        plans=plans,
        unplanned=unplanned,
        policy=policy,
        names=names,
        selection=selection,
        catalog=catalog,
        limits=limits,
        open_input=lambda path: Stream(path, source),
    )


class _Pieces:
    """Pieces of bytes as a source."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")  # slices of a view copy nothing

    def readinto(self, buffer: memoryview, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(bytes(piece))
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)
