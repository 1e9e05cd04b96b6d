"""The guided setup as a state machine: each action returns a new setup, or says why it is not allowed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES
from validator.errors import UsageError
from validator.setup.libraries import DETECTED_BY_LIBRARY
from validator.setup.read_setup import NAME, POINTER
from validator.setup.state import Destination, Env, Environment, Rollout, Setup, Source
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from validator.catalog import UseCase
    from validator.setup.state import Mark, Proof

replace = msgspec.structs.replace

PUBLISHED = "published"
"""The name that confirms the step `published`; sources and destinations are confirmed by their own names."""


def choose(setup: Setup, use_case: UseCase, mark: Mark) -> Setup:
    """Chooses a use case. Not allowed while one with reviewed events is on its way to prod."""
    rollout = setup.rollout
    if rollout is None or rollout.prod is not None:
        if any(c.use_case == use_case.id for c in setup.rollouts):
            raise UsageError(f"{use_case.id} is verified in prod already; uclint checklist shows it")
        return replace(setup, rollouts=(*setup.rollouts, Rollout(use_case.id, mark)))
    if rollout.use_case == use_case.id:
        return setup
    if rollout.reviewed is not None:
        raise UsageError(
            f"the events of {rollout.use_case} are reviewed, so the use case is fixed until it is in prod; "
            f"uclint init --reset says what choosing another would lose"
        )
    return replace(setup, rollouts=(*setup.rollouts[:-1], Rollout(use_case.id, mark)))


def review(setup: Setup, mark: Mark) -> Setup:
    """Records that the events of the chosen use case were reviewed."""
    rollout = _rollout(setup)
    if rollout.reviewed is not None:
        raise UsageError(
            f"the events of {rollout.use_case} were reviewed by {rollout.reviewed.by} on {rollout.reviewed.on} already"
        )
    return _with_rollout(setup, replace(rollout, reviewed=mark))


def losses(setup: Setup) -> tuple[str, ...]:
    """What a reset would lose; empty where it would change nothing."""
    rollout = setup.rollout
    if rollout is None or rollout.prod is not None:
        return ()
    lost = [f"the choice of {rollout.use_case}, by {rollout.chosen.by} on {rollout.chosen.on}"]
    if rollout.reviewed:
        lost.append(f"the review of its events, by {rollout.reviewed.by} on {rollout.reviewed.on}")
    if rollout.dev:
        lost.append(f"the proof of {rollout.dev.on} that its events are right in dev ({rollout.dev.calls:,} calls)")
    if rollout.published:
        lost.append(f"that it was published to prod, by {rollout.published.by} on {rollout.published.on}")
    return tuple(lost)


def reset(setup: Setup) -> Setup:
    """Drops the current use case; sources, destinations and use cases in prod are kept."""
    return replace(setup, rollouts=setup.rollouts[:-1]) if losses(setup) else setup


def add_source(
    setup: Setup, env: Env, name: str, kind: str, mark: Mark, when: Mapping[str, Sequence[str]] | None = None
) -> Setup:
    """Adds a source to an environment.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of SOURCE_TYPES.
        mark: Who adds it, and when.
        when: JSON pointers, each with the texts its calls may have there.
    """
    _ready(setup, env)
    _new_name(setup, name)
    for pointer in when or {}:
        if not POINTER.fullmatch(pointer):
            raise UsageError(f"{pointer!r} is not a JSON pointer such as /context/library/name")
    rule = {pointer: tuple(texts) for pointer, texts in (when or {}).items()}
    source = Source(name, _one_of(kind, SOURCE_TYPES, "source"), mark, rule)
    here = setup.env(env)
    return _with_env(setup, env, replace(here, sources={**here.sources, name: source}))


def add_destination(
    setup: Setup, env: Env, name: str, kind: str, sources: Iterable[str], integration: str, mark: Mark
) -> Setup:
    """Adds a destination to an environment, with the sources that feed it.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of DESTINATION_TYPES.
        sources: Names of sources of the same environment.
        integration: Its name in `integrations` of calls.
        mark: Who adds it, and when.
    """
    _ready(setup, env)
    _new_name(setup, name)
    here = setup.env(env)
    fed = tuple(sources)
    for source in fed:
        if source not in here.sources:
            other = setup.env(Env.PROD if env is Env.DEV else Env.DEV)
            if source in other.sources:
                raise UsageError(f"{source} is not a source of {env.value}: each environment has its own")
            near = nearest(source, list(here.sources))
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(here.sources) or 'none yet'}"
            raise UsageError(f"{env.value} has no source {source!r}; {hint}")
    destination = Destination(name, _one_of(kind, DESTINATION_TYPES, "destination"), fed, integration, mark)
    return _with_env(setup, env, replace(here, destinations={**here.destinations, name: destination}))


def confirm(setup: Setup, name: str, mark: Mark) -> Setup:
    """Confirms by hand what calls cannot prove: `published`, a source or a destination."""
    if name == PUBLISHED:
        return _publish(setup, mark)
    for env in Env:
        here = setup.env(env)
        if name in here.sources:
            source = here.sources[name]
            if source.when or source.type in DETECTED_BY_LIBRARY:
                raise UsageError(
                    f"calls prove whether {name} is connected, so it is not confirmed by hand: "
                    f"uclint checklist --env {env.value} PATH"
                )
            sources = {**here.sources, name: replace(source, confirmed=mark)}
            return _with_env(setup, env, replace(here, sources=sources))
        if name in here.destinations:
            destinations = {**here.destinations, name: replace(here.destinations[name], confirmed=mark)}
            return _with_env(setup, env, replace(here, destinations=destinations))
    names = [PUBLISHED, *(n for env in Env for n in (*setup.env(env).sources, *setup.env(env).destinations))]
    near = nearest(name, names)
    hint = f"did you mean {near[0]}?" if near else f"you can mark: {', '.join(names)}"
    raise UsageError(f"{name!r} cannot be marked done by hand; {hint}")


def prove(
    setup: Setup, env: Env, sources: Mapping[str, Proof], destinations: Mapping[str, Proof], verified: Proof | None
) -> Setup:
    """Records what calls of an environment prove. Verified events count only once the steps before are done."""
    here = setup.env(env)
    here = Environment(
        {n: replace(s, seen=sources.get(n, s.seen)) for n, s in here.sources.items()},
        {n: replace(d, seen=destinations.get(n, d.seen)) for n, d in here.destinations.items()},
    )
    setup = _with_env(setup, env, here)
    rollout = setup.rollout
    if rollout is None or verified is None:
        return setup
    return _with_rollout(setup, replace(rollout, **{env.value: verified}))


def _publish(setup: Setup, mark: Mark) -> Setup:
    rollout = _rollout(setup)
    if rollout.published is not None:
        raise UsageError(
            f"{rollout.use_case} was already published by {rollout.published.by} on {rollout.published.on}"
        )
    if rollout.dev is None:
        raise UsageError(f"{rollout.use_case} is not verified in dev yet, which comes first: uclint checklist")
    for kind in ("sources", "destinations"):
        if not any(entry.seen or entry.confirmed for entry in getattr(setup.prod, kind).values()):
            raise UsageError(f"prod has no connected {kind} yet, which comes first: uclint checklist")
    return _with_rollout(setup, replace(rollout, published=mark))


def _rollout(setup: Setup) -> Rollout:
    if setup.rollout is None:
        raise UsageError("no use case is chosen yet: uclint init -u USE_CASE (uclint recommend PATH ranks them)")
    return setup.rollout


def _ready(setup: Setup, env: Env) -> None:
    """Checks that sources and destinations of an environment may be set up yet."""
    rollout = _rollout(setup)
    if rollout.reviewed is None:
        raise UsageError(
            f"review the events of {rollout.use_case} first: uclint show {rollout.use_case}, then --reviewed"
        )
    if env is Env.PROD and rollout.dev is None and not any(c.prod for c in setup.rollouts):
        raise UsageError(f"{rollout.use_case} must be verified in dev before prod: uclint checklist")


def _new_name(setup: Setup, name: str) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is not a valid name: at most 64 letters, digits, spaces, dots, _ and -")
    for env in Env:
        for kind in ("sources", "destinations"):
            if name in getattr(setup.env(env), kind):
                raise UsageError(f"{name} is already the name of one of the {kind} of {env.value}; choose another")
    if name == PUBLISHED:
        raise UsageError(f"{name} is the name of a step; choose another")


def _one_of(kind: str, known: Sequence[str], what: str) -> str:
    for one in known:
        if one.casefold() == kind.casefold():
            return one
    near = nearest(kind, known)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"there is no type of {what} {kind!r}; {hint}")


def _with_rollout(setup: Setup, rollout: Rollout) -> Setup:
    return replace(setup, rollouts=(*setup.rollouts[:-1], rollout))


def _with_env(setup: Setup, env: Env, environment: Environment) -> Setup:
    return replace(setup, dev=environment) if env is Env.DEV else replace(setup, prod=environment)
