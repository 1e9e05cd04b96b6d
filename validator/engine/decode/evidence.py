"""Protocols for evidence gathered while calls are read for plans, so that they are decoded once for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from validator.engine.decode.call import Call
    from validator.engine.decode.key_paths import KeyPath


class Evidence(Protocol):
    """Evidence from some calls. It pickles, and adds up in any order."""

    def plus(self, other: Self) -> Self:
        """The sum; neither operand changes."""

    def add_alike(
        self, values: Mapping[KeyPath, Any], event: str | None, calls: int, times: tuple[datetime, datetime] | None
    ) -> None:
        """Adds calls that are alike.

        Args:
            values: Those at `EvidenceSource.texts` that are texts, and for each field that is read whole and an object,
                its keys, with true, false, an empty object for any object, or None.
            event: What `EvidenceSource.watched` returns for them.
            calls: How many there are.
            times: The first and the last time; None if none of them has one.
        """

    def add_identity(self, text: str) -> None:
        """Adds the message id of a call of a watched event."""

    @property
    def largest(self) -> int:
        """Message ids with a larger CRC-32 are not wanted, unless they are looked for."""


class EvidenceSource(Protocol):
    """What to gather from each call. It pickles, so that every worker can gather it."""

    @property
    def paths(self) -> Iterable[KeyPath]:
        """The values it reads: paths from the top of a call."""

    @property
    def whole(self) -> Iterable[str]:
        """Top-level fields it reads whole; of objects only the keys matter, and whether a value is true, or false."""

    @property
    def texts(self) -> Sequence[KeyPath]:
        """Paths of values that matter only if they are texts, apart from times and what `watched` is about."""

    @property
    def numbers(self) -> frozenset[int]:
        """The CRC-32 of message ids that are looked for."""

    def watched(self, kind: str, event: Any) -> str | None:
        """What calls of a type and an event are watched as; None if their message ids do not matter."""

    def gather(
        self, attributes: Mapping[str, str], paths: Iterable[KeyPath]
    ) -> tuple[Evidence, Callable[[Call], None]]:
        """Starts gathering.

        Args:
            attributes: Top-level field -> the attribute of a call that holds it.
            paths: All paths that are decoded.

        Returns:
            Empty evidence, and a function that adds a call to it.
        """
