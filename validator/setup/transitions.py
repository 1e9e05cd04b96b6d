"""The rules of the way from a goal to prod, as a state machine: each act gives a new setup, or says why not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES
from validator.errors import UsageError
from validator.setup.libraries import TOLD_BY_LIBRARY
from validator.setup.read_setup import NAME, POINTER
from validator.setup.state import Course, Destination, Env, Environment, Setup, Source
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from validator.catalog import UseCase
    from validator.setup.state import Mark, Proof

replace = msgspec.structs.replace

PUBLISHED = "published"
"""The step that is confirmed by this name; sources and destinations are by their own."""


def choose(setup: Setup, use_case: UseCase, mark: Mark) -> Setup:
    """Chooses a use case: freely until the events of the one before are reviewed, and again once that is in prod."""
    course = setup.course
    if course is None or course.prod is not None:
        if any(c.use_case == use_case.id for c in setup.courses):
            raise UsageError(f"{use_case.id} is verified in prod already; uclint checklist shows it")
        return replace(setup, courses=(*setup.courses, Course(use_case.id, mark)))
    if course.use_case == use_case.id:
        return setup
    if course.reviewed is not None:
        raise UsageError(
            f"the events of {course.use_case} are reviewed, so the use case is settled until it is in prod; "
            f"uclint init --reset says what would be lost by taking another"
        )
    return replace(setup, courses=(*setup.courses[:-1], Course(use_case.id, mark)))


def review(setup: Setup, mark: Mark) -> Setup:
    """Notes that the events of the chosen use case were reviewed."""
    course = _course(setup)
    if course.reviewed is not None:
        raise UsageError(
            f"the events of {course.use_case} were reviewed by {course.reviewed.by} on {course.reviewed.on} already"
        )
    return _with_course(setup, replace(course, reviewed=mark))


def losses(setup: Setup) -> tuple[str, ...]:
    """What a reset would lose; nothing where a reset would change nothing."""
    course = setup.course
    if course is None or course.prod is not None:
        return ()
    lost = [f"the choice of {course.use_case}, by {course.chosen.by} on {course.chosen.on}"]
    if course.reviewed:
        lost.append(f"the review of its events, by {course.reviewed.by} on {course.reviewed.on}")
    if course.dev:
        lost.append(f"the proof of {course.dev.on} that its events are right in dev ({course.dev.calls:,} calls)")
    if course.published:
        lost.append(f"that it was published to prod, by {course.published.by} on {course.published.on}")
    return tuple(lost)


def reset(setup: Setup) -> Setup:
    """Drops the use case that is under way; sources and destinations, and use cases in prod, are kept."""
    return replace(setup, courses=setup.courses[:-1]) if losses(setup) else setup


def add_source(
    setup: Setup, env: Env, name: str, kind: str, mark: Mark, when: Mapping[str, Sequence[str]] | None = None
) -> Setup:
    """Names a source of an environment.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of SOURCE_TYPES.
        mark: Who does.
        when: JSON pointers, and the texts of which each must have one in its calls.
    """
    _ready(setup, env)
    _new_name(setup, name)
    for pointer in when or {}:
        if not POINTER.fullmatch(pointer):
            raise UsageError(f"{pointer!r} is no JSON pointer such as /context/library/name")
    rule = {pointer: tuple(texts) for pointer, texts in (when or {}).items()}
    source = Source(name, _one_of(kind, SOURCE_TYPES, "source"), mark, rule)
    here = setup.env(env)
    return _with_env(setup, env, replace(here, sources={**here.sources, name: source}))


def add_destination(
    setup: Setup, env: Env, name: str, kind: str, sources: Iterable[str], integration: str, mark: Mark
) -> Setup:
    """Names a destination of an environment, and the sources that feed it.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of DESTINATION_TYPES.
        sources: Names of sources of the same environment.
        integration: What calls name it in `integrations`.
        mark: Who does.
    """
    _ready(setup, env)
    _new_name(setup, name)
    here = setup.env(env)
    fed = tuple(sources)
    for source in fed:
        if source not in here.sources:
            other = setup.env(Env.PROD if env is Env.DEV else Env.DEV)
            if source in other.sources:
                raise UsageError(f"{source} is no source of {env.value}: each environment has its own")
            near = nearest(source, list(here.sources))
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(here.sources) or 'none yet'}"
            raise UsageError(f"{env.value} has no source {source!r}; {hint}")
    destination = Destination(name, _one_of(kind, DESTINATION_TYPES, "destination"), fed, integration, mark)
    return _with_env(setup, env, replace(here, destinations={**here.destinations, name: destination}))


def confirm(setup: Setup, name: str, mark: Mark) -> Setup:
    """Marks something as done by hand that no event can prove: `published`, a source or a destination."""
    if name == PUBLISHED:
        return _publish(setup, mark)
    for env in Env:
        here = setup.env(env)
        if name in here.sources:
            source = here.sources[name]
            if source.when or source.type in TOLD_BY_LIBRARY:
                raise UsageError(
                    f"calls prove whether {name} is connected, nobody has to vouch for it: "
                    f"uclint checklist --env {env.value} PATH"
                )
            sources = {**here.sources, name: replace(source, confirmed=mark)}
            return _with_env(setup, env, replace(here, sources=sources))
        if name in here.destinations:
            destinations = {**here.destinations, name: replace(here.destinations[name], confirmed=mark)}
            return _with_env(setup, env, replace(here, destinations=destinations))
    names = [PUBLISHED, *(n for env in Env for n in (*setup.env(env).sources, *setup.env(env).destinations))]
    near = nearest(name, names)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    raise UsageError(f"nothing that could be done by hand is called {name!r}; {hint}")


def prove(
    setup: Setup, env: Env, sources: Mapping[str, Proof], destinations: Mapping[str, Proof], verified: Proof | None
) -> Setup:
    """Takes in what calls of an environment have proven; whether the events are right counts only in its turn."""
    here = setup.env(env)
    here = Environment(
        {n: replace(s, seen=sources.get(n, s.seen)) for n, s in here.sources.items()},
        {n: replace(d, seen=destinations.get(n, d.seen)) for n, d in here.destinations.items()},
    )
    setup = _with_env(setup, env, here)
    course = setup.course
    if course is None or verified is None:
        return setup
    return _with_course(setup, replace(course, **{env.value: verified}))


def _publish(setup: Setup, mark: Mark) -> Setup:
    course = _course(setup)
    if course.published is not None:
        raise UsageError(f"{course.use_case} was published by {course.published.by} on {course.published.on} already")
    if course.dev is None:
        raise UsageError(f"{course.use_case} is not verified in dev yet, which comes before: uclint checklist")
    for kind in ("sources", "destinations"):
        if not any(entry.seen or entry.confirmed for entry in getattr(setup.prod, kind).values()):
            raise UsageError(f"prod has no {kind} that are connected yet, which comes before: uclint checklist")
    return _with_course(setup, replace(course, published=mark))


def _course(setup: Setup) -> Course:
    if setup.course is None:
        raise UsageError(
            "no use case is chosen yet: uclint init -u USE_CASE (uclint recommend PATH says which is near)"
        )
    return setup.course


def _ready(setup: Setup, env: Env) -> None:
    """Whether it is the turn of an environment's sources and destinations."""
    course = _course(setup)
    if course.reviewed is None:
        raise UsageError(
            f"review the events of {course.use_case} first: uclint show {course.use_case}, then --reviewed"
        )
    if env is Env.PROD and course.dev is None and not any(c.prod for c in setup.courses):
        raise UsageError(f"{course.use_case} is not verified in dev yet, which comes before prod: uclint checklist")


def _new_name(setup: Setup, name: str) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a name: at most 64 letters, digits, spaces, dots, _ and -")
    for env in Env:
        for kind in ("sources", "destinations"):
            if name in getattr(setup.env(env), kind):
                raise UsageError(f"{name} is the name of one of the {kind} of {env.value} already; take another")
    if name == PUBLISHED:
        raise UsageError(f"{name} is the name of a step; take another")


def _one_of(kind: str, known: Sequence[str], what: str) -> str:
    for one in known:
        if one.casefold() == kind.casefold():
            return one
    near = nearest(kind, known)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"there is no type of {what} {kind!r}; {hint}")


def _with_course(setup: Setup, course: Course) -> Setup:
    return replace(setup, courses=(*setup.courses[:-1], course))


def _with_env(setup: Setup, env: Env, environment: Environment) -> Setup:
    return replace(setup, dev=environment) if env is Env.DEV else replace(setup, prod=environment)
