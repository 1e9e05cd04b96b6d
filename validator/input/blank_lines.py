"""White space between JSON texts, and runs of blank lines, which are counted at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# JSON white space; `\s` would also match vertical tabs and form feeds.
JSON_SPACE = b" \t\r\n"

# Shorter runs are faster line by line.
RUN = 16
_RUN = re.compile(rb"(?:\A|\n)[ \t\r\n]{%d,}+" % (RUN - 1))

_LINE_ENDS = b"\n" * (1 << 16)


class Part(NamedTuple):
    """Whole lines of a block.

    Attributes:
        start: Their start in the block.
        end: Their end.
        blank: The number of lines if all are blank, else 0.
    """

    start: int
    end: int
    blank: int


def parts(data: bytes, max_line: int) -> Iterator[Part]:
    """Splits the lines of a block, in order, into runs of blank lines and others.

    Args:
        data: Whole lines; only the last may lack its LF.
        max_line: A longer line is too long even if blank, so it is in no run.
    """
    done = 0
    for start, end in _runs(data):
        text = data[start:end]
        if len(text) > max_line and max(map(len, text.split(b"\n"))) > max_line:
            continue
        if start > done:
            yield Part(done, start, 0)
        yield Part(start, end, count_lines(text))
        done = end
    if done < len(data):
        yield Part(done, len(data), 0)


def _runs(data: bytes) -> Iterator[tuple[int, int]]:
    """Spans of consecutive blank lines."""
    if data and data == _LINE_ENDS[: len(data)]:  # comparing is a hundred times as fast as checking each byte
        yield 0, len(data)
        return
    for found in _RUN.finditer(data):
        start, end = found.span()
        start += start > 0  # the LF before it belongs to another line
        if end < len(data):
            end = data.rfind(b"\n", start, end) + 1  # the rest indents a line that is not blank
        if end > start:
            yield start, end


def count_lines(data: bytes) -> int:
    """Counts the lines of a text; the last may lack its LF."""
    if data == _LINE_ENDS[: len(data)]:
        return len(data)
    return data.count(b"\n") + (not data.endswith(b"\n"))
