"""Locates the members of a batch in its text, so that it can be split between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.input.json_spans import Span, content_start, item_groups, items, key_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BATCH = "batch"

SHARED = ("context", "integrations")
"""Keys of a batch whose objects are merged into each member."""

GROUP = 1 << 15
"""Bytes of members scanned together; none of them can exceed the limit of a call."""

_AFTER_MEMBER = b" \t\r\n,"

_LONGEST_KEY = max(map(len, (BATCH, *SHARED)))


class BatchText(NamedTuple):
    """A batch, with the spans of its parts.

    Attributes:
        text: The JSON object.
        array: Start and end of the array of members.
        shared: Spans of the objects that the members share, by key.
    """

    text: bytes
    array: Span
    shared: Mapping[str, Span]

    @classmethod
    def of(cls, data: bytes) -> BatchText | None:
        """Parses a JSON object; None if it is not a batch. Of several values under one key, the last counts."""
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
        """The members in groups of bounded size; a larger member is alone in its group."""
        return item_groups(self.text, self.array[0], GROUP)

    def members(self, group: Span) -> Sequence[Span]:
        """The members of a group."""
        return list(items(self.text, group))

    def only(self, start: int, end: int) -> bytes:
        """The batch with only the members between two offsets, at least one."""
        text, opening, closing = memoryview(self.text), self.array[0] + 1, self.array[1] - 1
        while text[end - 1] in _AFTER_MEMBER:
            end -= 1
        return b"".join((text[:opening], text[start:end], text[closing:]))
