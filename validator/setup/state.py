"""Where a setup stands, as the file of the repository keeps it."""

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
    """The two environments, each with sources and destinations of its own."""

    DEV = "dev"
    PROD = "prod"


class Mark(msgspec.Struct, frozen=True):
    """Something that somebody did, or vouches for.

    Attributes:
        on: The day.
        by: Who.
    """

    on: date
    by: str


class Proof(msgspec.Struct, frozen=True):
    """What calls have proven.

    Attributes:
        on: The day they were looked at.
        calls: How many of them prove it.
        libraries: The libraries that sent them.
        first: The time of the first of them, in UTC.
        last: The time of the last of them.
    """

    on: date
    calls: int
    libraries: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None


class Source(msgspec.Struct, frozen=True):
    """A source of an environment.

    Attributes:
        name: Its name in the workspace.
        type: One of SOURCE_TYPES.
        added: Who named it.
        when: A rule that tells its calls: JSON pointers, and the texts of which each must have one.
        seen: Its calls, once some were seen.
        confirmed: Who vouches that it is connected, where no call can tell.
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
        integration: What calls name it in `integrations`.
        added: Who named it.
        seen: Calls that select it, once some were seen.
        confirmed: Who vouches that it is connected, where no call names it.
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


class Course(msgspec.Struct, frozen=True):
    """One use case on its way.

    Attributes:
        use_case: `goal/use-case`.
        chosen: Who chose it.
        reviewed: Who reviewed its events.
        dev: The proof that its events are right in dev.
        published: Who published it to prod.
        prod: The proof that its events are right in prod.
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
        courses: The use cases in the order they were taken; all but the last are in prod.
        dev: What dev consists of.
        prod: What prod consists of.
    """

    courses: tuple[Course, ...] = ()
    dev: Environment = Environment()
    prod: Environment = Environment()

    @property
    def course(self) -> Course | None:
        """The use case that is under way, or was last."""
        return self.courses[-1] if self.courses else None

    def env(self, env: Env) -> Environment:
        """One of the environments."""
        return self.dev if env is Env.DEV else self.prod
