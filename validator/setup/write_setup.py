"""Writes a setup as TOML that people read, commit and compare: always in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli_w
from msgspec.structs import asdict

from validator.setup.state import VERSION, Env, Proof

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.setup.state import Destination, Environment, Mark, Rollout, Setup, Source

_HEAD = """\
# Where the guided setup stands: `uclint checklist` says what comes next. Commit this file.
# uclint rewrites it at every step; comments are lost.
"""


def write_setup(setup: Setup) -> str:
    """The content of the file."""
    document = {
        "version": VERSION,
        "use_case": [_rollout(rollout) for rollout in setup.rollouts],
        **{env.value: _environment(setup.env(env)) for env in Env},
    }
    text = tomli_w.dumps({key: value for key, value in document.items() if value})
    return _HEAD + text.encode("utf-8", "replace").decode()


def _rollout(rollout: Rollout) -> dict[str, Any]:
    facts = {
        "chosen": rollout.chosen,
        "reviewed": rollout.reviewed,
        "verified_in_dev": rollout.dev,
        "published": rollout.published,
        "verified_in_prod": rollout.prod,
    }
    return {"id": rollout.use_case, **_facts(facts)}


def _environment(environment: Environment) -> dict[str, Any]:
    found = {
        "sources": {name: _source(source) for name, source in environment.sources.items()},
        "destinations": {name: _destination(one) for name, one in environment.destinations.items()},
    }
    return {key: value for key, value in found.items() if value}


def _source(source: Source) -> dict[str, Any]:
    when = {"when": dict(source.when)} if source.when else {}
    facts = {"added": source.added, "seen": source.seen, "confirmed": source.confirmed}
    return {"type": source.type, **when, **_facts(facts)}


def _destination(destination: Destination) -> dict[str, Any]:
    facts = {"added": destination.added, "seen": destination.seen, "confirmed": destination.confirmed}
    return {
        "type": destination.type,
        "from": destination.sources,
        "integration": destination.integration,
        **_facts(facts),
    }


def _facts(facts: Mapping[str, Mark | Proof | None]) -> dict[str, Any]:
    return {name: _fact(fact) for name, fact in facts.items() if fact is not None}


def _fact(fact: Mark | Proof) -> dict[str, Any]:
    found = {key: value for key, value in asdict(fact).items() if value not in (None, ())}
    if isinstance(fact, Proof):
        found |= {key: found[key].replace(microsecond=0) for key in ("first", "last") if key in found}
    return found
