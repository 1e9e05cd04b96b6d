"""Finds the call named by FILE:LINE[INDEX]."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validator.errors import UsageError
from validator.input.blank_lines import JSON_SPACE, count_lines
from validator.input.documents import Element, Elements
from validator.input.framing import Framing, detect, is_pasted
from validator.input.lines import line_blocks
from validator.input.tables.kinds import kind_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.input.lines import Block
    from validator.input.stream import Stream

_TARGET = re.compile(r"(?P<path>.+?)(?::(?P<line>[1-9]\d*)(?:\[(?P<index>\d+)\])?)?", re.DOTALL)


class Target(msgspec.Struct, frozen=True):
    """Names one call.

    Attributes:
        path: The file; `-` is standard input.
        line: The line it is on, from 1; None for the only call.
        index: Its index in a batch or an array, from 0; None for the only call there.
    """

    path: str
    line: int | None
    index: int | None


def read_target(text: str) -> Target:
    """Reads `FILE`, `FILE:LINE` or `FILE:LINE[INDEX]`."""
    found = _TARGET.fullmatch(text)
    if found is None:
        raise UsageError("name a call as FILE:LINE, or FILE:LINE[INDEX] inside a batch or an array")
    line, index = found["line"], found["index"]
    return Target(found["path"], int(line) if line else None, int(index) if index else None)


def sought(stream: Stream, target: Target, max_line: int) -> Element:
    """Finds the line or element that the target names.

    Args:
        stream: The input.
        target: Which one.
        max_line: Longest line to keep, in bytes.

    Raises:
        UsageError: There is none, or there are several.
    """
    found = _chosen(_records(stream, target, max_line), target)
    if found is None:
        where = f" on line {target.line}" if target.line else ""
        at = f" at [{target.index}]" if target.index is not None else ""
        why = f" ({stream.damage})" if stream.damage else ""
        raise UsageError(f"{target.path} has no call{where}{at}{why}")
    return found


def _records(stream: Stream, target: Target, max_line: int) -> Iterator[Element]:
    """The lines or elements that match the target."""
    if kind_of_table(stream.head) and stream.ranges is not None:
        yield from _rows(stream, target)
        return
    if detect(stream.head, is_all=stream.head_is_all) is Framing.DOCUMENTS:
        for element in Elements(stream, start=stream.size, max_element=max_line, pasted=is_pasted(stream.head)):
            lines = (element.data or b"").count(b"\n")
            if target.line is None or element.line <= target.line <= element.line + lines:
                yield element
            elif element.line > target.line:
                return
        return
    number = 1
    for block in line_blocks(stream, start=stream.size, max_line=max_line):
        lines = count_lines(block.data) if block.data else 1
        if target.line is None or number <= target.line < number + lines:
            yield from _lines(block, number, target)
        number += lines
        if target.line is not None and number > target.line:
            return


def _rows(stream: Stream, target: Target) -> Iterator[Element]:
    """The row that the target names; the first two if it names none."""
    from validator.input.tables.table import open_table  # noqa: PLC0415 - few read tables

    start = (target.line or 1) - 1
    row = start
    for block in open_table(stream).blocks(start, start + (1 if target.line else 2)):
        for text in block.data.removesuffix(b"\n").split(b"\n"):
            row += 1
            yield Element(block.byte, row, -1, text)


def _lines(block: Block, number: int, target: Target) -> Iterator[Element]:
    """The lines of a block that match the target; `number` is that of the first line."""
    if not block.data:
        yield Element(block.byte, number, -1, None)
        return
    byte = block.byte
    for line, text in enumerate(block.data.removesuffix(b"\n").split(b"\n"), number):
        if line == target.line or (target.line is None and text.strip(JSON_SPACE)):
            yield Element(byte, line, -1, text)
        byte += len(text) + 1


def _chosen(records: Iterator[Element], target: Target) -> Element | None:
    """The only match."""
    fitting = (record for record in records if target.index is None or record.position in (-1, target.index))
    first = next(fitting, None)
    if first is not None and target.index is None and next(fitting, None) is not None:
        which = f"{first.line}[{first.position}]" if first.position >= 0 else str(first.line)
        raise UsageError(f"several calls found; pick one, such as {target.path}:{which}")
    return first
