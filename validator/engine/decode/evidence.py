"""What else is gathered of each call, while it is read for the plans: the calls are decoded once for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.engine.decode.call import Call
    from validator.engine.decode.key_paths import KeyPath


class Evidence(Protocol):
    """What was gathered of some calls. It pickles, and adds up whatever the order."""

    def plus(self, other: Self) -> Self:
        """Both together; neither changes."""
        ...


class EvidenceSource(Protocol):
    """What is to be gathered of each call. It pickles, so that every worker gathers it."""

    @property
    def paths(self) -> Iterable[KeyPath]:
        """The values that it reads: keys from the top of a call."""
        ...

    @property
    def whole(self) -> Iterable[str]:
        """Top-level fields of which it reads everything."""
        ...

    def gather(
        self, attributes: Mapping[str, str], paths: Iterable[KeyPath]
    ) -> tuple[Evidence, Callable[[Call], None]]:
        """Begins to gather.

        Args:
            attributes: Top-level field -> the attribute of a call that holds it.
            paths: All paths that are decoded.

        Returns:
            The evidence, empty, and what adds a call to it.
        """
        ...
