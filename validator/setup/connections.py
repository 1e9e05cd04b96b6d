"""Adds, changes and removes sources and destinations. Each action returns a new setup, or says why it is not allowed.

A proof holds only while the source or destination stays as it was: changing what the proof depends on drops it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES
from validator.errors import UsageError
from validator.setup.read_setup import NAME, POINTER
from validator.setup.state import Destination, Env, Environment, Setup, Source
from validator.setup.transitions import PUBLISHED, current, with_env
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from validator.setup.state import Mark

replace = msgspec.structs.replace


def add_source(
    setup: Setup, env: Env, name: str, kind: str, mark: Mark, when: Mapping[str, Sequence[str]] | None = None
) -> Setup:
    """Adds a source to an environment, or changes the one of that name; then its proof is dropped.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of SOURCE_TYPES.
        mark: Who does it, and when.
        when: JSON pointers, each with the texts its calls may have there; None for no rule, or the one it has.
    """
    check_env(setup, env)
    here = setup.env(env)
    before = here.sources.get(name)
    if before is None:
        check_name(setup, name)
    for pointer in when or {}:
        if not POINTER.fullmatch(pointer):
            raise UsageError(f"{pointer!r} is not a JSON pointer such as /context/library/name")
    rule = {pointer: tuple(texts) for pointer, texts in when.items()} if when else dict(before.when if before else {})
    source = Source(name, _one_of(kind, SOURCE_TYPES, "source"), mark, rule)
    if before and (before.type, before.when) == (source.type, source.when):
        return setup
    return with_env(setup, env, replace(here, sources={**here.sources, name: source}))


def add_destination(
    setup: Setup, env: Env, name: str, kind: str, sources: Iterable[str], integration: str | None, mark: Mark
) -> Setup:
    """Adds a destination to an environment, or changes the one of that name.

    Then its proof is dropped, unless it only gets further sources.

    Args:
        setup: The setup.
        env: The environment.
        name: Its name in the workspace.
        kind: One of DESTINATION_TYPES.
        sources: Names of the sources of the same environment that feed it.
        integration: Its name in `integrations` of calls; None for the one it has, or its own name.
        mark: Who does it, and when.
    """
    check_env(setup, env)
    here = setup.env(env)
    before = here.destinations.get(name)
    if before is None:
        check_name(setup, name)
    fed = tuple(dict.fromkeys(sources))
    for source in fed:
        _existing(setup, env, "sources", source)
    called = integration or (before.integration if before else name)
    entry = Destination(name, _one_of(kind, DESTINATION_TYPES, "destination"), fed, called, mark)
    if before and (before.type, before.integration) == (entry.type, entry.integration):
        if set(before.sources) == set(fed):
            return setup
        if set(before.sources) < set(fed):
            entry = replace(entry, seen=before.seen, confirmed=before.confirmed)
    return with_env(setup, env, replace(here, destinations={**here.destinations, name: entry}))


def rename(setup: Setup, env: Env, old: str, new: str) -> Setup:
    """Renames a source or destination; everything else stays."""
    check_env(setup, env)
    check_name(setup, new)
    here = setup.env(env)
    sources = {
        (new if name == old else name): replace(source, name=new) if name == old else source
        for name, source in here.sources.items()
    }
    destinations = {
        (new if name == old else name): replace(
            entry,
            name=new if name == old else name,
            sources=tuple(new if source == old else source for source in entry.sources),
        )
        for name, entry in here.destinations.items()
    }
    return with_env(setup, env, Environment(sources, destinations))


def remove_source(setup: Setup, env: Env, name: str, mark: Mark) -> Setup:
    """Removes a source. Destinations that it feeds lose it; refused where it is the only one that feeds one."""
    _existing(setup, env, "sources", name)
    here = setup.env(env)
    fed = [entry for entry in here.destinations.values() if name in entry.sources]
    if alone := [entry.name for entry in fed if len(entry.sources) == 1]:
        them = "it" if len(alone) == 1 else "them"
        raise UsageError(
            f"{name} is the only source of {', '.join(alone)}; feed {them} from another one (--destination), or remove "
            f"{them} as well (--remove-destination)"
        )
    without = {
        entry.name: Destination(
            entry.name, entry.type, tuple(s for s in entry.sources if s != name), entry.integration, mark
        )
        for entry in fed
    }
    sources = {key: source for key, source in here.sources.items() if key != name}
    return with_env(setup, env, replace(here, sources=sources, destinations={**here.destinations, **without}))


def remove_destination(setup: Setup, env: Env, name: str) -> Setup:
    """Removes a destination."""
    _existing(setup, env, "destinations", name)
    here = setup.env(env)
    rest = {key: entry for key, entry in here.destinations.items() if key != name}
    return with_env(setup, env, replace(here, destinations=rest))


def check_env(setup: Setup, env: Env) -> None:
    """Checks that sources and destinations of an environment may be set up yet."""
    rollout = current(setup)
    if rollout.reviewed is None:
        raise UsageError(
            f"review the events of {rollout.use_case} first: uclint show {rollout.use_case}, then --reviewed"
        )
    if env is Env.PROD and rollout.dev is None and not any(c.prod for c in setup.rollouts):
        raise UsageError(f"{rollout.use_case} must be verified in dev before prod: uclint checklist")


def check_name(setup: Setup, name: str) -> None:
    """Checks that a new source or destination may have this name."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is not a valid name: write at most 64 letters, digits, spaces, dots, _ and -, a letter or digit "
            "first"
        )
    for env in Env:
        for kind in ("sources", "destinations"):
            if name in getattr(setup.env(env), kind):
                raise UsageError(f"{name} is already the name of one of the {kind} of {env.value}; choose another")
    if name == PUBLISHED:
        raise UsageError(f"{name} is the name of a step; choose another")


def _existing(setup: Setup, env: Env, kind: str, name: str) -> None:
    """Checks that an environment has a source or destination."""
    here: Collection[str] = getattr(setup.env(env), kind)
    if name in here:
        return
    what, other = kind.removesuffix("s"), Env.PROD if env is Env.DEV else Env.DEV
    if name in getattr(setup.env(other), kind):
        raise UsageError(f"{name} is not a {what} of {env.value} but of {other.value}: each environment has its own")
    near = nearest(name, list(here))
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(here) or 'none yet'}"
    raise UsageError(f"{env.value} has no {what} {name!r}; {hint}")


def _one_of(kind: str, known: Sequence[str], what: str) -> str:
    for one in known:
        if one.casefold() == kind.casefold():
            return one
    near = nearest(kind, known)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"there is no type of {what} {kind!r}; {hint}")
