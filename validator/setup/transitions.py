"""The guided setup as a state machine: each action returns a new setup, or reports why it is not allowed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.errors import UsageError
from validator.setup.libraries import DETECTED_BY_LIBRARY
from validator.setup.state import Env, Environment, Rollout, Setup
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.catalog import UseCase
    from validator.setup.state import Mark, Proof

replace = msgspec.structs.replace

PUBLISHED = "published"
"""The name that confirms the step `published`; sources and destinations are confirmed by their own names."""


def choose(setup: Setup, use_case: UseCase, mark: Mark) -> Setup:
    """Chooses a use case. Not allowed while one with reviewed events is not in prod yet."""
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
    rollout = current(setup)
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
            return with_env(setup, env, replace(here, sources=sources))
        if name in here.destinations:
            destinations = {**here.destinations, name: replace(here.destinations[name], confirmed=mark)}
            return with_env(setup, env, replace(here, destinations=destinations))
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
    setup = with_env(setup, env, here)
    rollout = setup.rollout
    if rollout is None or verified is None:
        return setup
    return _with_rollout(setup, replace(rollout, **{env.value: verified}))


def _publish(setup: Setup, mark: Mark) -> Setup:
    rollout = current(setup)
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


def current(setup: Setup) -> Rollout:
    """The current use case; refuses where none is chosen."""
    if setup.rollout is None:
        raise UsageError("no use case is chosen yet: uclint init -u USE_CASE (uclint recommend PATH ranks them)")
    return setup.rollout


def _with_rollout(setup: Setup, rollout: Rollout) -> Setup:
    return replace(setup, rollouts=(*setup.rollouts[:-1], rollout))


def with_env(setup: Setup, env: Env, environment: Environment) -> Setup:
    """The setup with other sources and destinations of an environment."""
    return replace(setup, dev=environment) if env is Env.DEV else replace(setup, prod=environment)
