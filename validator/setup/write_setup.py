"""Writes a setup as TOML to read, commit and diff: one fact a line, in a fixed order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.setup.state import VERSION, Env, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from validator.setup.state import Destination, Environment, Mark, Rollout, Setup, Source

_HEAD = """\
# Where the guided setup stands: `uclint checklist` says what comes next. Commit this file.
# uclint rewrites it at every step; comments are lost.
"""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


def write_setup(setup: Setup) -> str:
    """The content of the file."""
    parts = [_HEAD + f"version = {VERSION}"]
    parts += ["\n".join(_rollout(rollout)) for rollout in setup.rollouts]
    for env in Env:
        parts += ["\n".join(part) for part in _environment(env, setup.env(env))]
    return "\n\n".join(parts) + "\n"


def _rollout(rollout: Rollout) -> Iterator[str]:
    yield "[[use_case]]"
    yield f"id = {text(rollout.use_case)}"
    yield from _facts(
        {
            "chosen": rollout.chosen,
            "reviewed": rollout.reviewed,
            "verified_in_dev": rollout.dev,
            "published": rollout.published,
            "verified_in_prod": rollout.prod,
        }
    )


def _environment(env: Env, environment: Environment) -> Iterator[Iterator[str]]:
    for source in environment.sources.values():
        yield _source(f"[{env.value}.sources.{_key(source.name)}]", source)
    for destination in environment.destinations.values():
        yield _destination(f"[{env.value}.destinations.{_key(destination.name)}]", destination)


def _source(title: str, source: Source) -> Iterator[str]:
    yield title
    yield f"type = {text(source.type)}"
    if source.when:
        members = (f"{_key(pointer)} = {_list(texts)}" for pointer, texts in source.when.items())
        yield f"when = {{{', '.join(members)}}}"
    yield from _facts({"added": source.added, "seen": source.seen, "confirmed": source.confirmed})


def _destination(title: str, destination: Destination) -> Iterator[str]:
    yield title
    yield f"type = {text(destination.type)}"
    yield f"from = {_list(destination.sources)}"
    yield f"integration = {text(destination.integration)}"
    yield from _facts({"added": destination.added, "seen": destination.seen, "confirmed": destination.confirmed})


def _facts(facts: Mapping[str, Mark | Proof | None]) -> Iterator[str]:
    for name, fact in facts.items():
        if isinstance(fact, Proof):
            yield f"{name} = {{{', '.join(_proof(fact))}}}"
        elif fact is not None:
            yield f"{name} = {{on = {fact.on.isoformat()}, by = {text(fact.by)}}}"


def _proof(proof: Proof) -> Iterator[str]:
    yield f"on = {proof.on.isoformat()}"
    yield f"calls = {proof.calls}"
    if proof.libraries:
        yield f"libraries = {_list(proof.libraries)}"
    for name, moment in (("first", proof.first), ("last", proof.last)):
        if moment is not None:
            yield f"{name} = {_moment(moment)}"


def _moment(moment: datetime) -> str:
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}Z"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(text, texts))}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else text(name)


def text(content: str) -> str:
    """A basic string of TOML."""
    sound = content.encode("utf-8", "replace").decode()
    return (
        '"'
        + _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] not in '"\\' else f"\\{found[0]}", sound)
        + '"'
    )
