"""Blocks of whole physical lines over one reused buffer, in memory that does not grow with the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.source import Source

# Measured: larger reads cost a third of the speed in page faults.
BLOCK = 1 << 16


class Block(NamedTuple):
    """Some whole lines.

    Attributes:
        byte: Offset of the first line.
        data: The lines with their LFs; only the last line of an input may lack its LF. Empty for one line that
            was longer than the limit and was skipped.
    """

    byte: int
    data: bytes


def _forget(piece: bytes) -> None:
    """Ignores skipped lines."""


def line_blocks(
    source: Source, *, start: int, max_line: int, passed_over: Callable[[bytes], None] = _forget
) -> Iterator[Block]:
    """Yields every line of `source`, whole, in order.

    A line longer than `max_line` bytes may still be yielded with its text (if it fits the buffer); a longer one is
    skipped and yielded without.

    Args:
        source: The source of bytes.
        start: The offset of its first byte.
        max_line: Longest line to keep, in bytes without its LF.
        passed_over: Called with each piece of a longer line, the last with its LF.
    """
    buffer, filled, byte = bytearray(BLOCK), 0, start
    while count := source.readinto(memoryview(buffer)[filled : filled + BLOCK]):
        end = filled + count
        cut = buffer.rfind(b"\n", filled, end) + 1
        if cut and len(buffer) > BLOCK:
            # A long line, and what was read with its end. The buffer is yielded first, so only the line itself is long.
            cut = buffer.find(b"\n", filled, end) + 1
            line, rest = bytes(memoryview(buffer)[:cut]), buffer[cut:end]
            buffer = bytearray(BLOCK)
            yield Block(byte, line)
            byte += cut
            del line
            if cut := rest.rfind(b"\n") + 1:
                yield Block(byte, bytes(rest[:cut]))
            byte, filled = byte + cut, len(rest) - cut
            buffer[:filled] = rest[cut:]
        elif cut:
            yield Block(byte, bytes(memoryview(buffer)[:cut]))
            rest = buffer[cut:end]
            byte, filled = byte + cut, len(rest)
            buffer[:filled] = rest
        elif end < len(buffer):
            filled = end
        elif end <= max_line:
            buffer += bytes(min(len(buffer), max_line + 1 - end))
            filled = end
        else:
            passed_over(bytes(memoryview(buffer)[:end]))
            yield Block(byte, b"")
            byte, beyond = _after_line(source, buffer, byte + end, passed_over)
            # The rest may hold whole lines, which must not wait for the next read.
            if cut := beyond.rfind(b"\n") + 1:
                yield Block(byte, beyond[:cut])
            byte, filled = byte + cut, len(beyond) - cut
            buffer = bytearray(BLOCK)
            buffer[:filled] = beyond[cut:]
    if filled:
        line = bytes(memoryview(buffer)[:filled])
        del buffer
        yield Block(byte, line)


def _after_line(
    source: Source, buffer: bytearray, byte: int, passed_over: Callable[[bytes], None]
) -> tuple[int, bytes]:
    """Skips to after the LF of a long line; returns the offset there and the bytes read beyond."""
    view = memoryview(buffer)[:BLOCK]
    while count := source.readinto(view):
        if cut := buffer.find(b"\n", 0, count) + 1:
            passed_over(bytes(view[:cut]))
            return byte + cut, bytes(view[cut:count])
        passed_over(bytes(view[:count]))
        byte += count
    return byte, b""
