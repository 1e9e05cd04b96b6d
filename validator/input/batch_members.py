"""Where the members of a batch stand in its text, so that it can be cut between two of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPACE = " \t\r\n"

# The values are not wanted, only where they end; a number may have more digits than Python takes.
_value_at = json.JSONDecoder(parse_int=len, parse_float=len).raw_decode


class BatchText(NamedTuple):
    """A batch, and where its members stand.

    Attributes:
        text: The JSON object.
        spans: Where each member starts and ends in it.
    """

    text: str
    spans: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, data: bytes) -> BatchText:
        """That of a line that is a batch; of several arrays by that name, the last counts."""
        text = data.decode()
        spans: list[tuple[int, int]] = []
        at = _after_space(text, _after_space(text, 0) + 1)
        while text[at] != "}":
            key, at = _value_at(text, at)
            at = _after_space(text, _after_space(text, at) + 1)  # the colon is between
            if key == "batch" and text[at] == "[":
                spans, at = _members(text, at)
            else:
                _, at = _value_at(text, at)
            at = _after_comma(text, at)
        return cls(text, spans)

    def only(self, start: int, end: int) -> bytes:
        """The batch with the members from one up to another; at least one."""
        text, spans = self.text, self.spans
        return (text[: spans[0][0]] + text[spans[start][0] : spans[end - 1][1]] + text[spans[-1][1] :]).encode()


def _members(text: str, at: int) -> tuple[list[tuple[int, int]], int]:
    """Where the elements of an array stand, and where it ends."""
    spans = []
    at = _after_space(text, at + 1)
    while text[at] != "]":
        _, end = _value_at(text, at)
        spans.append((at, end))
        at = _after_comma(text, end)
    return spans, at + 1


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _after_space(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at
