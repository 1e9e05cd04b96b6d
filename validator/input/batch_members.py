"""Where the members of a batch stand in its text, so that it can be cut between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.input.json_spans import Span, content_start, item_groups, items, key_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BATCH = "batch"

SHARED = ("context", "integrations")
"""What the members of a batch share: the outer objects under these keys are merged into each."""

GROUP = 1 << 15
"""Bytes of members that are looked at together; in so few none can be larger than a call may be."""

_AFTER_MEMBER = b" \t\r\n,"

_LONGEST_KEY = max(map(len, (BATCH, *SHARED)))


class BatchText(NamedTuple):
    """A batch, and where its parts stand.

    Attributes:
        text: The JSON object.
        array: Where the array of members starts and ends.
        shared: Where the objects stand that the members share, by their keys.
    """

    text: bytes
    array: Span
    shared: Mapping[str, Span]

    @classmethod
    def of(cls, data: bytes) -> BatchText | None:
        """That of a JSON object; None if it is no batch. Of several values under one key, the last counts."""
        found: dict[str, Span] = {}
        for key, value in members(data, content_start(data)):
            name = key_name(data, key, _LONGEST_KEY)
            if name == BATCH or name in SHARED:
                found[name] = value
        array = found.pop(BATCH, None)
        if array is None or not data.startswith(b"[", array[0]):
            return None
        return cls(data, array, {name: span for name, span in found.items() if data.startswith(b"{", span[0])})

    def groups(self) -> Iterator[Span]:
        """The members in groups of bounded size; only one that is larger is alone."""
        return item_groups(self.text, self.array[0], GROUP)

    def members(self, group: Span) -> Sequence[Span]:
        """The members of a group."""
        return list(items(self.text, group))

    def only(self, start: int, end: int) -> bytes:
        """The batch with the members from where one starts up to where another ends; at least one."""
        text, opening, closing = memoryview(self.text), self.array[0] + 1, self.array[1] - 1
        while text[end - 1] in _AFTER_MEMBER:
            end -= 1
        return b"".join((text[:opening], text[start:end], text[closing:]))
