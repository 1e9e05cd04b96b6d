"""Protocols for evidence gathered while calls are read for plans, so that they are decoded once for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.engine.decode.call import Call
    from validator.engine.decode.key_paths import KeyPath


class Evidence(Protocol):
    """Evidence from some calls. It pickles, and adds up in any order."""

    def plus(self, other: Self) -> Self:
        """The sum; neither operand changes."""


class EvidenceSource(Protocol):
    """What to gather from each call. It pickles, so that every worker can gather it."""

    @property
    def paths(self) -> Iterable[KeyPath]:
        """The values it reads: paths from the top of a call."""

    @property
    def whole(self) -> Iterable[str]:
        """Top-level fields it reads whole."""

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
