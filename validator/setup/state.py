"""The state of a guided setup, as the setup file stores it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

FILE = "uclint-setup.toml"
VERSION = 1


class Env(StrEnum):
    """The two environments; each has its own sources and destinations."""

    DEV = "dev"
    PROD = "prod"


class Mark(msgspec.Struct, frozen=True):
    """Something that somebody did or confirmed by hand."""

    on: date
    by: str


class Proof(msgspec.Struct, frozen=True):
    """Proof by calls.

    Attributes:
        on: The day they were read.
        calls: How many of them prove it.
        libraries: The libraries that sent them.
        first: The time of the first of them, in UTC.
        last: The time of the last of them.
        fingerprints: Hashes of some of their message ids, which tell whether the same calls are read again.
    """

    on: date
    calls: int
    libraries: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    fingerprints: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """A source of an environment.

    Attributes:
        name: Its name in the workspace.
        type: One of SOURCE_TYPES.
        added: Who added it, and when.
        when: A rule that identifies its calls: JSON pointers, each with the texts it may have.
        seen: Its calls, once some were seen.
        confirmed: Who confirmed that it is connected, where no call can show it.
    """

    name: str
    type: str
    added: Mark
    when: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    seen: Proof | None = None
    confirmed: Mark | None = None


class Destination(msgspec.Struct, frozen=True):
    """A destination of an environment.

    Attributes:
        name: Its name in the workspace.
        type: One of DESTINATION_TYPES.
        sources: The names of the sources that feed it, at least one.
        integration: Its name in `integrations` of calls.
        added: Who added it, and when.
        seen: Calls that select it, once some were seen.
        confirmed: Who confirmed that it is connected, where no call names it.
    """

    name: str
    type: str
    sources: tuple[str, ...]
    integration: str
    added: Mark
    seen: Proof | None = None
    confirmed: Mark | None = None


class Environment(msgspec.Struct, frozen=True):
    """The sources and destinations of one environment, by name."""

    sources: Mapping[str, Source] = msgspec.field(default_factory=dict)
    destinations: Mapping[str, Destination] = msgspec.field(default_factory=dict)


class Rollout(msgspec.Struct, frozen=True):
    """The rollout of one use case to prod.

    Attributes:
        use_case: `goal/use-case`.
        chosen: Who chose it.
        reviewed: Who reviewed its events.
        dev: Proof that its events are right in dev.
        published: Who published it to prod.
        prod: Proof that its events are right in prod.
    """

    use_case: str
    chosen: Mark
    reviewed: Mark | None = None
    dev: Proof | None = None
    published: Mark | None = None
    prod: Proof | None = None


class Setup(msgspec.Struct, frozen=True):
    """The whole setup.

    Attributes:
        rollouts: The use cases in the order they were chosen; all but the last are in prod.
        dev: Sources and destinations of dev.
        prod: Sources and destinations of prod.
    """

    rollouts: tuple[Rollout, ...] = ()
    dev: Environment = Environment()
    prod: Environment = Environment()

    @property
    def rollout(self) -> Rollout | None:
        """The current use case: the last one chosen."""
        return self.rollouts[-1] if self.rollouts else None

    def verified_elsewhere(self, env: Env) -> Proof | None:
        """The proof that the events of the current use case are right in the other environment."""
        if self.rollout is None:
            return None
        return self.rollout.prod if env is Env.DEV else self.rollout.dev

    def env(self, env: Env) -> Environment:
        """The sources and destinations of an environment."""
        return self.dev if env is Env.DEV else self.prod
