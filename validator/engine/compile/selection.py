"""The selection: which calls are judged, and fields to break counts down by."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the types
from typing import Final

import msgspec

from validator.engine.decode.key_paths import KeyPath, readable_key
from validator.errors import UsageError

DAY: Final = "day"
PROPERTIES: Final = "properties"
OWN_FIELDS: Final = ("type", "event")
TIMES: Final = ("timestamp", "receivedAt", "originalTimestamp", "sentAt")
IDS: Final = ("messageId", "userId", "anonymousId", "timestamp")


class Selection(msgspec.Struct, frozen=True):
    """Which calls are judged, and fields to break counts down by.

    Attributes:
        by: Fields to break counts down by: dotted paths, or `day`.
        events: Only track calls of these events are judged; all if there are none.
        types: Only calls of these types are judged; all if there are none.
        since: Only calls from this moment on.
        until: Only calls before this moment.
        sample: Only this share of the calls, chosen by a hash of the message id.
        limit: Only this number of calls, the first of those left by the other options.
    """

    by: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    sample: float = 1.0
    limit: int | None = None

    def __post_init__(self) -> None:
        """Checks that calls can be broken down by all fields."""
        for field in self.by:
            first = field.partition(".")[0]
            if first == "batch":
                raise UsageError(f"{field!r} cannot be broken down by: a batch is not a call, its members are")
            if not readable_key(first) or any("\ud800" <= c <= "\udfff" for c in field):
                raise UsageError(f"{field!r} is not a valid field: it has quotes, backslashes or invalid characters")

    @property
    def narrow(self) -> bool:
        """Whether it may leave calls out."""
        return self.selective or self.since is not None or self.until is not None

    @property
    def selective(self) -> bool:
        """Whether calls are left out by their content, so that unseen events mean nothing."""
        return bool(self.events or self.types) or self.sample < 1 or self.limit is not None

    @property
    def paths(self) -> tuple[KeyPath, ...]:
        """The paths to decode."""
        found = [(name,) for name in TIMES if DAY in self.by or self.since or self.until]
        found += [(name,) for name in IDS if self.sample < 1]
        paths = [*found, *(tuple(field.split(".")) for field in self.by if field != DAY)]
        return tuple(dict.fromkeys(p for p in paths if p[0] not in (*OWN_FIELDS, PROPERTIES)))

    @property
    def deep(self) -> bool:
        """Whether the content of properties' values matters."""
        return any(field.startswith(f"{PROPERTIES}.") and field.count(".") > 1 for field in self.by)
